"""The names in sight at a place of a text, told from what was last read of it.

While a line is being written the text may be no YAML at all. The reading before that knows every step but the new one;
a place is found in it by the steps around and before the place, whose beginnings have only moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flowbridge.lsp.cursor import Level, ListLevel, MapLevel
from flowbridge.lsp.reading import Reading
from flowbridge.model.analysis import Analysis
from flowbridge.model.assignability import optional
from flowbridge.model.inference import Scope
from flowbridge.model.results import ERROR
from flowbridge.model.sight import RUN
from flowbridge.model.workflow import Block, Catch, ForEach, Parallel, Repeat, Step, Switch, WaitFor, Workflow

_Trail = tuple[str | int, ...]


class Moved:
    """Two versions of a text: where a place of the newer one was in the older one."""

    def __init__(self, old: str, new: str) -> None:
        self._head = _common(old, new)
        most = min(len(old), len(new)) - self._head
        self._tail = _common(old[len(old) - most :][::-1], new[len(new) - most :][::-1])
        self._old, self._new = len(old), len(new)

    def back(self, offset: int) -> int | None:
        """The place in the older text; None within what was changed."""
        if offset < self._head:
            return offset
        if self._new - offset <= self._tail:
            return self._old - (self._new - offset)
        return offset if offset == self._head else None


def _common(left: str, right: str) -> int:
    """How many characters two texts have in common at their beginnings."""
    low, high = 0, min(len(left), len(right))
    while low < high:
        middle = (low + high + 1) // 2
        if left[low:middle] == right[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def scope_at(reading: Reading, moved: Moved, levels: Sequence[Level]) -> Scope:
    """The scope of a place of the newer text; `reading` is of the older one."""
    workflow, analysis = reading.workflow, reading.analysis
    if workflow is None or analysis is None:
        return Scope({}, {})
    scope, holder, trail = _outermost(workflow, analysis, levels), None, _Trail()
    for index, level in enumerate(levels):
        if isinstance(level, ListLevel):
            trail = (*trail, level.index)
            following = levels[index + 1] if index + 1 < len(levels) else None
            known = isinstance(following, MapLevel) and _step(reading, moved, following.start) is not None
            before = None if known else _last(reading, moved, level.before)
            if before is not None:
                scope, holder, trail = _after(before, analysis), None, ()
            continue
        step = _step(reading, moved, level.start)
        if step is not None and id(step) in analysis.facts.inside:
            scope, holder, trail = analysis.inside(step), step, ()
        trail = (*trail, level.key) if level.key is not None else trail
        if holder is not None:
            scope = _in_role(holder, trail, analysis)
    return scope


def _step(reading: Reading, moved: Moved, start: int) -> Step | None:
    old = moved.back(start)
    return reading.steps.get(old) if old is not None else None


def _last(reading: Reading, moved: Moved, starts: Sequence[int]) -> Step | None:
    """The last step that begins at one of these places, if they are steps at all."""
    return next((found for one in reversed(starts) if (found := _step(reading, moved, one)) is not None), None)


def _outermost(workflow: Workflow, analysis: Analysis, levels: Sequence[Level]) -> Scope:
    """What the first step of the part sees that holds the place."""
    key = levels[0].key if levels and isinstance(levels[0], MapLevel) else None
    if key == "schedule":
        return analysis.schedule()
    types = {one.name: one for one in workflow.types if one.name is not None}
    scope = Scope({"input": workflow.input, "run": RUN}, types)
    if workflow.config is not None:
        scope = scope.having("config", workflow.config)
    return scope.having("error", ERROR) if key == "on_failure" else scope


def _in_role(step: Step, trail: _Trail, analysis: Analysis) -> Scope:
    """The scope of a part of a step, told by the keys that lead to it."""
    inside, facts = analysis.inside(step), analysis.facts
    match step, trail:
        case _, ("if", *_):
            return analysis.before(step)
        case _, ("compensate", *_):
            return facts.undoing.get(id(step), _after(step, analysis))
        case _, ("catch", int(number), "steps", *_) if number < len(step.common.catches):
            return _catching(step.common.catches[number], inside)
        case _, ("catch" | "finally" | "with" | "status", *_):
            return inside
        case ForEach(), ("output" | "steps", *_):
            return facts.end.get(id(step), inside)
        case Repeat(), ("repeat", "until" | "output" | "steps", *_):
            return facts.end.get(id(step), inside)
        case Parallel(), ("parallel", str(name), "output" | "steps", *_):
            ends = dict(zip([one.name for one in step.branches], facts.branches.get(id(step), []), strict=False))
            return ends.get(name, inside)
        case Switch(), ("switch", int(number), *_):
            cases = facts.cases.get(id(step), [])
            return cases[number] if number < len(cases) else inside
        case WaitFor(), ("wait_for", "match", *_):
            return facts.matching.get(id(step), inside)
        case _:
            return inside


def _catching(catch: Catch, inside: Scope) -> Scope:
    return inside.having(catch.variable, ERROR) if catch.variable is not None else inside


def _after(step: Step, analysis: Analysis) -> Scope:
    """What a step that follows this one would see."""
    scope = analysis.facts.inside.get(id(step))
    if scope is None:
        return Scope({}, {})
    result = analysis.result(step)
    if step.common.id is not None and result is not None:
        scope = scope.having(step.common.id, result)
    match step:
        case Block() if step.steps:
            return _adding(scope, [_after(step.steps[-1], analysis)], sure=True)
        case Switch():
            lists = [*(one.steps for one in step.cases), step.default or ()]
            return _adding(scope, [_after(one[-1], analysis) for one in lists if one], sure=False)
        case _:
            return scope


def _adding(scope: Scope, ends: Sequence[Scope], *, sure: bool) -> Scope:
    """A scope with the names that others have more."""
    names = dict(scope.names)
    for end in ends:
        for name, given in end.names.items():
            names.setdefault(name, given if sure else optional(given))
    return replace(scope, names=names)
