"""Artifacts to disk and back: the only module that writes files of a build.

A build owns its output folder: what it did not make is removed, but only where the folder is empty, or carries the mark
of an earlier build. Each file is replaced as a whole, and a file that is as it should be is not touched.
"""

from __future__ import annotations

import difflib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from flowbridge.emit.artifact import Artifact

MARK = ".flowbridge-build"
"""A file that says that a folder's content is made by a build, and may be deleted by one."""

_IGNORED = frozenset({"__pycache__", ".venv", ".pytest_cache", ".ruff_cache"})


class OutputFolderError(Exception):
    """The output folder holds something that no build made; nothing was written."""


def write(artifacts: tuple[Artifact, ...], folder: Path) -> int:
    """Makes a folder hold exactly these artifacts, and returns how many files changed.

    OutputFolderError if the folder has content and no mark; OSError where the disk says no, with every file either old
    or new.
    """
    wanted = {one.path: one.content for one in _marked(artifacts)}
    if folder.exists() and not folder.is_dir():
        raise OutputFolderError(f"{folder} is a file, not a folder")
    foreign = folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).is_file()
    if foreign:
        raise OutputFolderError(f"{folder} has content that no build made: choose another folder, or empty it")
    changed = _make_way(folder, set(wanted))
    for path, content in sorted(wanted.items(), key=lambda one: _turn(one[0])):
        target = folder / path
        if not (target.is_file() and target.read_bytes() == content):
            _replace(target, content)
            changed += 1
    for path in [path for path in existing(folder) if path not in wanted]:
        (folder / path).unlink()
        changed += 1
    _remove_empty(folder)
    return changed


def _turn(path: str) -> tuple[bool, str]:
    """When a file is written: a lock tells what others hold, and where a build stops midway it must not be newer."""
    return path.endswith(".lock"), path


def write_new(artifacts: tuple[Artifact, ...], folder: Path) -> None:
    """Writes files that a person is to go on with: no mark, because no build owns them."""
    for one in artifacts:
        _replace(folder / one.path, one.content)


def drift(artifacts: tuple[Artifact, ...], folder: Path) -> Iterator[str]:
    """The differences between a folder and what a build would write, as lines of a unified diff; none if equal."""
    wanted = {one.path: one.content for one in _marked(artifacts)}
    for path in sorted({*wanted, *existing(folder)}):
        target = folder / path
        old = target.read_bytes() if target.is_file() else None
        new = wanted.get(path)
        if old != new:
            yield from _difference(f"{folder.as_posix()}/{path}", old, new)


def existing(folder: Path) -> list[str]:
    """The files of a folder, relative and sorted, without what tools leave behind."""
    found: list[str] = []
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _IGNORED)
        found += [(Path(root) / name).relative_to(folder).as_posix() for name in files]
    return sorted(found)


def _marked(artifacts: tuple[Artifact, ...]) -> tuple[Artifact, ...]:
    told = "This folder is made by `flowbridge build`; edit the workflow, not what is here.\n"
    return (*artifacts, Artifact.text(MARK, told))


def _make_way(folder: Path, wanted: set[str]) -> int:
    """Removes what stands where a wanted file's folder, or a wanted file in place of a folder, is to be."""
    folders = {parent.as_posix() for path in wanted for parent in Path(path).parents}
    old = [path for path in existing(folder) if path not in wanted]
    blocking = [path for path in old if path in folders or any(one.as_posix() in wanted for one in Path(path).parents)]
    for path in blocking:
        (folder / path).unlink()
    if blocking:
        _remove_empty(folder)
    return len(blocking)


def _replace(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(draft).chmod(0o644)
        Path(draft).replace(target)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _remove_empty(folder: Path) -> None:
    for root, _, _ in sorted(os.walk(folder), reverse=True):
        if root != str(folder) and not any(Path(root).iterdir()):
            Path(root).rmdir()


def _difference(name: str, old: bytes | None, new: bytes | None) -> Iterator[str]:
    before, after = _lines(old), _lines(new)
    if before is None or after is None:
        yield f"binary file differs: {name}"
        return
    names = (name if old is not None else "(missing)", name if new is not None else "(not built)")
    lines = list(difflib.unified_diff(before, after, *names, lineterm=""))
    # An empty file that is there or not has no line that differs.
    yield from lines or [f"--- {names[0]}", f"+++ {names[1]}"]


def _lines(content: bytes | None) -> list[str] | None:
    """The lines of a text, told apart also by how they end; None for what is no text."""
    try:
        lines = [] if content is None else content.decode().split("\n")
    except UnicodeDecodeError:
        return None
    last = lines.pop() if lines else ""
    return [*lines, f"{last}\n\\ No newline at end of file"] if last else lines
