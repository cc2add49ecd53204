"""The functions of the language that the generated app carries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowbridge.runtime import functions as f


def test_the_ends_of_a_list_are_missing_where_it_is_empty() -> None:
    empty: list[int] = []
    assert (f.first(empty), f.last(empty), f.smallest(empty), f.largest(empty)) == (None, None, None, None)
    assert (f.first([3, 1]), f.last([3, 1]), f.smallest([3, 1]), f.largest([3, 1])) == (3, 1, 1, 3)
    assert (f.smallest(3, 1, 2), f.largest("a", "b")) == (1, "b")


def test_coalesce_takes_what_is_there_also_where_it_is_nothing_much() -> None:
    values: list[object] = [0, "", False, [], None]
    assert [f.coalesce(value, 9) for value in values] == [0, "", False, [], 9]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (3, "3"),
        (3.0, "3"),
        (-0.0, "0"),
        (2.5, "2.5"),
        (1e15, "1000000000000000"),
        (1e16, "1e+16"),
        (1e300, "1e+300"),
        ("as it is", "as it is"),
        ("ünï\n", "ünï\n"),
    ],
)
def test_a_value_is_written_as_people_write_it(value: object, shown: str) -> None:
    assert f.text(value) == shown


@pytest.mark.parametrize(
    ("moment", "duration", "later"),
    [
        ("2024-02-28T12:00:00Z", "1d", "2024-02-29T12:00:00Z"),
        ("2024-02-28T12:00:00Z", "1d12h30m15s", "2024-03-01T00:30:15Z"),
        ("2024-02-28T12:00:00Z", "P1DT12H", "2024-03-01T00:00:00Z"),
        ("2024-02-28T12:00:00Z", "-1w", "2024-02-21T12:00:00Z"),
        ("2024-02-28T12:00:00Z", "0.5s", "2024-02-28T12:00:00.500000Z"),
        ("2024-02-28T12:00:00+02:00", "1h", "2024-02-28T13:00:00+02:00"),
        ("2024-02-28", "1d", "2024-02-29T00:00:00Z"),
    ],
)
def test_a_duration_is_added_to_a_moment(moment: str, duration: str, later: str) -> None:
    assert f.add_duration(moment, duration) == later


@pytest.mark.parametrize("duration", ["", "1", "d", "1x", "1d 2h", "P", "PT", "1d1", "--1d", "P1.5D"])
def test_what_is_no_duration_is_an_error(duration: str) -> None:
    with pytest.raises(ValueError, match="is no duration"):
        f.add_duration("2024-02-28T12:00:00Z", duration)


@given(st.integers(0, 4_000_000_000), st.integers(0, 10_000_000))
def test_adding_seconds_is_what_it_says(moment: int, seconds: int) -> None:
    start = datetime.fromtimestamp(moment, UTC)
    later = f.add_duration(start.isoformat().replace("+00:00", "Z"), f"{seconds}s")
    assert datetime.fromisoformat(later) == start + timedelta(seconds=seconds)


def test_dates_and_moments_are_written_by_a_pattern() -> None:
    assert f.format_date("2024-02-09", "%d.%m.%Y") == "09.02.2024"
    assert f.format_date("2024-02-09T08:05:00Z", "%H:%M") == "08:05"


json_values: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


@given(json_values)
def test_json_text_and_values_are_two_sides(value: object) -> None:
    assert f.parse_json(f.to_json(value)) == value
    assert "\n" not in f.to_json(value)


def test_what_is_no_json_is_an_error() -> None:
    with pytest.raises(ValueError, match="Expecting"):
        f.parse_json("{")
