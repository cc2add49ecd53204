"""The generated flagship: what its activities may answer, who may answer its approval, and what must come of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.behaviour.explore.workflows.approvals import told_truly
from tests.behaviour.explore.workflows.asking import answers, event, waits
from tests.behaviour.explore.workflows.parts import (
    TROUBLE,
    attempts,
    bad,
    by_payload,
    code,
    failure,
    fine,
    start,
    succeeded,
)
from tests.behaviour.explore.world import Program, World

from flowbridge.runtime.retry import Retry

BATCHES = 3
ANNOUNCED_AT_MOST = 6
POLICY = Retry(max_attempts=5, initial_delay=30, backoff=2, max_delay=600)
INPUT = {"dataSource": "data.csv", "recordCount": 30, "requestedBy": "ann"}


def _answers(function: str, payload: Any) -> Mapping[str, object]:
    trouble = {"fail": bad("Busy"), "raise": RuntimeError("lost")}
    match function:
        case "validate_input":
            good = {"valid": True, "recordCount": 30, "problems": list[str]()}
            return {"ok": fine(good), "invalid": fine({**good, "valid": False, "problems": ["no data"]}), **trouble}
        case "split_into_batches":
            batches = [{"number": one, "firstRecord": one * 10, "recordCount": 10} for one in range(BATCHES)]
            return {"ok": fine(batches), **trouble}
        case "process_batch":
            done = {"recordsProcessed": 10, "recordsRejected": 0, "total": 1.5, "checksum": "c"}
            return {"ok": fine({"number": payload["batch"]["number"], **done}), **trouble}
        case "generate_report":
            processed = sum(one["recordsProcessed"] for one in payload["results"])
            report = {"path": "report.md", "recordsProcessed": processed, "recordsRejected": 0, "total": 4.5}
            return {"ok": fine(report), **trouble}
        case "callback_announce":
            return {"ok": fine(None), **trouble}
        case _:
            return {"ok": fine({"reportPath": "final.md"}), **trouble}


def _verify(world: World) -> Iterator[str]:
    yield from told_truly(world, "approval")
    yield from _announced(world)
    for calls in by_payload(world.counted()).values():
        yield from attempts(world, calls, POLICY)
    last = {repr((call.function, call.payload)): call for call in world.counted()}.values()
    lost = [call for call in last if call.outcome and not succeeded(call)]
    calls = [call.function for call in world.counted()]
    value, decision = world.root.value, world.root.board.get("decisions", {}).get("approval")
    invalid = any(call.outcome == "invalid" for call in last)
    if world.root.status != "Completed":
        yield from failure(world, *(["ValidationFailed"] if invalid else []), *(code(call) for call in lost))
        return
    if lost or invalid or decision is None:
        yield f"it completed with {value}, though {lost} and {invalid}"
        return
    due = "TimedOut" if decision["timedOut"] else {"Approve": "Finalized", "Reject": "Rejected"}[decision["outcome"]]
    if value["status"] != due or value["recordsProcessed"] != 10 * BATCHES:
        yield f"it gave {value}, and its board shows {decision}"
    if (due == "Finalized") != ("finalize" in calls):
        yield f"it gave {value} with the calls {calls}"


def _announced(world: World) -> Iterator[str]:
    """An approval that waited and the end are announced, each until it is or for as often as it is tried."""
    groups = list(by_payload(world.counted("callback_announce")).values())
    asked = "approval" in world.root.board.get("decisions", {})
    kinds = [calls[0].payload["kind"] for calls in groups]
    if kinds != [*["approvals"] * asked, "finished"]:
        yield f"it announced {kinds}"
    for calls in groups:
        if [succeeded(call) for call in calls if call.outcome][:-1] != [False] * (len(calls) - 1):
            yield f"it announced again what was announced: {calls}"
        if not succeeded(calls[-1]) and len(calls) < ANNOUNCED_AT_MOST:
            yield f"it gave up an announcement after {len(calls)} attempts"


ASKS = waits("approval")
SCRIPT = (
    answers("ann", "approval", "Approve", "ann", ASKS),
    answers("bob", "approval", "Reject", "bob", ASKS, comments="no"),
    event("early", "approval.1", {"decision": "Approve", "responder": "eve"}, lambda world: world.root.begun),
    event("junk", "approval.1", "Approve", ASKS),
    event("case", "Approval.2", {"decision": "Approve", "responder": "dan"}, ASKS),
)
BUDGET = {**TROUBLE, "fail": 6, "invalid": 1, "crash": 2}
PROGRAMS = (
    Program("flagship", "data_processing", start(INPUT), _answers, _verify, SCRIPT, BUDGET, "runtime"),
    Program(
        "flagship-times-out", "data_processing", start(INPUT), _answers, _verify, (), {**BUDGET, "fail": 9}, "runtime"
    ),
)
