"""Where each character of a scalar stands, in every way YAML has to write one."""

from __future__ import annotations

import pytest

from flowbridge.read.document import parse
from flowbridge.read.nodes import ScalarNode
from flowbridge.read.placed import place
from flowbridge.text.source import Source


def scalar(text: str) -> ScalarNode:
    node = parse(Source("a.yaml", text)).root.get("k")
    assert isinstance(node, ScalarNode)
    return node


@pytest.mark.parametrize(
    "text",
    [
        "k: plain ${MARK} text\n",
        "k: 'single ${MARK} text'\n",
        "k: 'it''s ${MARK}'\n",
        'k: "double ${MARK} text"\n',
        'k: "a\\tb \\u00e9 \\x41 ${MARK} text"\n',
        "k: é 😀 ${MARK}\n",
        "k: over\n  several ${MARK}\n  lines\n",
        "k: over\n\n\n  several ${MARK}\n",
        "k: 'over\n  several ${MARK} lines'\n",
        "k: |\n  block\n    with ${MARK}\n  in it\n",
        "k: |\n\n  after\n\n  blank ${MARK} lines\n",
        "k: >-\n  folded\n  text ${MARK} here\n",
        "k: |2\n    indented ${MARK}\n",
        "k: plain ${MARK}\r\n",
        "k: |\r\n  block\r\n  with ${MARK}\r\n",
        "k: &anchor text ${MARK}\n",
    ],
)
def test_a_part_of_a_scalar_is_found_in_the_source(text: str) -> None:
    placed = place(scalar(text))
    at = placed.text.index("MARK")
    span = placed.span(at, at + 4)
    assert text[span.start : span.end] == "MARK"


@pytest.mark.parametrize(
    "text",
    [
        "k: 'it''s\n  over ${MARK} lines'\n",
        'k: "an \\\n  escaped ${MARK} break"\n',
        "k: >\n  folded\n\n    more ${MARK}\n\n  text\n",
    ],
)
def test_what_cannot_be_followed_is_shown_whole_or_right(text: str) -> None:
    node = scalar(text)
    placed = place(node)
    at = placed.text.index("MARK")
    span = placed.span(at, at + 4)
    assert span == node.span or text[span.start : span.end] == "MARK"


def test_a_piece_keeps_its_places() -> None:
    placed = place(scalar("k: 'one ${two three}'\n")).piece(6, 15)
    assert placed.text == "two three"
    span = placed.span(4, 9)
    assert (span.source.text[span.start : span.end], span.column) == ("three", 15)
