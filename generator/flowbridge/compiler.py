"""The pipeline on one screen: source, document, workflow, plan, artifacts."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from flowbridge.checker import check_path
from flowbridge.emit.app import emit_app
from flowbridge.emit.artifact import Artifact
from flowbridge.emit.connector import emit_connector
from flowbridge.plan.lower import lower
from flowbridge.text.diagnostic import Diagnostic


@dataclass(frozen=True)
class Compiled:
    """What workflows become: the files of the app and of the connector, each relative to its folder."""

    app: tuple[Artifact, ...] = field(repr=False)
    connector: tuple[Artifact, ...] = field(repr=False)
    warnings: tuple[Diagnostic, ...] = ()


def compile_app(path: Path, shown: str | None = None, *, release: bool = False) -> Compiled:
    """Compiles a workflow file, or a folder of them as one app; CompileError if there are errors.

    The same files give the same bytes. `shown` is the path of a file in messages; `release` refuses what is only fit
    for development.
    """
    checked = check_path(path, shown, release=release)
    plan = lower(checked.workflows, checked.activities, checked.settings)
    return Compiled(emit_app(plan), emit_connector(plan), checked.warnings)
