"""What `app.yaml` says of workflows that replace others: each to one that is there, and none in a circle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flowbridge.model.app import AppSettings, Replacement
from flowbridge.text.diagnostic import Diagnostic, Related
from flowbridge.text.suggest import did_you_mean, one_of


def check(settings: AppSettings, workflows: Sequence[str]) -> Iterator[Diagnostic]:
    """All rules of this family; `workflows` are the names of the app's workflows."""
    by_old: dict[str, Replacement] = {}
    by_new: dict[str, Replacement] = {}
    for one in settings.replacements:
        if one.old in by_old:
            words = f'"{one.old}" is deprecated and removed at once'
            related = (Related(by_old[one.old].old_span, "here, too"),)
            hint = "while its file is there it is deprecated, then it is removed"
            yield Diagnostic("E504", one.old_span, words, "again", hint, related)
        elif one.new in by_new:
            words = f'"{one.new}" replaces "{by_new[one.new].old}" already'
            related = (Related(by_new[one.new].new_span, "here"),)
            hint = "one workflow replaces one: an operation has one predecessor"
            yield Diagnostic("E504", one.new_span, words, "a second one", hint, related)
        by_old.setdefault(one.old, one)
        by_new.setdefault(one.new, one)
    for one in settings.replacements:
        yield from _names(one, by_old, workflows)
    yield from _circles(by_old)


def _names(one: Replacement, by_old: dict[str, Replacement], workflows: Sequence[str]) -> Iterator[Diagnostic]:
    """Both are workflows of the folder, but for what was removed."""
    if one.served and one.old not in workflows:
        words = f'"{one.old}" is not a workflow of this app'
        meant = did_you_mean(one.old, [name for name in workflows if name != one.new and name not in by_old])
        hint = meant or 'if its file was deleted, write this line under "removed" instead'
        yield Diagnostic("E215", one.old_span, words, "no such workflow", hint)
    if not one.served and one.old in workflows:
        words = f'"{one.old}" is said to be removed, and its file is here'
        hint = 'delete the file, or write this line under "deprecated"'
        yield Diagnostic("E504", one.old_span, words, "it is still there", hint)
    after = by_old.get(one.new)
    gone = after is not None and not after.served
    if one.new not in workflows and not gone:
        words = f'"{one.new}" is not a workflow of this app'
        hint = did_you_mean(one.new, workflows) or f"the workflows here are {one_of(workflows)}"
        yield Diagnostic("E215", one.new_span, words, "no such workflow", hint)


def _circles(by_old: dict[str, Replacement]) -> Iterator[Diagnostic]:
    """Each circle of replacements once, at the line that comes first."""
    told: set[str] = set()
    for start in by_old.values():
        path = [start]
        while (after := by_old.get(path[-1].new)) is not None and after not in path:
            path.append(after)
        if path[-1].new != start.old or start.old in told:
            continue
        told |= {one.old for one in path}
        words = f'"{start.old}" replaces itself'
        if len(path) > 1:
            words += ", by way of " + ", ".join(f'"{one.old}"' for one in path[1:])
        hint = "the newest workflow is not deprecated"
        yield Diagnostic("E504", start.new_span, words, "back to the beginning", hint)
