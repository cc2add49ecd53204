"""A fault that is seeded into a clean workflow, and what every kind of fault is made with.

The place of a fault is known from the edit, never from what the compiler says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.mutation.subject import Step, Subject

from flowbridge.model.types import (
    ObjectType,
)
from flowbridge.read.nodes import MapNode, ScalarNode


@dataclass(frozen=True)
class Fault:
    """A changed workflow, and the rule that must find it at an offset of the changed text."""

    text: str
    rule: str
    offset: int

    @property
    def place(self) -> tuple[int, int]:
        """Line and column."""
        before = self.text[: self.offset]
        return before.count("\n") + 1, self.offset - (before.rfind("\n") + 1) + 1


Operator = Callable[[Subject], Iterator[Fault]]


def edited(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new + text[end:]


def misspelt(word: str) -> str:
    """The word as fingers write it: two letters swapped, or one doubled."""
    for index in range(1, len(word) - 1):
        if word[index] != word[index + 1] and "_" not in word[index : index + 2]:
            return word[:index] + word[index + 1] + word[index] + word[index + 2 :]
    return word + word[-1]


def replaced(subject: Subject, node: ScalarNode, new: str, rule: str) -> Fault:
    """A scalar written otherwise; it is found where it stands."""
    return Fault(edited(subject.text, node.span.start, node.span.end, new), rule, node.span.start)


def without(subject: Subject, node: MapNode, key: str) -> str | None:
    """The text without an entry of a map; None where that cannot be cut out whole."""
    entry = node.entry(key)
    if entry is None or len(node.entries) < 2:
        return None
    index = next(number for number, one in enumerate(node.entries) if one is entry)
    text, start, end = subject.text, entry.key_span.start, entry.value.span.end
    if text[node.span.start] == "{":
        if index + 1 < len(node.entries):
            return edited(text, start, node.entries[index + 1].key_span.start, "")
        return edited(text, text.rindex(",", 0, start), end, "")
    line_start, line_end = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    if index == 0:
        return edited(text, start, node.entries[1].key_span.start, "")
    if text[line_start:start].strip() or text[end:line_end].strip():
        return None
    return edited(text, line_start, line_end + 1, "")


def ids(subject: Subject) -> dict[str, ScalarNode]:
    """The ids of steps."""
    found = ((one.node.get("id")) for one in subject.steps)
    return {one.text: one for one in found if isinstance(one, ScalarNode)}


def scalar(step: Step, key: str) -> ScalarNode | None:
    node = step.node.get(key)
    return node if isinstance(node, ScalarNode) else None


def calls(subject: Subject) -> Iterator[tuple[Step, MapNode, ObjectType]]:
    """Calls whose input is written out as a map of fields."""
    for step in subject.steps:
        named, given = scalar(step, "call"), step.node.get("with")
        activity = subject.activity(named.text) if named is not None else None
        if activity is not None and isinstance(given, MapNode) and isinstance(activity.input, ObjectType):
            yield step, given, activity.input
