"""The pipeline on one screen: source, document, workflow, plan, artifacts."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from flowbridge.checker import check_path
from flowbridge.emit.app import emit_app
from flowbridge.emit.artifact import Artifact
from flowbridge.emit.connector import emit_connector
from flowbridge.emit.connector_plan import ConnectorOptions
from flowbridge.emit.surface import LOCK, breaks, read_lock
from flowbridge.plan.lower import lower
from flowbridge.text.diagnostic import Diagnostic


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
    return Compiled(emit_app(plan, options), emit_connector(plan, options), checked.warnings)


def broken_flows(compiled: Compiled, connector: Path) -> tuple[str, ...]:
    """What the connector would break of flows that use the one in a folder; nothing where there is none yet."""
    path = connector / LOCK
    old = read_lock(path.read_bytes()) if path.is_file() else None
    new = read_lock(next(one.content for one in compiled.connector if one.path == LOCK))
    return () if old is None or new is None else tuple(str(one) for one in breaks(old, new))
