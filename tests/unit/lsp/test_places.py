"""Offsets and positions, and where a place is in a text that may be broken."""

from __future__ import annotations

import pytest

from flowbridge.lsp.cursor import Cursor, MapLevel, cursor
from flowbridge.lsp.lines import Lines, Unit
from flowbridge.lsp.outline import Outline

HEAD = "workflow: x\nsteps:\n  - id: a\n    call: check\n    with: {name: '${input.name}', b: 1}\n"


@pytest.mark.parametrize(
    ("unit", "column"), [("utf-8", 13), ("utf-16", 8), ("utf-32", 6)], ids=["utf-8", "utf-16", "utf-32"]
)
def test_columns_are_counted_in_the_client_s_units(unit: Unit, column: int) -> None:
    text = "a: 1\nx: 🎉é🎉y\n"
    lines = Lines(text, unit)
    assert lines.position(text.index("y")) == (1, column)
    assert lines.offset(1, column) == text.index("y")


@pytest.mark.parametrize("unit", ["utf-8", "utf-16", "utf-32"])
def test_every_offset_comes_back(unit: Unit) -> None:
    text = "a\r\nb🎉\u2028c\rd\n\né"
    lines = Lines(text, unit)
    assert len(lines) == 5, "a line separator of Unicode ends no line of the protocol"
    for offset in range(len(text) + 1):
        if text[offset - 1 : offset + 1] != "\r\n":
            assert lines.offset(*lines.position(offset)) == offset


@pytest.mark.parametrize("place", [(-1, 3), (0, 99), (99, 0), (1, -5)])
def test_positions_outside_of_the_text_are_the_nearest_within(place: tuple[int, int]) -> None:
    assert 0 <= Lines("ab\ncd").offset(*place) <= 5


def _at(marked: str) -> Cursor | None:
    text = marked.replace("¦", "")
    return cursor(Outline(Lines(text)), marked.index("¦"))


def _path(found: Cursor | None) -> list[object]:
    assert found is not None
    return [one.key if isinstance(one, MapLevel) else one.index for one in found.levels]


@pytest.mark.parametrize(
    ("marked", "at", "path"),
    [
        ("¦", "key", [None]),
        (HEAD + "¦", "key", [None]),
        (HEAD + "out¦", "key", [None]),
        (HEAD + "  - ¦", "value", ["steps", 1]),
        (HEAD + "  - st¦", "value", ["steps", 1]),
        (HEAD + "  - id: b\n    ¦", "key", ["steps", 1, None]),
        (HEAD + "  - id: b\n    ca¦\n    title: t\n", "key", ["steps", 1, None]),
        (HEAD + "  - id: b\n    call: ch¦\n", "value", ["steps", 1, "call"]),
        (HEAD + "  - id: b\n    call: ¦\n    title: t\n", "value", ["steps", 1, "call"]),
        (HEAD + "  - id: b\n    with: {x: '${a.¦\n    title: t\n", "value", ["steps", 1, "with", "x"]),
        (HEAD + "  - id: b\n    with: {x: 1, ¦}\n", "key", ["steps", 1, "with", None]),
        (HEAD + "  - id: b\n    with:\n      na¦\n    title: t\n", "key", ["steps", 1, "with", None]),
        (HEAD + "  - id: b\n    with:\n      ¦\n", "key", ["steps", 1, "with", None]),
        (HEAD + "  - status: |\n      hello ${a.¦\n      more\n  - id: z\n", "value", ["steps", 1, "status"]),
        (HEAD + "  - steps: [{status: 'a ${b.¦}'}]\n", "value", ["steps", 1, "steps", 0, "status"]),
        (HEAD + "  - catch:\n      - on: [Ba¦]\n", "value", ["steps", 1, "catch", 0, "on", 0]),
        (HEAD + "  - catch:\n      - on:\n          - ¦\n", "value", ["steps", 1, "catch", 0, "on", 0]),
        ("on_failure:\n- id: x\n  call: y\n- ¦\n", "value", ["on_failure", 1]),
        ("steps:\n- id: x\n  call: y\n  ¦\n- id: z\n", "key", ["steps", 0, None]),
    ],
)  # fmt: skip
def test_a_place_knows_what_is_around_it(marked: str, at: str, path: list[object]) -> None:
    found = _at(marked)
    assert found is not None
    assert found.at == at
    assert _path(found) == path


def test_the_keys_of_a_map_before_and_behind_the_place_are_known() -> None:
    found = _at(HEAD + "  - id: b\n    ¦\n    title: t\n  - id: c\n")
    assert found is not None
    level = found.levels[-1]
    assert isinstance(level, MapLevel)
    assert dict(level.keys) == {"id": "b", "title": "t"}
    braces = _at("steps:\n  - {id: b, ¦, title: t}\n")
    assert braces is not None
    level = braces.levels[-1]
    assert isinstance(level, MapLevel)
    assert set(level.keys) == {"id", "title"}


@pytest.mark.parametrize(
    ("marked", "expression"),
    [
        ("a: x ${one.¦", "one."),
        ("a: x ${one.¦} y", "one."),
        ("a: ${f('}') + ¦b} y", "f('}') + b"),
        ("a: $${one.¦}", None),
        ("a: ${one} ¦ ${two}", None),
        ("a: ${one} ${t¦wo}", "two"),
        ("a:\n  b: {c: '${one.¦'}\n", "one.'"),
    ],
)
def test_the_expression_around_a_place_is_found(marked: str, expression: str | None) -> None:
    found, text = _at(marked), marked.replace("¦", "")
    assert found is not None
    assert (text[found.hole.start : found.hole.end] if found.hole is not None else None) == expression


@pytest.mark.parametrize("marked", ["a: 1 # note ¦", "# ¦ x\na: 1"])
def test_nothing_stands_in_a_comment(marked: str) -> None:
    assert _at(marked) is None
