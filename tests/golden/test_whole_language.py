"""What a workflow does beside calls and fan-outs, run on the host: children, events, undoing, time limits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.golden.conftest import Play, Stage

DAY = 86_400.0
START: dict[str, Any] = {"near": 3, "far": 4, "turns": 3}


# ---- children


def test_branches_a_race_and_a_loop_give_their_values(play: Play) -> None:
    stage = play("parts", skip_time=True, speed=1.0, idle_grace=0.02)
    status = stage.ended(stage.start(START))
    assert status["runtimeStatus"] == "Completed", status
    assert status["output"] == {"both": 7, "first": 3, "two": 3, "turn": 3, "measured": 3, "limit": 7}


def test_the_branch_that_lost_is_ended_and_nothing_is_left_running(play: Play) -> None:
    stage = play("parts", skip_time=True, speed=1.0, idle_grace=0.02)
    instance = stage.start(START)
    stage.ended(instance)
    ends = {one["instanceId"]: one["runtimeStatus"] for one in stage.family(instance)}
    assert "Running" not in ends.values()
    assert sorted(ends.values()).count("Terminated") == 2


def test_a_branch_that_fails_fails_the_whole_with_its_error(play: Play) -> None:
    stage = play("parts", skip_time=True, speed=1.0, idle_grace=0.02)
    status = stage.ended(stage.start({**START, "broken": True}))
    assert status["error"] == {"code": "NoOffer", "message": "nobody is there", "step": "a"}


def test_a_loop_goes_on_as_new_and_is_bounded(play: Play) -> None:
    stage = play("parts", skip_time=True, speed=1.0, idle_grace=0.02)
    assert stage.ended(stage.start({**START, "turns": 55}))["output"]["turn"] == 55
    failed = stage.ended(stage.start({**START, "turns": 61}))
    assert failed["error"]["code"] == "RepeatExhausted"


def test_what_takes_too_long_is_stopped_and_caught(play: Play) -> None:
    stage = play("parts", skip_time=True, speed=1.0, idle_grace=0.02)
    status = stage.ended(stage.start({**START, "slow": 1}))
    assert status["runtimeStatus"] == "Completed", status
    assert "measured" not in status["output"]


def test_settings_of_the_app_are_read_and_checked(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = play("parts", skip_time=True, speed=1.0, idle_grace=0.02)
    monkeypatch.setenv("PARTS__LIMIT", "12")
    assert stage.ended(stage.start(START))["output"]["limit"] == 12
    monkeypatch.setenv("PARTS__LIMIT", "none")
    failed = stage.ended(stage.start(START))
    assert failed["error"]["code"] == "ConfigInvalid"
    assert "PARTS__LIMIT" in failed["error"]["message"]


# ---- undoing


def lines(path: Path) -> list[str]:
    """What the activities of a run have told."""
    return path.read_text(encoding="utf-8").splitlines()


def test_what_succeeded_is_undone_in_reverse_order(play: Play, tmp_path: Path) -> None:
    stage, told = play("undoing"), tmp_path / "told"
    status = stage.run({"run": str(told), "cities": ["Rome", "Oslo", "Bern"], "fails_at": "Bern"})
    assert status["error"]["code"] == "SoldOut"
    assert lines(told) == [
        *("book flight", "book Rome", "book Oslo"),
        *("cancel Oslo", "cancel Rome", "cancel flight"),
        *("failed: SoldOut", "over"),
    ]


def test_a_caught_error_goes_on_and_the_cleanup_runs_in_any_case(play: Play, tmp_path: Path) -> None:
    stage, told = play("undoing"), tmp_path / "told"
    status = stage.run({"run": str(told), "cities": ["Rome"], "fails_at": "car"})
    assert status["output"] == {"booked": 2}
    assert lines(told) == ["book flight", "book Rome", "no car: no car left", "asked for a car", "over"]


def test_without_a_failure_nothing_is_undone(play: Play, tmp_path: Path) -> None:
    stage, told = play("undoing"), tmp_path / "told"
    assert stage.run({"run": str(told), "cities": []})["output"] == {"booked": 1}
    assert lines(told) == ["book flight", "book car", "asked for a car", "over"]


def test_an_error_brings_its_fields_to_who_catches_it(play: Play, tmp_path: Path) -> None:
    stage, told = play("undoing"), tmp_path / "told"
    status = stage.run({"run": str(told), "cities": [], "fails_at": "far"})
    assert status["output"] == {"booked": 1}
    assert lines(told)[-2:] == ["the limit is 5", "over"]


def test_a_workflow_that_is_not_done_in_its_time_fails_and_is_undone(play: Play, tmp_path: Path) -> None:
    stage, told = play("undoing", skip_time=True, speed=1.0, idle_grace=0.02), tmp_path / "told"
    status = stage.ended(stage.start({"run": str(told), "cities": ["Rome"], "patient": False}))
    assert status["error"]["code"] == "WorkflowTimedOut"
    assert lines(told)[-4:] == ["cancel Rome", "cancel flight", "failed: WorkflowTimedOut", "over"]


# ---- events and people


def say(stage: Stage, instance: str, event: str, body: dict[str, Any]) -> str:
    """Raises an event, once it is awaited, and gives what became of it."""
    stage.until(instance, lambda status: event in [one["event"] for one in status["pendingEvents"]])
    reply = stage.caller.call("POST", f"{stage.path(instance)}/events/{event}", body)
    assert reply.status == 200, reply
    return str(reply.body["result"])


def test_events_are_matched_counted_and_chosen(play: Play) -> None:
    stage = play("listening")
    instance = stage.start({"reference": "R1"})
    assert say(stage, instance, "paid", {"amount": 1, "reference": "R2"}) == "notMatched"
    assert say(stage, instance, "paid", {"amount": 2, "reference": "R1"}) == "recorded"
    assert say(stage, instance, "parcel_packed", {"weight": 1}) == "recorded"
    assert say(stage, instance, "parcel_packed", {"weight": 2}) == "recorded"
    assert say(stage, instance, "shipped", {"carrier": "Northwind"}) == "recorded"
    asked = stage.waiting(instance)
    assert asked["approvers"] == ["a@example.com", "b@example.com", "c@example.com"]
    stage.clock.advance(2.5 * DAY)
    stage.until(instance, lambda status: "boss@example.com" in status["pendingApprovals"][0]["approvers"])
    answers = [("Good", "a@example.com", 4), ("Bad", "b@example.com", 1), ("Bad", "a@example.com", 1)]
    results = [
        stage.answer(instance, decision, "review", responder=who, form={"stars": stars}).body["result"]
        for decision, who, stars in answers
    ]
    assert results == ["recorded", "recorded", "alreadyDecided"]
    wrong = stage.answer(instance, "Good", "review", responder="c@example.com", form={"stars": 9})
    assert wrong.status == 400
    last = stage.answer(instance, "Good", "review", responder="c@example.com", form={"stars": 5})
    assert last.body["result"] == "recorded"
    stage.clock.advance(30 * DAY)
    status = stage.ended(instance)
    assert status["output"] == {"amount": 2, "count": 2, "carrier": "Northwind", "stars": 5, "decision": "Good"}


def test_an_event_that_does_not_come_raises_what_the_author_says(play: Play) -> None:
    stage = play("listening")
    status = stage.run({"reference": "R1"}, 4 * DAY)
    assert status["error"] == {"code": "NotPaid", "message": "no payment for R1", "step": "payment"}


def test_an_event_nobody_waits_for_is_refused(play: Play) -> None:
    stage = play("listening")
    instance = stage.start({"reference": "R1"})
    stage.until(instance, lambda status: bool(status["pendingEvents"]))
    reply = stage.caller.call("POST", f"{stage.path(instance)}/events/shipped", {"carrier": "x"})
    assert (reply.status, reply.body["error"]["code"]) == (409, "NotWaiting")
    reply = stage.caller.call("POST", f"{stage.path(instance)}/events/unknown", {})
    assert (reply.status, reply.body["error"]["code"]) == (404, "UnknownEvent")
