"""Terminate, Purge and GetStatus over real HTTP, children included."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.conftest import MakeSource, OnStage, Stage


def amid_the_fan_out(stage: Stage, make_source: MakeSource) -> str:
    """An instance whose lanes are at work and will not come to an end."""
    source = make_source(500, free=4)
    instance = stage.begin(source.url, 500)
    stage.until(instance, lambda status: status.get("progress") == {"completed": 3, "total": 20})
    return instance


def test_terminate_ends_the_instance_and_every_lane(on_stage: OnStage, make_source: MakeSource) -> None:
    stage = on_stage(lenient=True)
    instance = amid_the_fan_out(stage, make_source)
    assert {one["runtimeStatus"] for one in stage.family(instance)} == {"Running"}
    reply = stage.terminate(instance, {"reason": "not needed any more"})
    assert (reply.status, reply.body) == (200, {"instanceId": instance, "runtimeStatus": "Terminated"})
    family = stage.family(instance)
    assert len(family) == 9
    assert {one["runtimeStatus"] for one in family} == {"Terminated"}
    status = stage.status(instance)
    assert status["error"] == {"code": "Terminated", "message": "not needed any more"}
    assert status["step"] == "processed"


def test_terminate_without_a_body_has_a_reason_of_its_own(on_stage: OnStage, orders: Path) -> None:
    stage = on_stage()
    instance = stage.begin(str(orders), 60)
    stage.waiting(instance)
    assert stage.terminate(instance).status == 200
    status = stage.status(instance)
    assert status["error"]["message"] == "Terminated"
    assert status["pendingApprovals"] == []


def test_terminate_refuses_what_it_cannot_end(on_stage: OnStage, orders: Path) -> None:
    stage = on_stage()
    instance = stage.begin(str(orders), 60)
    stage.waiting(instance)
    assert stage.terminate("unknown").status == 404
    assert stage.terminate(instance, {"reason": 5}).status == 400
    assert stage.terminate(instance, {"why": "x"}).status == 400
    assert stage.terminate(instance, {"reason": "x" * 1_001}).status == 400
    assert stage.status(instance)["runtimeStatus"] == "Running"
    assert stage.terminate(instance).status == 200
    again = stage.terminate(instance)
    assert (again.status, again.body["error"]["code"]) == (410, "Ended")


def test_a_reason_survives_whatever_it_is_made_of(on_stage: OnStage, orders: Path) -> None:
    stage = on_stage()
    reason = 'a&b=c#d?e%20 "quoted" é \N{GRINNING FACE} + /'
    instance = stage.begin(str(orders), 60)
    stage.waiting(instance)
    stage.terminate(instance, {"reason": reason})
    assert stage.status(instance)["error"]["message"] == reason


def test_purge_forgets_an_ended_instance_and_its_lanes(on_stage: OnStage, orders: Path) -> None:
    stage = on_stage()
    instance, other = stage.begin(str(orders), 60), stage.begin(str(orders), 60)
    stage.waiting(other)
    stage.waiting(instance)
    refused = stage.purge(instance)
    assert (refused.status, refused.body["error"]["code"]) == (409, "NotEnded")
    stage.answer(instance)
    stage.ended(instance)
    assert len(stage.family(instance)) == 4
    reply = stage.purge(instance)
    assert (reply.status, reply.body) == (200, {"instanceId": instance, "deleted": 4})
    assert stage.family(instance) == []
    assert stage.try_status(instance).status == 404
    assert stage.purge(instance).status == 404
    assert stage.answer(instance).status == 404
    assert len(stage.family(other)) == 4


def test_purge_forgets_what_was_terminated(on_stage: OnStage, make_source: MakeSource) -> None:
    stage = on_stage()
    instance = amid_the_fan_out(stage, make_source)
    stage.terminate(instance)
    assert stage.purge(instance).body["deleted"] == 9
    assert stage.family(instance) == []


def test_a_known_instance_is_always_200_and_an_unknown_one_404(
    on_stage: OnStage, orders: Path, make_source: MakeSource
) -> None:
    stage = on_stage()
    source = make_source(60, free=0)
    running = stage.begin(source.url, 60)
    failed, rejected, terminated = (
        stage.begin(str(orders), 1),
        stage.begin(str(orders), 60),
        stage.begin(str(orders), 60),
    )
    stage.ended(failed)
    stage.waiting(rejected)
    stage.answer(rejected, "Reject")
    stage.ended(rejected)
    stage.terminate(terminated)
    replies = [stage.try_status(one) for one in (running, failed, rejected, terminated)]
    assert [one.status for one in replies] == [200] * 4
    assert [one.body["runtimeStatus"] for one in replies] == ["Running", "Failed", "Completed", "Terminated"]
    for reply in replies:
        assert reply.body["workflow"] == "data_processing"
        assert set(reply.body) >= {"id", "instanceId", "createdTime", "lastUpdatedTime", "pendingApprovals"}
    for unknown in ("unknown", "x" * 100, "a%20b", "%2e%2e", "x" * 300):
        reply = stage.try_status(unknown)
        assert (reply.status, reply.body["error"]["code"]) == (404, "UnknownInstance"), unknown


def test_the_status_tells_the_step_and_its_message(on_stage: OnStage, make_source: MakeSource) -> None:
    stage = on_stage()
    source = make_source(60, free=0)
    instance = stage.begin(source.url, 60)
    status = stage.until(instance, lambda status: "step" in status)
    assert (status["step"], status["stepTitle"]) == ("checked", "Validate the input")
    assert status["message"] == f"Checking {source.url}"
    assert "progress" not in status
    assert "output" not in status
    source.gate.set()
    stage.waiting(instance)
    assert stage.status(instance)["stepTitle"] == "Wait for the approval"


def test_an_instance_that_is_suspended_shows_so_and_goes_on(on_stage: OnStage, orders: Path) -> None:
    stage = on_stage()
    instance = stage.begin(str(orders), 60)
    stage.waiting(instance)
    stage.caller.call("POST", f"/runtime/webhooks/durabletask/instances/{instance}/suspend?reason=x")
    assert stage.until(instance, lambda status: status["runtimeStatus"] == "Suspended")["pendingApprovals"]
    stage.caller.call("POST", f"/runtime/webhooks/durabletask/instances/{instance}/resume?reason=x")
    stage.until(instance, lambda status: status["runtimeStatus"] == "Running")
    assert stage.answer(instance).body["result"] == "recorded"
    assert stage.ended(instance)["output"]["status"] == "Finalized"
