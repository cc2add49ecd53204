"""Where `${ … }` begins and ends in a text."""

from __future__ import annotations

import pytest

from flowbridge.read.placed import Placed
from flowbridge.read.templates import Hole, split
from flowbridge.text.diagnostic import Diagnostic
from flowbridge.text.source import Source, Span


def parts(text: str) -> tuple[list[str] | None, list[Diagnostic]]:
    """The parts with a hole as `<inner>`."""
    source = Source("a.yaml", text)
    found: list[Diagnostic] = []
    placed = Placed(text, Span(source, 0, len(text)), tuple(range(len(text) + 1)))
    split_parts = split(placed, found.append)
    if split_parts is None:
        return None, found
    return [f"<{one.inner.text}>" if isinstance(one, Hole) else one for one in split_parts], found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("plain", ["plain"]),
        ("${a}", ["<a>"]),
        ("x ${a} y ${b}", ["x ", "<a>", " y ", "<b>"]),
        ("${a}${b}", ["<a>", "<b>"]),
        ('${join(a, "}")}', ['<join(a, "}")>']),
        ("${'{'}", ["<'{'>"]),
        ("${ {a: {b}} }!", ["< {a: {b}} >", "!"]),
        ("${'it\\'s }'}", ["<'it\\'s }'>"]),
        ("$${a}", ["${a}"]),
        ("cost: $5 and $${x} and ${y}", ["cost: $5 and ${x} and ", "<y>"]),
        ("$", ["$"]),
        ("{a}", ["{a}"]),
        ("$$", ["$$"]),
    ],
)
def test_parts(text: str, expected: list[str]) -> None:
    assert parts(text) == (expected, [])


@pytest.mark.parametrize(
    ("text", "rule", "at"),
    [("x ${a", "E132", 2), ("${a} ${b {}", "E132", 5), ("${it's}", "E130", 4), ("${", "E132", 0), ('${"', "E132", 0)],
)
def test_what_is_never_closed(text: str, rule: str, at: int) -> None:
    found, findings = parts(text)
    assert found is None
    assert [(one.rule, one.span.start) for one in findings] == [(rule, at)]
