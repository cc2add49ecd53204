"""The pipeline on one screen: source, document, workflow, plan, artifacts."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from flowbridge.check import check
from flowbridge.emit.app import emit_app
from flowbridge.emit.artifact import Artifact
from flowbridge.emit.connector import emit_connector
from flowbridge.model.workflow import Workflow
from flowbridge.plan.lower import lower
from flowbridge.read.activities import ActivitySources, read_activities
from flowbridge.read.document import read_source
from flowbridge.read.workflow import read_workflow
from flowbridge.text.diagnostic import CompileError, Diagnostic, in_order


@dataclass(frozen=True)
class Checked:
    """A workflow without errors, the functions of its activities, and the warnings that were found."""

    workflow: Workflow
    activities: ActivitySources
    warnings: tuple[Diagnostic, ...]


@dataclass(frozen=True)
class Compiled:
    """What a workflow file becomes: the files of the app and of the connector, each relative to its folder."""

    app: tuple[Artifact, ...] = field(repr=False)
    connector: tuple[Artifact, ...] = field(repr=False)
    warnings: tuple[Diagnostic, ...] = ()


def check_file(path: Path, shown: str | None = None) -> Checked:
    """Reads and checks one workflow file; CompileError with all findings of the phase that found errors.

    `shown` is the path that messages and generated code carry; the path as given unless told.
    """
    source = read_source(path, shown or path.as_posix())
    workflow, found = read_workflow(source)
    if workflow is None:
        raise CompileError(found)
    activities = read_activities(path.parent / "activities")
    found = in_order([*found, *check(workflow, activities)])
    if any(one.severity == "error" for one in found):
        raise CompileError(found)
    return Checked(workflow, activities, found)


def compile_app(path: Path, shown: str | None = None) -> Compiled:
    """Compiles one workflow file; CompileError if it has errors. The same file gives the same bytes."""
    checked = check_file(path, shown)
    # Generated code names the file by its folder and its name, so that a build gives the same bytes from anywhere.
    label = f"{path.resolve().parent.name}/{path.name}"
    plan = lower([(checked.workflow, label)], checked.activities)
    return Compiled(emit_app(plan), emit_connector(plan), checked.warnings)
