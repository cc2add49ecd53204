"""`flowbridge new`: a project with one small workflow that builds and runs."""

from __future__ import annotations

from pathlib import Path

from flowbridge.assets import asset_folder, schema_text
from flowbridge.emit.artifact import Artifact
from flowbridge.write import write_new

# A template cannot be called .gitignore: it would take effect where the templates are.
_RENAMED = {"gitignore": ".gitignore"}


class ProjectExistsError(Exception):
    """The folder has content; nothing was written."""


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
