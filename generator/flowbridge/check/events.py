"""Events: one name, one type, and never two waits for it at a time."""

from __future__ import annotations

from collections.abc import Iterator

from flowbridge.model.assignability import assignable
from flowbridge.model.structure import Holder, steps_with_holders
from flowbridge.model.types import ObjectType
from flowbridge.model.workflow import Approval, Event, Parallel, WaitFor, Workflow
from flowbridge.text.diagnostic import Diagnostic, Related
from flowbridge.text.source import Span

_Waiting = tuple[Event, tuple[Holder, ...]]


def check(workflow: Workflow) -> Iterator[Diagnostic]:
    """All rules on events."""
    seen: dict[str, list[_Waiting]] = {}
    approvals: dict[str, Span | None] = {}
    for step, holders in steps_with_holders(workflow.all_steps):
        if isinstance(step, Approval) and step.common.id is not None:
            approvals[step.common.id] = step.common.id_span
        if isinstance(step, WaitFor):
            for event in step.events:
                for other in seen.get(event.name, []):
                    yield from _two((event, holders), other)
                    break
                seen.setdefault(event.name, []).append((event, holders))
    for name, waiting in seen.items():
        span = approvals.get(name)
        if span is not None:
            words = f'the event "{name}" has the name of an approval'
            related = (Related(span, "the approval"),)
            yield Diagnostic("E218", waiting[0][0].span, words, "the same name", "give it another name", related)


def _two(one: _Waiting, other: _Waiting) -> Iterator[Diagnostic]:
    event, first = one[0], other[0]
    related = (Related(first.span, "the other wait"),)
    if _at_once(one[1], other[1]):
        words = f'two steps may wait for the event "{event.name}" at the same time'
        hint = "give each its own event; nobody could tell which of them is meant"
        yield Diagnostic("E218", event.span, words, "which one?", hint, related)
    elif not _same(event.payload, first.payload):
        words = f'the event "{event.name}" brings something else here than there'
        hint = "declare its payload under `types`, and name that in both places"
        yield Diagnostic("E219", event.span, words, "another type", hint, related)


def _at_once(one: tuple[Holder, ...], other: tuple[Holder, ...]) -> bool:
    """Whether two steps stand in two branches of one parallel."""
    return any(
        mine.step is yours.step and isinstance(mine.step, Parallel) and mine.branch != yours.branch
        for mine, yours in zip(one, other, strict=False)
        if mine.role == "steps" and yours.role == "steps"
    )


def _same(one: ObjectType | None, other: ObjectType | None) -> bool:
    if one is None or other is None:
        return one is other
    return assignable(one, other) and assignable(other, one)
