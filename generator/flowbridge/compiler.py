"""The pipeline on one screen: source, document, workflow, plan, artifacts."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path, PurePath

from flowbridge.checker import APP_FILE, Checked, check_path
from flowbridge.emit.app import emit_app
from flowbridge.emit.artifact import Artifact
from flowbridge.emit.connector.connector import DEFINITION, emit_connector
from flowbridge.emit.connector.plan import ConnectorOptions
from flowbridge.emit.connector.surface import breaks
from flowbridge.emit.connector.surface_lock import LOCK, LockError, read_definition, read_lock
from flowbridge.emit.connector.way_out import Folder, told
from flowbridge.lint import lint_text
from flowbridge.model.app import AppSettings
from flowbridge.plan.lower import lower
from flowbridge.text.diagnostic import CompileError, Diagnostic, in_order
from flowbridge.text.source import Source, Span

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
    """What workflows become: the files of the app and of the connector, each relative to its folder.

    `settings` are those of `app.yaml`, or what stands in for them.
    """

    app: tuple[Artifact, ...] = field(repr=False)
    connector: tuple[Artifact, ...] = field(repr=False)
    checked: Checked = field(repr=False)
    settings: AppSettings

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """What was found that stops no build."""
        return self.checked.warnings


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
    return Compiled(emit_app(plan, options), connector, checked, plan.settings)


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


def broken_flows(compiled: Compiled, connector: Path) -> tuple[Diagnostic, ...]:
    """What the connector would break of flows that use the one in a folder; nothing where there is none yet.

    One finding, too, for a lock that cannot be read: what it was to stop would pass. Where the lock is gone, the
    definition beside it tells what flows know.
    """
    found = next((one for one in (connector / LOCK, connector / DEFINITION) if one.is_file()), None)
    if found is None:
        return ()
    source = Source(found.as_posix(), found.read_text(encoding="utf-8", errors="replace"))
    try:
        old = read_lock(source.text) if found.name == LOCK else read_definition(source.text)
    except LockError as failure:
        words = f"the surface lock cannot be read: {failure}"
        return (Diagnostic("E506", Span(source, failure.at, failure.at + 1), words, "here", failure.hint),)
    new = read_lock(next(one.content for one in compiled.connector if one.path == LOCK).decode())
    workflows = [one for one, _ in compiled.checked.workflows]
    shown = PurePath(workflows[0].span.source.path).parent
    files = frozenset(one.name for one in compiled.checked.folder.iterdir())
    return in_order(told(breaks(old, new), workflows, compiled.settings, Folder(shown, files, APP_FILE), source))
