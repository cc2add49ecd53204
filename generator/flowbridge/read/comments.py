"""Comments that were meant as text: `Invoice #${number}` without quotes ends before the `#`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flowbridge.read.nodes import Document, ListNode, MapNode, Node, ScalarNode
from flowbridge.text.diagnostic import Diagnostic
from flowbridge.text.source import Span

_MEANT = re.compile(r"[ \t]+(#[${0-9][^\n]*)")
"""A comment is written with a blank after its sign; a value or a number right behind it is text."""


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
