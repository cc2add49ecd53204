"""Bytes to `Source`, and `Source` to `Document`: YAML 1.2's core with a place on everything, and no surprise left.

PyYAML's parser gives events, never values: no tag constructs anything, no key overwrites another in silence, no alias
is followed further than it pays, and nesting is counted before anything recurses into it.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import yaml

from flowbridge.read.nodes import Document, Entry, ListNode, MapNode, Node, ScalarNode, Style, shorten
from flowbridge.read.scalars import NotANumberError, resolve
from flowbridge.read.yaml_words import explain
from flowbridge.text.diagnostic import CompileError, Diagnostic, Related
from flowbridge.text.source import Source, Span

LARGEST = 2_000_000
"""Bytes of a workflow file; a workflow is written by people."""
DEEPEST = 100
MOST_ALIASED = 10_000
"""Nodes that aliases may add to a document, all together."""

_Loader: type[yaml.CSafeLoader | yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_OTHER_ENCODINGS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_STYLES: dict[str | None, Style] = {"'": "'", '"': '"', "|": "|", ">": ">"}


def read_source(path: Path, shown: str) -> Source:
    """The text of a file, under the name that people see; raises `CompileError`, and `OSError` as it comes."""
    with path.open("rb") as file:
        return decode(file.read(LARGEST + 1), shown)


def decode(content: bytes, shown: str) -> Source:
    """The text of a file's bytes: UTF-8, with or without a byte order mark; raises `CompileError`."""
    if len(content) > LARGEST:
        source = Source(shown, content[:200].decode("utf-8", "replace"))
        _fail(
            "E102",
            Span(source, 0, 0),
            f"the file is larger than {LARGEST:,} bytes",
            "a workflow is written by hand",
            hint="keep data out of the workflow: pass it in, or have an activity read it",
        )
    for mark, encoding in _OTHER_ENCODINGS:
        if content.startswith(mark):
            source = Source(
                shown, content[len(mark) :].decode(encoding + "-le" if mark[0] == 0xFF else encoding, "replace")
            )
            _fail("E101", Span(source, 0, 0), f"the file is {encoding}, not UTF-8", hint="save the file as UTF-8")
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        return Source(shown, content.decode("utf-8"))
    except UnicodeDecodeError as error:
        source = Source(shown, content.decode("utf-8", "replace"))
        start = len(content[: error.start].decode("utf-8", "replace"))
        _fail(
            "E101",
            Span(source, start, start + 1),
            f"the byte 0x{content[error.start]:02x} is not UTF-8",
            "this byte",
            hint="save the file as UTF-8",
        )


def parse(source: Source) -> Document:
    """The document of a source; raises `CompileError` with the first thing that is not YAML, or not allowed in it."""
    if (bad := _FORBIDDEN.search(source.text)) is not None:
        _fail(
            "E112",
            Span(source, bad.start(), bad.end()),
            f"the character U+{ord(bad[0]):04X} may not stand in a file",
            "here",
            hint="remove it; editors often hide it",
        )
    try:
        root = _Composer(source).document()
    except yaml.YAMLError as error:
        raise CompileError([explain(error, source)]) from None
    if not isinstance(root, MapNode):
        what = "is empty" if isinstance(root, ScalarNode) and root.value is None else "does not hold a map"
        _fail(
            "E110",
            root.span,
            f"the file {what}",
            "a workflow is a map of keys",
            hint="begin with `workflow: name_of_it`; `flowbridge new DIR` writes a whole one",
        )
    return Document(source, root)


def _fail(
    rule: str, span: Span, message: str, label: str = "", *, hint: str | None = None, related: tuple[Related, ...] = ()
) -> NoReturn:
    raise CompileError([Diagnostic(rule, span, message, label, hint, related)])


