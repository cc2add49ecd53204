"""The first half of the pipeline: files read and checked, one workflow or a folder of them.

It stands apart from the second half because `flowbridge check` should not load what it does not need.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from flowbridge.check import check
from flowbridge.check.app import check_app
from flowbridge.check.silencing import silence
from flowbridge.model.activities import ActivitySources
from flowbridge.model.app import AppSettings
from flowbridge.model.workflow import Workflow
from flowbridge.read.activities import read_activities
from flowbridge.read.app import read_app
from flowbridge.read.document import read_source
from flowbridge.read.workflow import read_workflow
from flowbridge.text.diagnostic import CompileError, Diagnostic

APP_FILE = "app.yaml"
_ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True)
class Checked:
    """Workflows without errors, each with how generated code names its file, and what belongs to all of them."""

    folder: Path
    workflows: tuple[tuple[Workflow, str], ...]
    activities: ActivitySources
    settings: AppSettings | None
    warnings: tuple[Diagnostic, ...]


class NoWorkflowError(Exception):
    """A folder without a workflow file."""


def workflow_files(path: Path) -> tuple[Path, ...]:
    """The file itself, or the workflow files of a folder in the order of their names; NoWorkflowError if none."""
    if not path.is_dir():
        return (path,)
    files = sorted(one for one in path.iterdir() if one.suffix in _ENDINGS and one.name != APP_FILE and one.is_file())
    if not files:
        raise NoWorkflowError(f"{path} holds no workflow: write one, such as {path / 'hello.yaml'}")
    return tuple(files)


def check_path(path: Path, shown: str | None = None, *, release: bool = False) -> Checked:
    """Reads and checks a workflow file, or all of a folder as one app; CompileError with all findings.

    `shown` is the path that messages carry for a file, as given unless told. `release` makes errors of what is only
    fit for development.
    """
    files = workflow_files(path)
    found: list[Diagnostic] = []
    settings = _settings(files[0].parent / APP_FILE, found) if path.is_dir() else None
    workflows = _workflows([(one, shown or one.as_posix()) for one in files], found)
    if _has_error(found):
        raise CompileError(silence(found, workflows))
    activities = read_activities(files[0].parent / "activities")
    others = {one.name: one for one in workflows}
    for one in workflows:
        found += check(one, activities, others)
    found += check_app(workflows, activities, settings, release=release)
    told = silence(found, workflows, activities)
    if _has_error(told):
        raise CompileError(told)
    # Generated code names a file by its folder and its name, so that a build gives the same bytes from anywhere.
    labels = [f"{one.resolve().parent.name}/{one.name}" for one in files]
    return Checked(files[0].parent, tuple(zip(workflows, labels, strict=True)), activities, settings, told)


def _settings(path: Path, found: list[Diagnostic]) -> AppSettings | None:
    if not path.is_file():
        return None
    settings, more = read_app(read_source(path, path.as_posix()))
    found += more
    return settings


def _workflows(files: Sequence[tuple[Path, str]], found: list[Diagnostic]) -> list[Workflow]:
    workflows: list[Workflow] = []
    for path, shown in files:
        try:
            workflow, more = read_workflow(read_source(path, shown))
        except CompileError as error:
            workflow, more = None, error.diagnostics
        found += more
        if workflow is not None:
            workflows.append(workflow)
    return workflows


def _has_error(found: Iterable[Diagnostic]) -> bool:
    return any(one.severity == "error" for one in found)
