"""Retries on virtual time: when each attempt begins, and which failures are worth one."""

from __future__ import annotations

from itertools import pairwise

from tests.golden.conftest import Play, Stage

DAY = 86_400.0


def attempts(
    stage: Stage, policy: str, failures: int, error: str = "BusyError", instance: str | None = None
) -> list[float]:
    """When the attempts under a policy began, in seconds since the start; the instance has ended."""
    body = {"policy": policy, "failures": failures, "error": error}
    name = stage.start({**body, "instanceId": instance} if instance else body)
    stage.clock.advance(30 * DAY)
    stage.ended(name)
    return stage.moments(name, "stumble")


def test_the_delay_doubles_after_every_attempt(play: Play) -> None:
    stage = play("retries")
    assert attempts(stage, "backoff", 0) == [0]
    assert attempts(stage, "backoff", 2) == [0, 30, 90]
    assert attempts(stage, "backoff", 4) == [0, 30, 90, 210, 450]


def test_no_attempt_is_made_after_the_last(play: Play) -> None:
    stage = play("retries")
    instance = stage.start({"policy": "backoff", "failures": 99})
    stage.clock.advance(DAY)
    status = stage.ended(instance)
    assert stage.moments(instance, "stumble") == [0, 30, 90, 210, 450]
    assert status["error"] == {"code": "BusyError", "message": f"attempt 5 of {instance}", "step": "with_backoff"}


def test_no_delay_is_longer_than_max_delay(play: Play) -> None:
    assert attempts(play("retries"), "capped", 5) == [0, 30, 90, 150, 210, 270]


def test_no_attempt_begins_after_max_duration(play: Play) -> None:
    # 60 + 120 + 240 are 420 seconds; the next 480 would go past 600.
    assert attempts(play("retries"), "brief", 9) == [0, 60, 180, 420]


def test_only_on_and_never_on_tell_the_errors_apart(play: Play) -> None:
    stage = play("retries")
    assert attempts(stage, "picky", 2, "BusyError") == [0, 1, 2]
    assert attempts(stage, "picky", 2, "BrokenError") == [0]
    assert attempts(stage, "picky", 2, "Anything") == [0]
    assert attempts(stage, "shy", 2, "BrokenError") == [0]
    assert attempts(stage, "shy", 2, "Anything") == [0, 1, 2]


def test_a_subclass_counts_as_the_error_that_the_contract_names(play: Play) -> None:
    stage = play("retries")
    assert attempts(stage, "picky", 1, "StillBusyError") == [0, 1]
    instance = stage.start({"policy": "picky", "failures": 9, "error": "StillBusyError"})
    stage.clock.advance(60)
    assert stage.ended(instance)["error"]["code"] == "BusyError"


def test_an_error_without_a_contract_is_an_activity_failure_with_its_class(play: Play) -> None:
    stage = play("retries")
    error = stage.run({"policy": "picky", "failures": 1, "error": "Anything"})["error"]
    assert error["code"] == "ActivityFailed"
    assert error["message"].startswith("RuntimeError: attempt 1 of ")


def test_a_delay_of_six_days_is_waited_for_without_a_split_timer(play: Play) -> None:
    stage = play("retries", lenient=True)
    assert attempts(stage, "something else", 1) == [0, 6 * DAY]


def test_jitter_spreads_the_attempts_and_repeats_in_every_replay(play: Play) -> None:
    stage = play("retries", replay="always")
    first = attempts(stage, "spread", 4, instance="one")
    delays = [round(later - earlier, 3) for earlier, later in pairwise(first)]
    assert len(delays) == 4
    assert all(0 < delay <= 100 for delay in delays)
    assert len(set(delays)) == 4
    assert attempts(stage, "spread", 4, instance="two") != first


def test_jitter_is_the_same_however_the_history_is_replayed(play: Play) -> None:
    moments = {
        tuple(attempts(play("retries", replay=replay), "spread", 4, instance="one"))
        for replay in ("always", "check", "never")
    }
    assert len(moments) == 1
