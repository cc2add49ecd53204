"""Which name the author meant."""

from __future__ import annotations

import pytest

from flowbridge.text.suggest import did_you_mean, nearest, one_of

NAMES = ["approve", "title", "description", "max_concurrency", "recordCount", "on_timeout"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("aprove", "approve"),
        ("Title", "title"),
        ("titel", "title"),
        ("maxConcurrency", "max_concurrency"),
        ("record_count", "recordCount"),
        ("desc", "description"),
        ("on-timeout", "on_timeout"),
        ("banana", None),
        ("", None),
        ("x" * 5_000, None),
    ],
)
def test_the_nearest_name(word: str, expected: str | None) -> None:
    assert nearest(word, NAMES) == expected


def test_words() -> None:
    assert did_you_mean("aprove", NAMES) == 'did you mean "approve"?'
    assert did_you_mean("banana", NAMES) is None
    assert one_of([]) == "none"
    assert one_of(["a"]) == "a"
    assert one_of(["a", "b", "c"]) == "a, b or c"
    assert one_of([str(n) for n in range(5)], most=2) == "0, 1 and 3 more"
