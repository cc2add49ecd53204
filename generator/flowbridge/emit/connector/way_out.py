"""What an author is told whose change would break flows: what breaks, and how to keep the flows and have the change.

The way out is a second workflow beside the first: the old one stays as flows know it and is deprecated, the changed one
gets a name of its own, and `app.yaml` says which replaces which.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from flowbridge.emit.connector.surface import Break
from flowbridge.emit.connector.surface_lock import place
from flowbridge.model.app import AppSettings
from flowbridge.model.workflow import Workflow
from flowbridge.text.diagnostic import Diagnostic, in_order
from flowbridge.text.source import Source, Span

_NAME_LIMIT, _TITLE_LIMIT = 60, 80
_ACCEPT = "If no flow uses the connector yet, build with --break-flows."
_GONE = """\
put the file of the workflow "{name}" back, as it was: flows still use it.
Once none does, build with --break-flows."""
_ALONE = """\
build the folder, of which this is one file: flowbridge build {folder}"""
_KEEP = """\
{old} is deprecated so that flows keep working: take back what was changed in {file}.
Change {new}, which replaces it, instead."""
_STEPS = """\
keep the old workflow for the flows that use it, and put the changed one beside it:
1. Copy {file} to {new_file}, and write `workflow: {new}` in the copy.
2. Take back what was changed in {file}, so that it is as flows know it.{schedule}
3. {app}
4. Build the folder, with every workflow in it, from now on: flowbridge build {folder}"""
_SCHEDULE = """
   Leave the `schedule` in one of the two, or both start by it."""


@dataclass(frozen=True)
class Folder:
    """Where the workflows are: its path as the author knows it, and the names of the files in it."""

    shown: PurePath
    files: frozenset[str]
    app_file: str

    def file(self, name: str) -> str:
        """A file of the folder, as the author knows it."""
        return (self.shown / name).as_posix()


def told(
    found: Sequence[Break], workflows: Sequence[Workflow], settings: AppSettings, folder: Folder, lock: Source
) -> Iterator[Diagnostic]:
    """The findings about changes that break flows, each with the operations that it breaks, and one way out a workflow.

    A workflow that is not there any more has its findings in the lock.
    """
    known = {one.name: one for one in workflows}
    grouped = _by_workflow(found)
    newer = _newer([name for name in grouped if name in known], settings, folder, known)
    for name, changes in grouped.items():
        workflow = known.get(name)
        made = [_finding(what, broken, workflow, lock) for what, broken in changes.items()]
        # Findings are shown in order, so that the way out stands once, below the last one of a workflow.
        *before, last = in_order(made)
        yield from before
        hint = _gone(name, folder) if workflow is None else _way_out(workflow, newer, settings, folder)
        yield replace(last, hint=hint)


def _finding(what: str, broken: Sequence[Break], workflow: Workflow | None, lock: Source) -> Diagnostic:
    """One change, at the workflow or, where that is gone, at the operation in the lock."""
    first = broken[0].operation
    at = place(lock.text, first)
    here = Span(lock, at, at + len(first) + 2) if workflow is None else workflow.name_span or workflow.span
    return Diagnostic("E505", here, _words(what, broken), "flows that use this would break")


def _by_workflow(found: Sequence[Break]) -> Mapping[str, Mapping[str, list[Break]]]:
    """What changed, by the workflow, each with the operations that it breaks."""
    grouped: dict[str, dict[str, list[Break]]] = {}
    for one in found:
        name = one.path.removeprefix("/api/").partition("/")[0]
        # What is told of an operation itself is its own; what is told of a field may be of many.
        what = one.what if one.kind not in ("operation deleted", "path changed") else str(one)
        grouped.setdefault(name, {}).setdefault(what, []).append(one)
    return grouped


def _words(what: str, broken: Sequence[Break]) -> str:
    if what == str(broken[0]):
        return what
    names = [one.operation for one in broken]
    return f"{', '.join(names[:-1])} and {names[-1]}: {what}" if len(names) > 1 else f"{names[0]}: {what}"


def _newer(
    broken: Sequence[str], settings: AppSettings, folder: Folder, known: Mapping[str, Workflow]
) -> Mapping[str, str]:
    """The new names for those of the workflows that nothing replaces yet: one `app.yaml` tells all of them."""
    replaced = {one.old for one in settings.replacements}
    taken = {*known, *replaced, *(PurePath(one).stem for one in folder.files)}
    made: dict[str, str] = {}
    for name in broken:
        if name not in replaced:
            made[name] = _next(name, taken)
            taken.add(made[name])
    return made


def _way_out(workflow: Workflow, newer: Mapping[str, str], settings: AppSettings, folder: Folder) -> str:
    """How this workflow is kept and changed, in its own names."""
    file = folder.file(PurePath(workflow.span.source.path).name)
    if workflow.name not in newer:
        new = next(one.new for one in settings.replacements if one.old == workflow.name)
        return _KEEP.format(old=f'"{workflow.name}"', new=f'"{new}"', file=file)
    new = newer[workflow.name]
    steps = _STEPS.format(
        file=file,
        new_file=folder.file(f"{new}.yaml"),
        new=new,
        schedule=_SCHEDULE if workflow.schedule is not None else "",
        app=_app_lines(", ".join(f"{old}: {one}" for old, one in newer.items()), settings, folder),
        folder=folder.shown.as_posix(),
    )
    return f"{steps}\n{_ACCEPT}"


def _gone(name: str, folder: Folder) -> str:
    """What to do about a workflow that this build does not have."""
    if f"{name}.yaml" in folder.files:
        return _ALONE.format(folder=folder.shown.as_posix())
    return _GONE.format(name=name)


def _app_lines(pairs: str, settings: AppSettings, folder: Folder) -> str:
    """What is to be written into `app.yaml`."""
    file = folder.file(folder.app_file)
    if folder.app_file not in folder.files:
        lines = "\n   ".join([*_head(settings), f"deprecated: {{{pairs}}}"])
        return f"Make {file} with these lines:\n   {lines}"
    if any(one.served for one in settings.replacements):
        return f"Add to `deprecated` in {file}: {pairs}"
    return f"Write in {file}: deprecated: {{{pairs}}}"


def _head(settings: AppSettings) -> Iterator[str]:
    """What keeps the name and the face of an app that had no `app.yaml`."""
    yield f"app: {settings.name}"
    if settings.version > 1:
        yield f"version: {settings.version}"
    title = " ".join(settings.title.split())[:_TITLE_LIMIT]
    if title:
        yield f"title: {json.dumps(title, ensure_ascii=False)}"
    if description := " ".join(settings.description.split())[:1_000]:
        yield f"description: {json.dumps(description, ensure_ascii=False)}"


def _next(name: str, taken: set[str]) -> str:
    """The name of the next version of a workflow: `order` gives order_v2, and that order_v3."""
    found = re.fullmatch(r"(.+)_v([1-9][0-9]*)", name)
    base, number = (found[1], int(found[2])) if found else (name.rstrip("_"), 1)
    while True:
        number += 1
        suffix = f"_v{number}"
        made = base[: _NAME_LIMIT - len(suffix)].rstrip("_") + suffix
        if made not in taken:
            return made
