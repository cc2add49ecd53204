"""Fan-outs in lanes, run on the host: the limit, the order, retries inside a lane, and failures."""

from __future__ import annotations

from typing import Any

import pytest
from tests.golden.conftest import Play, Stage

MINUTE = 60.0


def item(name: str, failures: int = 0, seconds: float = 0.0) -> dict[str, Any]:
    """What the case works on."""
    return {"name": name, "failures": failures, "seconds": seconds}


def lanes(stage: Stage, instance: str) -> list[dict[str, Any]]:
    """The lanes of an instance, as the engine shows them."""
    return [one for one in stage.family(instance) if one["instanceId"] != instance]


def test_results_are_in_the_order_of_the_list_however_long_each_took(play: Play) -> None:
    stage = play("fan_out")
    items = [item(f"i{number}", seconds=0.02 * (number % 3)) for number in range(10)]
    output = stage.run({"items": items})["output"]
    assert output["names"] == [one["name"] for one in items]
    assert output["total"] == 10


def test_max_concurrency_is_reached_and_never_passed(play: Play) -> None:
    stage = play("fan_out")
    output = stage.run({"items": [item(f"i{number}", seconds=0.03) for number in range(12)]})["output"]
    assert output["busiest"] == 3


@pytest.mark.parametrize(("count", "expected"), [(0, 0), (1, 1), (2, 2), (3, 3), (4, 3)])
def test_there_are_as_many_lanes_as_items_and_at_most_the_limit(play: Play, count: int, expected: int) -> None:
    stage = play("fan_out")
    instance = stage.start({"items": [item(f"i{number}") for number in range(count)]})
    status = stage.ended(instance)
    assert len(lanes(stage, instance)) == expected
    assert status["output"]["names"] == [f"i{number}" for number in range(count)]
    assert status["progress"] == {"completed": count, "total": count}


def test_an_item_that_waits_for_its_next_attempt_does_not_hold_up_the_lane(play: Play) -> None:
    # Lane 0 has items 0, 3, 6; the first fails twice and waits 60 and then 120 seconds.
    stage = play("fan_out")
    instance = stage.start({"items": [item(f"i{number}", failures=2 if number == 0 else 0) for number in range(9)]})
    stage.until(instance, lambda status: status.get("progress") == {"completed": 8, "total": 9})
    stage.clock.advance(60)
    assert stage.status(instance)["progress"] == {"completed": 8, "total": 9}
    stage.clock.advance(120)
    assert stage.ended(instance)["output"]["names"] == [f"i{number}" for number in range(9)]
    lane = f"{lanes(stage, instance)[0]['instanceId'].rpartition(':')[0]}:0"
    assert stage.moments(lane, "work") == [0, 0, 0, 60, 180]


def test_parked_items_of_one_lane_are_taken_up_when_each_is_due(play: Play) -> None:
    # All nine fail once; each lane begins its three items at once and takes them up again after a minute.
    stage = play("fan_out")
    instance = stage.start({"items": [item(f"i{number}", failures=1) for number in range(9)]})
    stage.clock.advance(MINUTE)
    assert stage.ended(instance)["runtimeStatus"] == "Completed"
    for lane in lanes(stage, instance):
        assert stage.moments(lane["instanceId"], "work") == [0, 0, 0, 60, 60, 60]


def test_an_item_that_fails_for_good_fails_the_workflow_and_is_named(play: Play) -> None:
    stage = play("fan_out")
    items = [item(f"i{number}", failures=9 if number == 4 else 0) for number in range(6)]
    status = stage.run({"items": items}, seconds=3600)
    assert status["runtimeStatus"] == "Failed"
    assert status["error"] == {
        "code": "ActivityFailed",
        "message": "item 5 of 6: RuntimeError: i4 failed",
        "step": "done",
    }
    assert "output" not in status


def test_of_several_failures_one_that_happened_is_told(play: Play) -> None:
    # The first lane that fails has the others stopped, so which of two it is depends on who was quicker.
    stage = play("fan_out")
    items = [item(f"i{number}", failures=9 if number in (1, 2) else 0) for number in range(6)]
    message = stage.run({"items": items}, seconds=3600)["error"]["message"]
    assert message in ("item 2 of 6: RuntimeError: i1 failed", "item 3 of 6: RuntimeError: i2 failed")


def test_of_several_failures_in_one_lane_the_earliest_is_told(play: Play) -> None:
    stage = play("fan_out")
    items = [item(f"i{number}", failures=9 if number in (1, 4) else 0) for number in range(6)]
    assert stage.run({"items": items}, seconds=3600)["error"]["message"] == "item 2 of 6: RuntimeError: i1 failed"


def test_no_lane_is_left_running_after_a_failure(play: Play) -> None:
    stage = play("fan_out", lenient=True)
    instance = stage.start({"items": [item(f"i{number}", failures=9 if number == 0 else 0) for number in range(6)]})
    stage.clock.advance(3600)
    stage.ended(instance)
    assert {one["runtimeStatus"] for one in lanes(stage, instance)} <= {"Completed", "Terminated"}


def test_a_lane_that_is_ended_from_outside_fails_the_workflow_without_leaving_others(play: Play) -> None:
    stage = play("fan_out", lenient=True)
    instance = stage.start({"items": [item(f"i{number}", failures=1) for number in range(6)]})
    stage.until(instance, lambda status: len(lanes(stage, instance)) == 3)
    victim = lanes(stage, instance)[1]["instanceId"]
    stage.caller.call("POST", f"/runtime/webhooks/durabletask/instances/{victim}/terminate?reason=enough")
    stage.clock.advance(3600)
    status = stage.ended(instance)
    assert status["runtimeStatus"] == "Failed"
    assert status["error"]["code"] == "LaneFailed"
    assert {one["runtimeStatus"] for one in lanes(stage, instance)} <= {"Completed", "Terminated"}


def test_a_fan_out_inside_of_a_fan_out_keeps_order_and_sees_what_is_outside(play: Play) -> None:
    rows: list[dict[str, Any]] = [{"name": f"r{row}", "cells": list(range(row))} for row in range(5)]
    status = play("fan_out_nested").run({"factor": 3, "rows": rows})
    assert status["output"] == {
        "sums": [sum(3 * cell + 300 for cell in row["cells"]) for row in rows],
        "cells": 10,
    }


def test_a_hundred_items_more_than_one_yield_away_are_no_trouble(play: Play) -> None:
    output = play("fan_out").run({"items": [item(f"i{number}") for number in range(1_000)]})["output"]
    assert output["total"] == 1_000
    assert output["names"][-1] == "i999"
