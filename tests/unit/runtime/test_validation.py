"""Values from outside against their schema: every problem at its place, and defaults where something was left out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowbridge.runtime.validation import Schema, complete, problems, without_absent

ITEM: Schema = {
    "type": "object",
    "properties": {"a": {"type": "integer"}, "b": {"type": ["string", "null"], "default": "none"}},
    "required": ["a"],
    "additionalProperties": False,
}
LIST: Schema = {"type": "array", "items": ITEM}
MAP: Schema = {"type": "object", "additionalProperties": ITEM}


def found(schema: Schema, value: object) -> list[tuple[str, str]]:
    """The problems of a value, as pointer and rule."""
    return [(one["pointer"], one["rule"]) for one in problems(schema, value)]


@pytest.mark.parametrize(
    ("schema", "value", "expected"),
    [
        (ITEM, {"a": 1}, []),
        (ITEM, {}, [("/a", "required")]),
        (ITEM, {"a": 1, "c": 1, "d": 2}, [("/c", "additionalProperties"), ("/d", "additionalProperties")]),
        (ITEM, {"a": "1", "b": 2}, [("/a", "type"), ("/b", "type")]),
        (ITEM, [], [("", "type")]),
        (LIST, [{"a": 1}, {"b": "x"}, 5], [("/1/a", "required"), ("/2", "type")]),
        (ITEM, {"a": 2**63 - 1}, []),
        (ITEM, {"a": -(2**63)}, []),
        (ITEM, {"a": 2**63}, [("/a", "type")]),
        (ITEM, {"a": -(2**63) - 1}, [("/a", "type")]),
        (ITEM, {"a": 1e30}, [("/a", "type")]),
        ({"type": ["integer", "null"]}, 2**63, [("", "type")]),
        ({"type": ["integer", "number"]}, 2**63, []),
        ({"type": "number"}, 2**63, []),
        ({"type": "integer", "maximum": 9}, 2**63, [("", "maximum")]),
        (MAP, {"x/y": {"a": "1"}, "~": {}}, [("/x~1y/a", "type"), ("/~0/a", "required")]),
    ],
)
def test_each_problem_is_told_at_its_place(schema: Schema, value: object, expected: list[tuple[str, str]]) -> None:
    assert found(schema, value) == expected


def test_at_most_a_hundred_problems_of_bounded_length_are_told() -> None:
    told = problems(ITEM, {"x" * 10_000 + str(number): number for number in range(500)})
    assert len(told) == 100
    assert all(len(one["pointer"]) <= 500 and len(one["message"]) <= 500 for one in told)


FORMATS: list[tuple[str, str, bool]] = [
    ("date", "2024-02-29", True),
    ("date", "2023-02-29", False),
    ("date", "2024-2-9", False),
    ("date", "20240229", False),
    ("date-time", "2024-02-29T12:00:00Z", True),
    ("date-time", "2024-02-29T12:00:00.123456+05:30", True),
    ("date-time", "2024-02-29T12:00:00", False),
    ("date-time", "2024-02-29", False),
    ("duration", "P7D", True),
    ("duration", "PT1H30M", True),
    ("duration", "P1W", True),
    ("duration", "P", False),
    ("duration", "PT", False),
    ("duration", "7d", False),
    ("uuid", "8f14e45f-ceea-467f-a0e6-5e1b5a2d7c11", True),
    ("uuid", "8f14e45fceea467fa0e65e1b5a2d7c11", False),
    ("email", "a@b", True),
    ("email", "a b@c", False),
    ("email", "a@b@c", False),
    ("uri", "https://example.com", True),
    ("uri", "mailto:a@b", True),
    ("uri", "/path", False),
    ("uri", "http://[", False),
]


@pytest.mark.parametrize(("name", "value", "fits"), FORMATS)
def test_formats_are_checked(name: str, value: str, fits: bool) -> None:
    assert (found({"type": "string", "format": name}, value) == []) is fits


@pytest.mark.parametrize(
    ("pattern", "value", "fits"),
    [
        ("^[a-z]+$", "abc", True),
        ("^[a-z]+$", "abc\n", False),
        ("^a\\$$", "a$", True),
        ("^a\\$$", "a$\n", False),
        ("^[$]+$", "$$", True),
        ("^[\\]$]+$", "]$", True),
        ("b", "abc", True),
        ("a$|b", "b\n", True),
    ],
)
def test_the_end_of_a_pattern_is_the_end(pattern: str, value: str, fits: bool) -> None:
    assert (found({"type": "string", "pattern": pattern}, value) == []) is fits


def test_defaults_and_none_are_filled_in_at_any_depth() -> None:
    schema: Schema = {
        "type": "object",
        "properties": {"list": LIST, "map": MAP, "one": {"default": {"z": 1}}, "none": {}},
    }
    given_value: Any = {"list": [{"a": 1}], "map": {"k": {"a": 2, "b": None}}}
    assert complete(schema, given_value) == {
        "list": [{"a": 1, "b": "none"}],
        "map": {"k": {"a": 2, "b": "none"}},
        "one": {"z": 1},
        "none": None,
    }
    assert given_value == {"list": [{"a": 1}], "map": {"k": {"a": 2, "b": None}}}


json_values: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


@given(json_values)
def test_what_is_left_out_on_the_way_out_is_none_alone(value: Any) -> None:
    def count(one: Any) -> int:
        if isinstance(one, dict):
            return sum(count(part) for part in one.values() if part is not None)  # pyright: ignore[reportUnknownVariableType]
        return sum(count(part) for part in one) if isinstance(one, list) else 1  # pyright: ignore[reportUnknownVariableType]

    assert count(without_absent(value)) == count(value)
    assert without_absent(without_absent(value)) == without_absent(value)


@given(json_values, st.sampled_from([ITEM, LIST, MAP]))
def test_any_value_is_checked_and_completed_without_an_error(value: Any, schema: Schema) -> None:
    told = problems(schema, value)
    if not told:
        assert problems(schema, complete(schema, value)) == []
