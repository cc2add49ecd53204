"""Cron expressions: what the platform's timer takes, and what never comes."""

from __future__ import annotations

import pytest

from flowbridge.model.cron import cron_problem


@pytest.mark.parametrize(
    "text",
    [
        "* * * * *",
        "0 8 * * 1-5",
        "*/5 * * * *",
        "0 */2 * * *",
        "30 6 1,15 * *",
        "0 0 1 jan *",
        "0 0 * * mon-fri",
        "0 0 * * Sunday",
        "0 0 29 2 *",
        "0 0 31 1-12 *",
        "15 0 8 * * *",
        "0 0 8 1 January 7",
        "10-20/5 * * * *",
        "5/15 * * * *",
    ],
)
def test_what_is_right(text: str) -> None:
    assert cron_problem(text) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "five or six"),
        ("0 8 * *", "this has 4"),
        ("0 8 * * * * *", "this has 7"),
        ("60 8 * * *", "minute"),
        ("0 24 * * *", "hour"),
        ("0 0 0 * *", "day"),
        ("0 0 32 * *", "between 1 and 31"),
        ("0 0 * 13 *", "month"),
        ("0 0 * * 8", "day of the week"),
        ("0 0 * * funday", "sun, mon"),
        ("0 0 * mon *", "jan, feb"),
        ("x * * * *", "minute"),
        ("1,,2 * * * *", "cannot be read"),
        ("5-1 * * * *", "stands for nothing"),
        ("*/0 * * * *", "stands for nothing"),
        ("*/99 * * * *", "stands for nothing"),
        ("*-5 * * * *", "cannot be read"),
        ("0 0 30 2 *", "no month"),
        ("0 0 31 4,6 *", "no month"),
        ("60 0 8 * * *", "second"),
        ("@daily", "five or six"),
        ("\u0665 * * * *", "number"),
    ],
)
def test_what_is_wrong(text: str, words: str) -> None:
    problem = cron_problem(text)
    assert problem is not None
    assert words in problem
