"""When a failed call is tried again: the arithmetic of a policy."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowbridge.runtime.retry import ONCE, Retry

policies = st.builds(
    Retry,
    max_attempts=st.integers(1, 100),
    initial_delay=st.floats(0, 518_400),
    backoff=st.floats(1, 100),
    max_delay=st.none() | st.floats(0, 518_400),
    max_duration=st.none() | st.floats(1, 31_536_000),
    jitter=st.booleans(),
)


def test_a_call_without_a_policy_is_made_once() -> None:
    assert ONCE.delay("Any", 1, "k") is None


def test_delays_grow_by_the_backoff_up_to_the_longest() -> None:
    retry = Retry(max_attempts=9, initial_delay=30, backoff=2, max_delay=600)
    delays = [retry.delay("E", attempt, "k") for attempt in range(1, 10)]
    assert delays == [30, 60, 120, 240, 480, 600, 600, 600, None]


@pytest.mark.parametrize(
    ("only_on", "never_on", "code", "again"),
    [
        ((), (), "A", True),
        (("A",), (), "A", True),
        (("A",), (), "B", False),
        ((), ("A",), "A", False),
        ((), ("A",), "B", True),
        (("A",), ("A",), "A", False),
    ],
)
def test_errors_are_told_apart(only_on: tuple[str, ...], never_on: tuple[str, ...], code: str, again: bool) -> None:
    retry = Retry(max_attempts=2, only_on=only_on, never_on=never_on)
    assert (retry.delay(code, 1, "k") is not None) is again


def test_no_attempt_begins_after_the_longest_duration() -> None:
    retry = Retry(max_attempts=9, max_duration=100)
    assert [retry.is_over(elapsed) for elapsed in (0, 100, 100.1)] == [False, False, True]
    assert not Retry(max_attempts=9).is_over(1e9)


def test_jitter_depends_on_the_key_and_the_attempt_alone() -> None:
    retry = Retry(max_attempts=9, initial_delay=100, jitter=True)
    assert retry.delay("E", 1, "a") == retry.delay("F", 1, "a")
    seen = {retry.delay("E", attempt, key) for attempt in (1, 2, 3) for key in ("a", "b", "c")}
    assert len(seen) == 9


@given(policies, st.integers(1, 100), st.text(max_size=20))
def test_a_delay_is_within_its_bounds(retry: Retry, attempt: int, key: str) -> None:
    delay = retry.delay("E", attempt, key)
    if delay is None:
        assert attempt >= retry.max_attempts
    else:
        assert attempt < retry.max_attempts
        assert delay >= 0
        assert retry.max_delay is None or delay <= retry.max_delay


@given(policies, st.text(max_size=20))
def test_without_jitter_no_delay_is_shorter_than_the_one_before(retry: Retry, key: str) -> None:
    plain = Retry(retry.max_attempts, retry.initial_delay, retry.backoff, retry.max_delay)
    delays = [plain.delay("E", attempt, key) for attempt in range(1, retry.max_attempts)]
    numbers = [one for one in delays if one is not None]
    assert numbers == delays
    assert all(one <= other for one, other in pairwise(numbers))
