"""YAML's events to nodes: YAML 1.2's core with a place on everything, and no surprise left.

PyYAML's parser gives events, never values: no tag constructs anything, no key overwrites another in silence, no alias
is followed further than it pays, and nesting is counted before anything recurses into it. What can be passed over is
reported and the file read on; the rest ends the reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from flowbridge.read.nodes import Entry, ListNode, MapNode, Node, ScalarNode, ScalarValue, Style, shorten
from flowbridge.read.scalars import NotANumberError, resolve
from flowbridge.text.diagnostic import Diagnostic, EnoughError, Findings, Related
from flowbridge.text.source import Source, Span

DEEPEST = 64
"""Maps and lists within each other; every walk over a document recurses no deeper than a few times this."""
MOST_VALUES = 50_000
"""Maps, lists and scalars of one file; a workflow of 5,000 lines has half of it."""
MOST_ALIASED = 10_000
"""Nodes that aliases may add to a document, all together."""
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
"""Characters that YAML, JSON or the engine's storage does not have."""

_Loader: type[yaml.CSafeLoader | yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_STYLES: dict[str | None, Style] = {"'": "'", '"': '"', "|": "|", ">": ">"}
_ANCHOR = re.compile(r"&\S+\s*")
_YAML_TAG = "tag:yaml.org,2002:"


class Composer:
    """Events to nodes, by recursion that is bounded by `DEEPEST`."""

    def __init__(self, source: Source, findings: Findings) -> None:
        self._source = source
        self._findings = findings
        self._events: Iterator[yaml.Event] = yaml.parse(  # pyright: ignore[reportUnknownMemberType]
            source.text, Loader=_Loader
        )
        self._anchors: dict[str, tuple[Node, int] | None] = {}
        self._count = 0
        self._aliased = 0

    def document(self) -> Node:
        """The one document of the stream; raises `yaml.YAMLError` where it is broken, and `EnoughError`."""
        self._next()
        if isinstance(self._next(), yaml.StreamEndEvent):
            return self._nothing(Span(self._source, 0, 0))
        root = self._node(self._next(), 0)
        self._next()
        event = self._next()
        if not isinstance(event, yaml.StreamEndEvent):
            words = "a second document begins here"
            hint = "put each workflow into a file of its own"
            self._report("E109", self._span(event), words, "only one is read", hint)
        return root

    def _report(
        self,
        rule: str,
        span: Span,
        message: str,
        label: str,
        hint: str | None = None,
        related: tuple[Related, ...] = (),
    ) -> None:
        self._findings.report(Diagnostic(rule, span, message, label, hint, related))

    def _next(self) -> yaml.Event:
        return next(self._events)

    def _span(self, event: yaml.Event) -> Span:
        return Span(self._source, event.start_mark.index, event.end_mark.index)

    @staticmethod
    def _nothing(span: Span) -> ScalarNode:
        return ScalarNode(None, "", "plain", span)

    def _node(self, event: yaml.Event, depth: int) -> Node:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        assert isinstance(event, yaml.ScalarEvent | yaml.SequenceStartEvent | yaml.MappingStartEvent)
        if depth > DEEPEST:
            words = f"this is nested more than {DEEPEST} levels deep"
            self._report("E108", self._span(event), words, "too deep")
            raise EnoughError
        if event.tag is not None:
            tag = shorten(event.tag.replace(_YAML_TAG, "!!"))
            hint = "write the value without it; put a text that looks like a number into quotes"
            self._report("E107", self._span(event), f'the tag "{tag}" is not allowed', "a tag", hint)
        before = self._count
        self._count += 1
        if self._count > MOST_VALUES:
            words = f"the file holds more than {MOST_VALUES:,} values"
            hint = "keep data out of the workflow: pass it in, or have an activity read it"
            self._report("E102", self._span(event), words, "too many", hint)
            raise EnoughError
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        node = self._compose(event, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = (node, self._count - before)
        return node

    def _compose(self, event: yaml.Event, depth: int) -> Node:
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(event, depth)
        assert isinstance(event, yaml.MappingStartEvent)
        return self._map(event, depth)

    def _alias(self, event: yaml.AliasEvent) -> Node:
        span, name = self._span(event), event.anchor
        if name not in self._anchors:
            hint = f"a text that begins with * needs quotes: '*{shorten(name)}'"
            self._report("E105", span, f'no anchor "&{shorten(name)}" stands before this alias', "unknown", hint)
            raise EnoughError
        known = self._anchors[name]
        if known is None:
            self._report("E105", span, f'"*{shorten(name)}" stands inside of what it stands for', "no end")
            return self._nothing(span)
        node, size = known
        self._count += size
        self._aliased += size
        if self._aliased > MOST_ALIASED:
            words = f"aliases add more than {MOST_ALIASED:,} values to this file"
            self._report("E105", span, words, "here", "write the values out, or pass them in as data")
            raise EnoughError
        return node

    # ---- kinds

    def _scalar(self, event: yaml.ScalarEvent) -> ScalarNode:
        style: Style = _STYLES.get(event.style or None, "plain")
        start, end = event.start_mark.index, event.end_mark.index
        if event.anchor is not None:
            start = self._after_anchor(start, end)
        if style in ("|", ">"):
            end = start + len(self._source.text[start:end].rstrip(" \t\r\n"))
        span = Span(self._source, start, end)
        if (bad := FORBIDDEN.search(event.value)) is not None:
            words = f"the character U+{ord(bad[0]):04X} may not stand in a text"
            self._report("E112", span, words, "written as an escape")
        value = self._value(event.value, span) if style == "plain" else event.value
        return ScalarNode(value, event.value, style, span)

    def _value(self, text: str, span: Span) -> ScalarValue:
        try:
            return resolve(text)
        except NotANumberError as reason:
            words = f"{shorten(text)} cannot be carried as a number: {reason}"
            self._report("E113", span, words, "this number", "put it into quotes if it is a text")
            return text

    def _after_anchor(self, start: int, end: int) -> int:
        found = _ANCHOR.match(self._source.text, start)
        return min(found.end(), end) if found is not None else start

    def _list(self, event: yaml.Event, depth: int) -> ListNode:
        items: list[Node] = []
        while not isinstance(following := self._next(), yaml.SequenceEndEvent):
            items.append(self._node(following, depth + 1))
        return ListNode(tuple(items), self._collection(event, following, items[-1].span if items else None))

    def _map(self, event: yaml.Event, depth: int) -> MapNode:
        entries: dict[str, Entry] = {}
        last: Span | None = None
        while not isinstance(following := self._next(), yaml.MappingEndEvent):
            key = self._key(self._node(following, depth + 1))
            value = self._node(self._next(), depth + 1)
            last = value.span
            if key is None:
                continue
            if (first := entries.get(key.text)) is not None:
                words = f'the key "{shorten(key.text)}" is written twice in one map'
                related = (Related(first.key_span, "first here"),)
                self._report("E104", key.span, words, "again", "keep one of them", related)
            else:
                entries[key.text] = Entry(key.text, key.span, value)
        return MapNode(tuple(entries.values()), self._collection(event, following, last))

    def _key(self, key: Node) -> ScalarNode | None:
        """The key, if it is a text that may be one."""
        if not isinstance(key, ScalarNode):
            self._report("E111", key.span, "a list or a map is used as a key, and keys are texts", "not a text")
            return None
        if not isinstance(key.value, str):
            hint = f"put it into quotes: '{shorten(key.text)}'" if key.text else None
            words = f"{shorten(key.text) or 'nothing'} is used as a key, and keys are texts"
            self._report("E111", key.span, words, "not a text", hint)
            return None
        if key.text == "<<" and key.style == "plain":
            hint = "write the keys out; steps share settings through `retries` and `types`"
            self._report("E106", key.span, "merge keys are not part of YAML 1.2", "a merge key", hint)
            return None
        return key

    def _collection(self, event: yaml.Event, last_event: yaml.Event, last: Span | None) -> Span:
        """From the first character to the last child's end; in flow style to the closing bracket."""
        start, end = event.start_mark.index, last_event.end_mark.index
        if self._source.text.startswith("&", start):
            start = self._after_anchor(start, end)
        if getattr(event, "flow_style", False) or last is None:
            return Span(self._source, start, end)
        return Span(self._source, start, max(start, last.end if last.end <= end else end))
