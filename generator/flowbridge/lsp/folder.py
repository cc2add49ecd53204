"""What stands beside a workflow file: the Python of its activities, and the other workflows of its app.

Files are read again when their size or time has changed. The text of a file that is open in the editor goes before the
one on disk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from flowbridge.lsp.reading import ALONE, Around
from flowbridge.model.activities import ActivitySources
from flowbridge.model.workflow import Workflow
from flowbridge.read.activities import read_activities
from flowbridge.read.document import decode
from flowbridge.read.workflow import read_workflow
from flowbridge.text.diagnostic import CompileError
from flowbridge.text.source import Source

_NAMED = re.compile(r"(?m)^workflow[ \t]*:[ \t]*['\"]?([A-Za-z_][A-Za-z0-9_]*)")
_RUNS = re.compile(r"\brun['\"]?[ \t]*:[ \t]*['\"]?([a-z][a-z0-9_]*)")
_MOST_FILES = 2_000
_LARGEST = 2_000_000

_Stamp = tuple[object, ...]


@dataclass
class Folder:
    """A folder with workflow files, and what is known of it."""

    path: Path
    _texts: dict[Path, tuple[_Stamp, str]] = field(default_factory=dict[Path, tuple[_Stamp, str]])
    _workflows: dict[Path, tuple[str, Workflow | None]] = field(default_factory=dict[Path, tuple[str, Workflow | None]])
    _activities: tuple[_Stamp, ActivitySources] | None = None

    def around(self, text: str, own: Path, opened: Mapping[Path, str]) -> Around:
        """What the workflow of a text stands among; only the workflows that it runs, or that those run, are read."""
        names = self.names(opened)
        found: dict[str, Workflow] = {}
        waiting = [*_RUNS.findall(text)]
        seen: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name in seen or (path := names.get(name)) is None or path == own:
                continue
            seen.add(name)
            workflow = self._workflow(path, opened)
            if workflow is not None:
                found[name] = workflow
                waiting += _RUNS.findall(workflow.span.source.text)
        return Around(self.activities(), found)

    def names(self, opened: Mapping[Path, str]) -> Mapping[str, Path]:
        """The files of the folder's workflows by the workflows' names."""
        found: dict[str, Path] = {}
        for path in self._files(opened):
            name = _NAMED.search(self._text(path, opened))
            if name is not None:
                found.setdefault(name[1], path)
        return found

    def activities(self) -> ActivitySources:
        """The Python functions of `activities/`."""
        folder = self.path / "activities"
        stamp = tuple(_stamps(folder))
        if self._activities is None or self._activities[0] != stamp:
            self._activities = stamp, read_activities(folder)
        return self._activities[1]

    def _files(self, opened: Mapping[Path, str]) -> Iterator[Path]:
        found = {one for one in opened if one.parent == self.path}
        with suppress(OSError):
            found |= {one for one in self.path.iterdir() if one.suffix in (".yaml", ".yml")}
        yield from sorted(found)[:_MOST_FILES]

    def _text(self, path: Path, opened: Mapping[Path, str]) -> str:
        """The text of a file; empty for one that cannot be read."""
        if path in opened:
            return opened[path]
        try:
            state = path.stat()
            stamp = (state.st_mtime_ns, state.st_size)
            known = self._texts.get(path)
            if known is None or known[0] != stamp:
                text = "" if state.st_size > _LARGEST else decode(path.read_bytes(), path.as_posix()).text
                known = self._texts[path] = stamp, text
        except (OSError, CompileError):
            return ""
        return known[1]

    def _workflow(self, path: Path, opened: Mapping[Path, str]) -> Workflow | None:
        text = self._text(path, opened)
        known = self._workflows.get(path)
        if known is None or known[0] != text:
            known = self._workflows[path] = text, read_workflow(Source(path.as_posix(), text))[0]
        return known[1]


def _stamps(folder: Path) -> Iterator[object]:
    """What changes when a file of a folder does."""
    for path in sorted(folder.rglob("*.py")) if folder.is_dir() else ():
        try:
            state = path.stat()
        except OSError:
            continue
        yield path, state.st_mtime_ns, state.st_size


@dataclass
class Folders:
    """The folders of the files that are open."""

    _known: dict[Path, Folder] = field(default_factory=dict[Path, Folder])

    def of(self, path: Path) -> Folder:
        """The folder of a file."""
        return self._known.setdefault(path.parent, Folder(path.parent))

    def around(self, text: str, path: Path | None, opened: Mapping[Path, str]) -> Around:
        """What a text stands among; one without a file stands alone."""
        return self.of(path).around(text, path, opened) if path is not None else ALONE
