"""Comments of a workflow file: those that were meant as text, and those that silence warnings.

`Invoice #${number}` without quotes ends before the `#`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from flowbridge.model.workflow import Ignored
from flowbridge.read.ignoring import ignored_in
from flowbridge.read.nodes import Document, ListNode, MapNode, Node, ScalarNode
from flowbridge.text.diagnostic import Diagnostic
from flowbridge.text.source import Span

_MEANT = re.compile(r"[ \t]+(#[${0-9][^\n]*)")
"""A comment is written with a blank after its sign; a value or a number right behind it is text."""
_SILENCING = re.compile(r"(?m)(?:(?<=[ \t])|^)#[ \t]*flowbridge:[ \t]*ignore\b[^\n]*")


def check_comments(document: Document) -> Iterator[Diagnostic]:
    """Warns of each text without quotes that is followed by such a comment."""
    for node in _scalars(document.root):
        if node.style != "plain" or not isinstance(node.value, str):
            continue
        source = node.span.source
        found = _MEANT.match(source.text, node.span.end)
        if found is not None:
            span = Span(source, found.start(1), found.end(1))
            words = "this is a comment, and not a part of the text before it"
            yield Diagnostic("W101", span, words, "a comment", "put the text into quotes, or a blank after the #")


def silenced_lines(document: Document) -> tuple[Ignored, ...]:
    """The comments that silence warnings; what looks like one within a text is none."""
    source = document.source
    found = [(one.start(), one.end()) for one in _SILENCING.finditer(source.text)]
    if not found:
        return ()
    texts = sorted((one.span.start, one.span.end) for one in _scalars(document.root))
    starts = [start for start, _ in texts]
    comments = (place for place in found if not _within(place[0], texts, starts))
    return tuple(ignored_in(source, comments))


def _within(offset: int, texts: list[tuple[int, int]], starts: list[int]) -> bool:
    index = bisect_right(starts, offset) - 1
    return index >= 0 and offset < texts[index][1]


def _scalars(node: Node) -> Iterator[ScalarNode]:
    match node:
        case ScalarNode():
            yield node
        case ListNode():
            for item in node.items:
                yield from _scalars(item)
        case MapNode():
            for entry in node.entries:
                yield from _scalars(entry.value)
