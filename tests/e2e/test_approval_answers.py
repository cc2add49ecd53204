"""The RaiseApproval operation over real HTTP: every answer that it gives is the truth about what was recorded."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from tests.conftest import ROOT, Caller, Operations, Reply, build
from tests.e2e.conftest import DAY, WORKFLOW, MakeSource, OnStage, Stage, records

from flowbridge.host.options import HostOptions
from flowbridge.host.server import running


@pytest.fixture(scope="module")
def stage(flagship_app: Path, reports: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One host for the tests that need no time to pass."""
    data = tmp_path_factory.mktemp("data")
    with running(HostOptions(flagship_app, data, port=0, speed=0, durable=False)) as host:
        yield Stage(Caller(host.base_url, host.function_key), WORKFLOW, host.clock)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of one batch."""
    path = tmp_path_factory.mktemp("source") / "orders.csv"
    path.write_text(records(5), encoding="utf-8")
    return path


def code(reply: Reply) -> tuple[int, str]:
    """Status and code of a refusal."""
    return reply.status, reply.body["error"]["code"]


def test_an_unknown_instance_or_approval_is_404(stage: Stage, source: Path) -> None:
    instance = stage.begin(str(source), 5)
    stage.waiting(instance)
    assert code(stage.answer("unknown")) == (404, "UnknownInstance")
    assert code(stage.answer(instance, approval="aproval")) == (404, "UnknownApproval")
    assert code(stage.answer(instance, approval="processed")) == (404, "UnknownApproval")
    assert stage.waiting(instance)["approval"] == "approval"


def test_a_lane_of_a_run_is_no_instance_of_the_workflow(stage: Stage, source: Path) -> None:
    instance = stage.begin(str(source), 5)
    stage.waiting(instance)
    lane = next(one["instanceId"] for one in stage.family(instance) if one["instanceId"] != instance)
    assert code(stage.answer(lane)) == (404, "UnknownInstance")
    assert stage.try_status(lane).status == 404
    assert stage.terminate(lane).status == 404
    assert stage.purge(lane).status == 404


def test_an_answer_before_the_wait_is_409_and_does_not_count_later(on_stage: OnStage, make_source: MakeSource) -> None:
    stage = on_stage()
    source = make_source(60, free=1)
    instance = stage.begin(source.url, 60)
    stage.until(instance, lambda status: status.get("step") == "processed")
    assert code(stage.answer(instance)) == (409, "NotWaiting")
    source.gate.set()
    stage.waiting(instance)
    assert stage.answer(instance, "Reject").body["result"] == "recorded"
    assert stage.ended(instance)["output"]["status"] == "Rejected"


def test_an_answer_after_the_end_is_410_however_it_ended(stage: Stage, source: Path, tmp_path: Path) -> None:
    answered, ended, failed = (stage.begin(str(source), count) for count in (5, 5, 6))
    stage.waiting(answered)
    stage.answer(answered)
    stage.ended(answered)
    stage.waiting(ended)
    stage.terminate(ended)
    stage.ended(failed)
    for instance in (answered, ended, failed):
        assert code(stage.answer(instance)) == (410, "Ended")


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/decision", "/responder"]),
        ({"decision": "approve", "responder": "g"}, ["/decision"]),
        ({"decision": "Approve", "responder": ""}, ["/responder"]),
        ({"decision": "Approve", "responder": "g" * 321}, ["/responder"]),
        ({"decision": "Approve", "responder": "g", "comments": 5}, ["/comments"]),
        ({"decision": "Approve", "responder": "g", "comments": "c" * 4_001}, ["/comments"]),
        ({"decision": "Approve", "responder": "g", "answerId": "mine"}, ["/answerId"]),
        ([], [""]),
    ],
)
def test_a_wrong_answer_is_refused_and_the_wait_goes_on(
    stage: Stage, source: Path, body: object, pointers: list[str]
) -> None:
    instance = stage.begin(str(source), 5)
    stage.waiting(instance)
    reply = stage.caller.call("POST", f"{stage.path(instance)}/approvals/approval", body)
    assert reply.status == 400
    assert [one["pointer"] for one in reply.body["error"]["problems"]] == pointers
    assert stage.answer(instance).body["result"] == "recorded"


def test_what_was_answered_is_told_back_to_the_letter(stage: Stage, source: Path) -> None:
    instance = stage.begin(str(source), 5)
    stage.waiting(instance)
    comments = 'Ünïcode \N{GRINNING FACE} "quotes" {braces} ${x} \\ \u202e\n\x00'
    told = stage.answer(instance, comments=comments).body
    assert told["comments"] == comments
    assert stage.ended(instance)["output"]["comments"] == comments


def test_of_ten_answers_at_once_one_is_recorded_and_nine_hear_which(stage: Stage, source: Path) -> None:
    for _ in range(4):
        instance = stage.begin(str(source), 5)
        stage.waiting(instance)
        barrier = Barrier(10)

        def give(number: int, instance: str = instance, barrier: Barrier = barrier) -> Reply:
            barrier.wait()
            decision = "Approve" if number % 2 else "Reject"
            return stage.answer(instance, decision, responder=f"p{number}", comments=f"c{number}")

        with ThreadPoolExecutor(10) as pool:
            replies = list(pool.map(give, range(10)))
        status = stage.ended(instance)
        bodies: list[dict[str, Any]] = [one.body for one in replies if one.status == 200]
        recorded = [one for one in bodies if one["result"] == "recorded"]
        assert len(recorded) == 1
        # Whoever came after the end is told that it has ended; nobody is told anything else.
        assert {one.status for one in replies} <= {200, 410}
        for one in bodies:
            assert one["result"] in ("recorded", "alreadyDecided")
            assert (one["decision"], one["responder"]) == (recorded[0]["decision"], recorded[0]["responder"])
        output = status["output"]
        assert output["decidedBy"] == recorded[0]["responder"]
        assert output["comments"] == recorded[0]["comments"]
        assert output["status"] == {"Approve": "Finalized", "Reject": "Rejected"}[recorded[0]["decision"]]


def test_a_junk_event_does_not_end_the_wait_or_move_its_end(on_stage: OnStage, source: Path) -> None:
    stage = on_stage(lenient=True)
    instance = stage.begin(str(source), 5)
    before = stage.waiting(instance)
    junks: list[Any] = [None, 5, "text", [], {}, {"decision": "Maybe"}, {"decision": "Approve", "responder": 7}]
    for junk in junks:
        event = stage.engine(instance)["customStatus"]["waiting"]["approval"]["event"]
        stage.raise_event(instance, event, junk)
        stage.until(instance, lambda _, event=event: pending_event(stage, instance) != event)
        assert stage.waiting(instance) == before
    stage.clock.advance(DAY)
    assert stage.answer(instance).body["result"] == "recorded"
    assert stage.ended(instance)["output"]["status"] == "Finalized"


def pending_event(stage: Stage, instance: str) -> str:
    """The event for which an approval waits."""
    return str(stage.engine(instance)["customStatus"]["waiting"]["approval"]["event"])


def test_a_wait_that_was_sent_junk_still_ends_on_its_day(on_stage: OnStage, source: Path) -> None:
    stage = on_stage(lenient=True)
    instance = stage.begin(str(source), 5)
    stage.waiting(instance)
    stage.clock.advance(6 * DAY)
    event = pending_event(stage, instance)
    stage.raise_event(instance, event, "junk")
    stage.until(instance, lambda _: pending_event(stage, instance) != event)
    stage.clock.advance(DAY - 1)
    assert stage.status(instance)["runtimeStatus"] == "Running"
    stage.clock.advance(1)
    assert stage.ended(instance)["output"]["status"] == "TimedOut"


def test_events_of_other_names_are_nothing_to_the_run(on_stage: OnStage, source: Path) -> None:
    stage = on_stage()
    instance = stage.begin(str(source), 5)
    stage.waiting(instance)
    for name in ("approval", "approval.0", "approval.2", "something"):
        stage.raise_event(instance, name, {"decision": "Reject", "responder": "mallory"})
    assert stage.answer(instance).body["result"] == "recorded"
    assert stage.ended(instance)["output"]["decidedBy"] == "grace@example.com"


def test_an_answer_that_the_sdk_sends_as_text_counts_like_one_from_http(on_stage: OnStage, source: Path) -> None:
    stage = on_stage()
    instance = stage.begin(str(source), 5)
    stage.waiting(instance)
    payload = '{"decision": "Reject", "responder": "henry"}'
    stage.raise_event(instance, pending_event(stage, instance), payload)
    assert stage.ended(instance)["output"]["decidedBy"] == "henry"


SECONDS, TAKEN = 60.0, 2.0


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operations]:
    """An approval of 60 seconds on a host where they take two."""
    folder = tmp_path_factory.mktemp("short")
    build(ROOT / "tests" / "golden" / "approval_alone" / "workflow.yaml", folder / "generated")
    options = HostOptions(folder / "generated", folder / "data", port=0, speed=SECONDS / TAKEN, durable=False)
    with running(options) as host:
        yield Operations(Caller(host.base_url, host.function_key), "approval_alone")


def test_answers_around_the_timeout_never_disagree_with_the_outcome(short: Operations) -> None:
    chance = random.Random(7)
    begun: dict[str, float] = {}
    for _ in range(30):
        began = time.monotonic()
        begun[short.start({})] = began

    def give(job: tuple[str, str, float]) -> tuple[str, str, Reply]:
        instance, decision, when = job
        time.sleep(max(0.0, when - time.monotonic()))
        return instance, decision, short.answer(instance, decision)

    jobs = [
        (instance, decision, began + TAKEN + chance.uniform(-0.6, 0.2))
        for instance, began in begun.items()
        for decision in ("Approve", "Reject")
    ]
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(give, sorted(jobs, key=lambda job: job[2])))
    seen: set[str] = set()
    for instance in begun:
        status = short.ended(instance)
        outcome = (
            "Approve"
            if "output" in status
            else {"ApprovalRejected": "Reject", "ApprovalTimedOut": None}[status["error"]["code"]]
        )
        mine = [(decision, reply) for name, decision, reply in answers if name == instance]
        recorded = [decision for decision, reply in mine if reply.status == 200 and reply.body["result"] == "recorded"]
        assert recorded == ([outcome] if outcome else []), (status, mine)
        for _, reply in mine:
            assert reply.status in (200, 410), reply
            seen.add(reply.body["result"] if reply.status == 200 else "ended")
            if reply.status == 200:
                assert reply.body["result"] in ("recorded", "alreadyDecided", "tooLate")
                assert (reply.body["result"] == "tooLate") == (outcome is None)
                assert reply.body.get("decision") == outcome
    assert {"recorded", "ended"} <= seen
