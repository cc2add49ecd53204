"""The document as it was written: maps, lists and scalars, each with its place.

Made by `document`, shaped by `schema`, bound by `bind`. A node is compared by identity: two equal texts at two places
are two nodes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from flowbridge.text.source import Source, Span

Style = Literal["plain", "'", '"', "|", ">"]
ScalarValue = bool | int | float | str | None


@dataclass(frozen=True, eq=False)
class ScalarNode:
    """A scalar by YAML 1.2's core schema; `text` is what was written, after YAML's own unquoting and folding."""

    value: ScalarValue
    text: str
    style: Style
    span: Span


@dataclass(frozen=True, eq=False)
class ListNode:
    """A list."""

    items: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, eq=False)
class Entry:
    """A key and its value."""

    key: str
    key_span: Span
    value: Node


@dataclass(frozen=True, eq=False)
class MapNode:
    """A map; its keys are texts and differ."""

    entries: tuple[Entry, ...]
    span: Span

    @cached_property
    def _by_key(self) -> dict[str, Entry]:
        return {one.key: one for one in self.entries}

    def entry(self, key: str) -> Entry | None:
        """The entry under a key, or None."""
        return self._by_key.get(key)

    def get(self, key: str) -> Node | None:
        """The value under a key, or None where the key is missing."""
        entry = self.entry(key)
        return entry.value if entry is not None else None

    def __contains__(self, key: str) -> bool:
        return self.entry(key) is not None

    def __iter__(self) -> Iterator[str]:
        return (one.key for one in self.entries)


Node = ScalarNode | ListNode | MapNode


@dataclass(frozen=True, eq=False)
class Document:
    """One YAML file, whole."""

    source: Source
    root: MapNode


def kind_of(node: Node) -> str:
    """What a node is, in words for messages."""
    match node:
        case MapNode():
            return "a map"
        case ListNode():
            return "a list"
        case ScalarNode(value=None):
            return "nothing"
        case ScalarNode(value=bool(value)):
            return "true" if value else "false"
        case ScalarNode(value=int() | float()):
            return f"the number {shorten(node.text)}"
        case ScalarNode():
            return f'the text "{shorten(node.text)}"'


def shorten(text: str, most: int = 40) -> str:
    """The text on one line, cut where it is long."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"


def node_value(node: Node) -> object:
    """The plain value of a node."""
    match node:
        case ScalarNode():
            return node.value
        case ListNode():
            return [node_value(one) for one in node.items]
        case MapNode():
            return {one.key: node_value(one.value) for one in node.entries}