class _Composer:
    """Events to nodes, by recursion that is bounded by `DEEPEST`."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._events: Iterator[yaml.Event] = yaml.parse(  # pyright: ignore[reportUnknownMemberType]
            source.text, Loader=_Loader
        )
        self._anchors: dict[str, tuple[Node, int] | None] = {}
        self._count = 0
        self._aliased = 0

    def document(self) -> Node:
        """The one document of the stream."""
        event = self._next()
        event = self._next()
        if isinstance(event, yaml.StreamEndEvent):
            return ScalarNode(None, "", "plain", Span(self._source, 0, 0))
        root = self._node(self._next(), 0)
        self._next()
        event = self._next()
        if not isinstance(event, yaml.StreamEndEvent):
            _fail(
                "E109",
                self._span(event),
                "a second document begins here",
                "only one is read",
                hint="put each workflow into a file of its own",
            )
        return root

    def _next(self) -> yaml.Event:
        return next(self._events)

    def _span(self, event: yaml.Event) -> Span:
        return Span(self._source, event.start_mark.index, event.end_mark.index)

    def _node(self, event: yaml.Event, depth: int) -> Node:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        assert isinstance(event, yaml.ScalarEvent | yaml.SequenceStartEvent | yaml.MappingStartEvent)
        if event.tag is not None:
            _fail(
                "E107",
                self._span(event),
                f'the tag "{shorten(_tag(event.tag))}" is not allowed',
                "a tag",
                hint="write the value without it; put a text that looks like a number into quotes",
            )
        if depth > DEEPEST:
            _fail("E108", self._span(event), f"this is nested more than {DEEPEST} levels deep", "too deep")
        before = self._count
        self._count += 1
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
        known = self._anchors.get(event.anchor, False)
        if known is False:
            _fail(
                "E105",
                self._span(event),
                f'no anchor "&{event.anchor}" stands before this alias',
                "unknown",
                hint=f"a text that begins with * needs quotes: '*{event.anchor}'",
            )
        if known is None or known is True:
            _fail("E105", self._span(event), f'"*{event.anchor}" stands inside of what it stands for', "no end")
        node, size = known
        self._count += size
        self._aliased += size
        if self._aliased > MOST_ALIASED:
            _fail(
                "E105",
                self._span(event),
                f"aliases add more than {MOST_ALIASED:,} values to this file",
                "here",
                hint="write the values out, or pass them in as data",
            )
        return node

    def _scalar(self, event: yaml.ScalarEvent) -> ScalarNode:
        style: Style = _STYLES.get(event.style or None, "plain")
        start, end = event.start_mark.index, event.end_mark.index
        if event.anchor is not None:
            start += len(_ANCHOR.match(self._source.text[start:end])[0])  # type: ignore[index]
        if style in ("|", ">"):
            end = start + len(self._source.text[start:end].rstrip(" \t\r\n"))
        span = Span(self._source, start, end)
        if (bad := _FORBIDDEN.search(event.value)) is not None:
            _fail("E112", span, f"the character U+{ord(bad[0]):04X} may not stand in a text", "written as an escape")
        if style != "plain":
            return ScalarNode(event.value, event.value, style, span)
        try:
            return ScalarNode(resolve(event.value), event.value, style, span)
        except NotANumberError as reason:
            _fail(
                "E113",
                span,
                f"{shorten(event.value)} cannot be carried as a number: {reason}",
                "this number",
                hint="put it into quotes if it is a text",
            )

    def _list(self, event: yaml.Event, depth: int) -> ListNode:
        items: list[Node] = []
        while not isinstance(following := self._next(), yaml.SequenceEndEvent):
            items.append(self._node(following, depth + 1))
        return ListNode(tuple(items), self._collection(event, following, items[-1].span if items else None))

    def _map(self, event: yaml.Event, depth: int) -> MapNode:
        entries: dict[str, Entry] = {}
        while not isinstance(following := self._next(), yaml.MappingEndEvent):
            entry = self._entry(following, depth)
            if (first := entries.get(entry.key)) is not None:
                _fail(
                    "E104",
                    entry.key_span,
                    f'the key "{shorten(entry.key)}" is written twice in one map',
                    "again",
                    hint="keep one of them",
                    related=(Related(first.key_span, "first here"),),
                )
            entries[entry.key] = entry
        last = next(reversed(entries.values())).value.span if entries else None
        return MapNode(tuple(entries.values()), self._collection(event, following, last))

    def _entry(self, event: yaml.Event, depth: int) -> Entry:
        key = self._node(event, depth + 1)
        if not isinstance(key, ScalarNode) or not isinstance(key.value, str):
            what = f"{shorten(key.text) or 'nothing'}" if isinstance(key, ScalarNode) else "a list or a map"
            _fail(
                "E111",
                key.span,
                f"{what} is used as a key, and keys are texts",
                "not a text",
                hint=f"put it into quotes: '{shorten(key.text)}'" if isinstance(key, ScalarNode) and key.text else None,
            )
        if key.text == "<<" and key.style == "plain":
            _fail(
                "E106",
                key.span,
                "merge keys are not part of YAML 1.2",
                "a merge key",
                hint="write the keys out; steps share settings through `retries` and `types`",
            )
        return Entry(key.value, key.span, self._node(self._next(), depth + 1))

    def _collection(self, event: yaml.Event, last_event: yaml.Event, last: Span | None) -> Span:
        """From the first character to the last child's end; in flow style to the closing bracket."""
        start, end = event.start_mark.index, last_event.end_mark.index
        if getattr(event, "flow_style", False) or last is None:
            return Span(self._source, start, end)
        if self._source.text[start : start + 1] == "&":
            start += len(_ANCHOR.match(self._source.text[start:])[0])  # type: ignore[index]
        return Span(self._source, start, max(start, last.end if last.end <= end else end))


_ANCHOR = re.compile(r"&\S+\s*")


def _tag(tag: str) -> str:
    return "!!" + tag.removeprefix("tag:yaml.org,2002:") if tag.startswith("tag:yaml.org,2002:") else tag
