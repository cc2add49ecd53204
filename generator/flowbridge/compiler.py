"""The pipeline on one screen: source, document, workflow, plan, artifacts."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from flowbridge.checker import Checked, check_path
from flowbridge.emit.app import emit_app
from flowbridge.emit.artifact import Artifact
from flowbridge.emit.connector import DEFINITION, emit_connector
from flowbridge.emit.connector_plan import ConnectorOptions
from flowbridge.emit.surface import LOCK, breaks, read_lock
from flowbridge.lint import lint_text
from flowbridge.plan.lower import lower
from flowbridge.text.diagnostic import CompileError, Diagnostic

# What an author's workflows can come to, and the platform refuses.
TOO_LARGE = frozenset(
    {
        "DefinitionTooLarge",
        "TotalOperationsCountExceedsMaxAllowed",
        "BodySchemaCountExceedsMaxAllowed",
        "SchemaTooDeep",
    }
)


@dataclass(frozen=True)
class Compiled:
    """What workflows become: the files of the app and of the connector, each relative to its folder."""

    app: tuple[Artifact, ...] = field(repr=False)
    connector: tuple[Artifact, ...] = field(repr=False)
    warnings: tuple[Diagnostic, ...] = ()


def compile_app(
    path: Path, shown: str | None = None, options: ConnectorOptions | None = None, *, release: bool = False
) -> Compiled:
    """Compiles a workflow file, or a folder of them as one app; CompileError if there are errors.

    The same files give the same bytes. `shown` is the path of a file in messages; `options` stand in for those of
    the settings; `release` refuses what is only fit for development.
    """
    checked = check_path(path, shown, release=release)
    plan = lower(checked.workflows, checked.activities, checked.settings)
    connector = emit_connector(plan, options)
    _check_connector(connector, checked)
    return Compiled(emit_app(plan, options), connector, checked.warnings)


def _check_connector(connector: tuple[Artifact, ...], checked: Checked) -> None:
    """Raises CompileError for a connector that is larger than the platform takes.

    Whatever else our own linter finds in it is a bug of ours: AssertionError.
    """
    definition = next(one.content for one in connector if one.path == DEFINITION)
    errors = [one for one in lint_text(definition) if one.severity == "error"]
    first, _ = checked.workflows[0]
    hint = "make two apps of the workflows, or give a workflow fewer approvals, events and fields"
    found = [
        Diagnostic("E503", first.name_span or first.span, f"the connector is too large: {one.message}", "", hint)
        for one in errors
        if one.rule in TOO_LARGE
    ]
    if found:
        raise CompileError(tuple(found))
    assert not errors, f"the connector is wrong: {'; '.join(map(str, errors))}"


def broken_flows(compiled: Compiled, connector: Path) -> tuple[str, ...]:
    """What the connector would break of flows that use the one in a folder; nothing where there is none yet."""
    path = connector / LOCK
    old = read_lock(path.read_bytes()) if path.is_file() else None
    new = read_lock(next(one.content for one in compiled.connector if one.path == LOCK))
    return () if old is None or new is None else tuple(str(one) for one in breaks(old, new))
