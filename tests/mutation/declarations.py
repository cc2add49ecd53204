"""Declarations that are missing, doubled, unused or wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.mutation.fault import Fault, Operator, edited, replaced, scalar, without
from tests.mutation.subject import Subject

from flowbridge.read.nodes import Entry, ListNode, MapNode, ScalarNode


def _declared(subject: Subject, key: str) -> tuple[Entry, ...]:
    node = subject.root.get(key)
    return node.entries if isinstance(node, MapNode) else ()


def key_twice(subject: Subject) -> Iterator[Fault]:
    for key in ("input", "types", "activities"):
        for entry in _declared(subject, key):
            start = entry.key_span.start
            line_start = subject.text.rfind("\n", 0, start) + 1
            lead = subject.text[line_start:start]
            if not lead.strip():
                added = f"{entry.key}: string\n{lead}"
                yield Fault(edited(subject.text, start, start, added), "E104", start + len(added))


def unused_activity(subject: Subject) -> Iterator[Fault]:
    entries = _declared(subject, "activities")
    if entries:
        start = entries[0].key_span.start
        lead = subject.text[subject.text.rfind("\n", 0, start) + 1 : start]
        if not lead.strip():
            yield Fault(edited(subject.text, start, start, f"never_called: {{}}\n{lead}"), "W202", start)


def forgotten_idempotence(subject: Subject) -> Iterator[Fault]:
    for entry in _declared(subject, "activities"):
        text = without(subject, entry.value, "idempotent") if isinstance(entry.value, MapNode) else None
        if text is None:
            continue
        removed = len(subject.text) - len(text)
        for step in subject.steps:
            named, activity = scalar(step, "call"), subject.activity(entry.key)
            default = subject.root.get("retries")
            retried = "retry" in step.node or (isinstance(default, MapNode) and "default" in default)
            once = re.search(r"max_attempts: 1\b", subject.text) is not None
            if named is not None and named.text == entry.key and activity is not None and retried and not once:
                yield Fault(text, "W401", named.span.start - removed)
                break


def undeclared_error(subject: Subject) -> Iterator[Fault]:
    entry = subject.root.entry("errors")
    if entry is None or not isinstance(entry.value, ListNode) or not entry.value.items:
        return
    first = entry.value.items[0]
    for step in subject.steps:
        node = step.node.get("raise")
        named = node.get("error") if isinstance(node, MapNode) else node
        if isinstance(named, ScalarNode) and isinstance(first, ScalarNode) and named.text == first.text:
            text = edited(subject.text, first.span.start, first.span.end, f"Other{first.text}")
            shift = len("Other") if first.span.start < named.span.start else 0
            yield Fault(text, "E212", named.span.start + shift)
            return


def reserved_input(subject: Subject) -> Iterator[Fault]:
    for entry in _declared(subject, "input"):
        start, end = entry.key_span.start, entry.key_span.end
        yield Fault(edited(subject.text, start, end, "instanceId"), "E501", start)
        yield Fault(edited(subject.text, start, end, "class"), "E202", start)


def wrong_default(subject: Subject) -> Iterator[Fault]:
    for key, node in subject.scalars:
        alone = subject.text[: node.span.start].endswith("default: ")
        if key == "default" and alone and isinstance(node.value, int) and not isinstance(node.value, bool):
            yield replaced(subject, node, "many", "E144")


def too_many_required(subject: Subject) -> Iterator[Fault]:
    for step in subject.steps:
        node = step.node.get("approval")
        people = node.get("approvers") if isinstance(node, MapNode) else None
        if (
            isinstance(node, MapNode)
            and isinstance(people, ListNode)
            and "required" not in node
            and "escalate" not in node
        ):
            start = node.entries[0].key_span.start
            lead = " " * (subject.place(start)[1] - 1)
            separator = ", " if subject.text[node.span.start] == "{" else f"\n{lead}"
            text = edited(subject.text, start, start, f"required: 9{separator}")
            yield Fault(text, "E410", start + len("required: "))


def late_reminder(subject: Subject) -> Iterator[Fault]:
    for key, node in subject.scalars:
        if key == "remind_every":
            yield replaced(subject, node, "360d", "W405")


OPERATORS: dict[str, Operator] = {
    one.__name__: one
    for one in (
        key_twice,
        unused_activity,
        forgotten_idempotence,
        undeclared_error,
        reserved_input,
        wrong_default,
        too_many_required,
        late_reminder,
    )
}
