"""`flowbridge new`: a project with one small workflow that builds and runs."""

from __future__ import annotations

from pathlib import Path

from flowbridge.assets import asset_folder, schema_text
from flowbridge.check.contracts import stub
from flowbridge.emit.artifact import Artifact
from flowbridge.read.activities import read_activities
from flowbridge.read.document import read_source
from flowbridge.read.workflow import read_workflow
from flowbridge.text.diagnostic import CompileError
from flowbridge.write import write_new

# A template cannot be called .gitignore: it would take effect where the templates are.
_RENAMED = {"gitignore": ".gitignore"}


class ProjectExistsError(Exception):
    """What is to be made is there already, or cannot be made; nothing was written."""


def new_project(folder: Path) -> tuple[Path, ...]:
    """Writes the project, and returns the paths of its files, the workflow's first; ProjectExistsError, OSError."""
    if folder.exists() and any(folder.iterdir()):
        raise ProjectExistsError(f"{folder} has content: name a folder that is empty or does not exist")
    root = asset_folder("templates") / "project"
    artifacts = [
        Artifact(_RENAMED.get(name, name), path.read_bytes())
        for path in sorted(root.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and (name := path.relative_to(root).as_posix())
    ]
    artifacts.append(Artifact.text("spec/workflow.schema.json", schema_text()))
    write_new(tuple(artifacts), folder)
    paths = sorted((folder / one.path for one in artifacts), key=lambda one: (one.suffix != ".yaml", one.as_posix()))
    return tuple(paths)


def new_activity(name: str, spec: Path) -> Path:
    """Writes a stub of an activity that a workflow declares, beside it; CompileError, ProjectExistsError, OSError."""
    source = read_source(spec, spec.as_posix())
    workflow, found = read_workflow(source)
    if workflow is None:
        raise CompileError(found)
    activity = workflow.activity(name)
    if activity is None:
        declared = ", ".join(one.name for one in workflow.activities) or "none"
        raise ProjectExistsError(f"{spec} declares no activity {name!r}; it declares {declared}")
    folder = spec.parent / "activities"
    existing = read_activities(folder).function(name)
    path = folder / f"{name}.py"
    if existing is not None or path.exists():
        raise ProjectExistsError(f"{name} is there already, in {existing.span.place if existing else path}")
    write_new((Artifact.text(path.name, stub(activity)),), folder)
    return path
