"""Steps in a place where they cannot run, or that others rely on in vain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from tests.mutation.fault import Fault, Operator, edited, scalar
from tests.mutation.subject import Step, Subject

from flowbridge.read.nodes import ListNode, MapNode, ScalarNode


def before(subject: Subject, step: Step, inserted: str) -> tuple[str, int] | None:
    """The text with a step put before another of a block list; and where the other begins then."""
    start = step.node.span.start
    line_start = subject.text.rfind("\n", 0, start) + 1
    lead = subject.text[line_start:start]
    if lead.strip() != "-" or not lead.endswith("- "):
        return None
    added = f"{lead}{inserted}\n"
    named = step.node.get("id")
    place = named.span.start if named is not None else start
    return edited(subject.text, line_start, line_start, added), place + len(added)


def unreachable_step(subject: Subject) -> Iterator[Fault]:
    for step in subject.steps:
        found = before(subject, step, "raise: TimedOut")
        if found is not None:
            yield Fault(found[0], "E402", found[1])


def approval_in_a_loop(subject: Subject) -> Iterator[Fault]:
    for step in subject.steps:
        found = before(subject, step, "{id: ask_here, approval: {title: x, timeout: 1d}}") if step.in_loop else None
        if found is not None:
            yield Fault(found[0], "E401", found[0].index("ask_here"))


def return_in_a_loop(subject: Subject) -> Iterator[Fault]:
    for step in subject.steps:
        found = before(subject, step, "{if: run.version > 7, return: }") if step.in_loop else None
        if found is not None:
            yield Fault(found[0], "E403", found[0].index("{if: run.version > 7"))


def no_return(subject: Subject) -> Iterator[Fault]:
    output = subject.workflow.output
    last = [one for one in subject.steps if one.top]
    if output is None or not any(one.required for one in output.fields) or len(last) < 2 or last[-1].verb != "return":
        return
    start = subject.text.rfind("\n", 0, last[-1].node.span.start) + 1
    end = last[-1].node.span.end
    named = last[-2].node.get("id")
    text = edited(subject.text, start, end, "")
    yield Fault(text, "E404", named.span.start if named is not None else last[-2].node.span.start)


def skipped_guard(subject: Subject) -> Iterator[Fault]:
    """A step that is put under a condition, while others rely on it."""
    for step in subject.steps:
        node = scalar(step, "id")
        if node is None or "if" in step.node or not step.top or step.node.span.source.text[step.node.span.start] == "{":
            continue
        uses = [
            one.start + found.start()
            for one in subject.expressions
            for found in re.finditer(rf"(?<![\w.\"']){node.text}(?=\.)", one.text)
            if one.start > step.node.span.end
        ]
        if any(re.search(rf"\b{node.text}\b[\w.]* is ", one.text) for one in subject.expressions):
            continue
        if not uses:
            continue
        indent = " " * (subject.place(step.node.span.start)[1] - 1)
        added = f"if: run.version > 7\n{indent}"
        yield Fault(
            edited(subject.text, step.node.span.start, step.node.span.start, added), "E303", uses[0] + len(added)
        )


def read_too_early(subject: Subject) -> Iterator[Fault]:
    known = [(step, node) for step in subject.steps if step.top and (node := scalar(step, "id")) is not None]
    for (step, _), (later, node) in pairwise(known):
        called = scalar(later, "call")
        activity = subject.activity(called.text) if called is not None else None
        gives = later.verb in ("set", "for_each", "approval") or (activity is not None and activity.output is not None)
        found = before(subject, step, "set: ${" + node.text + "}") if gives else None
        if found is not None:
            yield Fault(found[0], "E213", found[0].index("set: ${" + node.text + "}") + len("set: ${"))


def read_outside_of_a_loop(subject: Subject) -> Iterator[Fault]:
    for step in subject.steps:
        steps = step.node.get("steps") if step.verb == "for_each" and step.top else None
        inner = steps.items[0] if isinstance(steps, ListNode) else None
        named, called = (inner.get("id"), inner.get("call")) if isinstance(inner, MapNode) else (None, None)
        activity = subject.activity(called.text) if isinstance(called, ScalarNode) else None
        if not isinstance(named, ScalarNode) or activity is None or activity.output is None:
            continue
        following = [one for one in subject.steps if one.top and one.node.span.start > step.node.span.end]
        found = before(subject, following[0], "set: ${" + named.text + "}") if following else None
        if found is not None:
            yield Fault(found[0], "E214", found[0].index("set: ${" + named.text + "}") + len("set: ${"))


OPERATORS: dict[str, Operator] = {
    one.__name__: one
    for one in (
        unreachable_step,
        approval_in_a_loop,
        return_in_a_loop,
        no_return,
        skipped_guard,
        read_too_early,
        read_outside_of_a_loop,
    )
}
