"""Approvals: by one person and by two of three, with reminders, an escalation and answers that are none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from tests.behaviour.explore.workflows.asking import answers, event, waits
from tests.behaviour.explore.workflows.parts import TROUBLE, by_payload, fine, start, succeeded
from tests.behaviour.explore.world import Program, Scripted, World

from flowbridge.runtime.announce import ANNOUNCE
from flowbridge.runtime.ask import Escalation, ask
from flowbridge.runtime.commands import Steps
from flowbridge.runtime.orchestrate import run_workflow
from flowbridge.runtime.run import Activity, Run
from flowbridge.runtime.sdk import Context, Orchestration, blueprint

WORK = Activity[object, object]("work")
bp = blueprint()
EARLY = "sign.1"


@bp.orchestration_trigger(context_name="context")
def approving(context: Context) -> Orchestration:
    return run_workflow(context, "approving", 1, _approving)


@bp.orchestration_trigger(context_name="context")
def announcing(context: Context) -> Orchestration:
    return run_workflow(context, "announcing", 1, _approving, announces=True)


def _approving(run: Run, input_: dict[str, Any]) -> Steps[object]:
    run.step("before")
    yield from run.call(WORK, "before", step="before")
    run.step("sign")
    remind = timedelta(days=2) if input_["reminds"] else None
    escalation = Escalation(timedelta(days=3), ["boss"]) if input_["reminds"] else None
    signed = yield from ask(
        run,
        step="sign",
        title="Sign here",
        details="…",
        approvers=["ann", "bob", "cat"],
        timeout=timedelta(days=7),
        required=input_["required"],
        remind_every=remind,
        escalation=escalation,
    )
    run.step("after")
    last = yield from run.call(WORK, "after", step="after")
    return {"outcome": signed and signed["outcome"], "by": signed and signed["responder"], "last": last}


@bp.orchestration_trigger(context_name="context")
def approving_twice(context: Context) -> Orchestration:
    return run_workflow(context, "approving_twice", 1, _approving_twice)


def _approving_twice(run: Run, input_: dict[str, Any]) -> Steps[object]:
    outcomes: list[object] = []
    for number in range(2):
        run.step("sign")
        signed = yield from ask(
            run, step="sign", title=f"Sign {number}", details="", approvers=["ann"], timeout=timedelta(hours=1)
        )
        outcomes.append(signed and signed["responder"])
    return outcomes


def _work(function: str, payload: Any) -> Mapping[str, object]:
    return {"ok": fine(payload), "raise": RuntimeError("lost")} if function == ANNOUNCE.name else {"ok": fine(payload)}


def told_truly(world: World, approval: str = "sign") -> Iterator[str]:
    """What the operation told each person agrees with what the workflow recorded in the end."""
    decision = next(
        (
            one.board["decisions"][approval]
            for one in world.instances.values()
            if approval in one.board.get("decisions", {})
        ),
        None,
    )
    counted: list[str] = decision["answerIds"] if decision else []
    if len(set(counted)) != len(counted):
        yield f"an answer counted twice: {counted}"
    for label, told in world.told.items():
        result, number = told.get("result"), ids(world).get(label)
        if "event" in told:
            continue
        if result == "recorded" and number not in counted:
            yield f"{label} was told {told}, and {decision} counts"
        if result in ("alreadyDecided", "tooLate") and number in counted:
            yield f"{label} was told {told}, and its answer counts: {decision}"
        if result == "tooLate" and decision and not decision["timedOut"]:
            yield f"{label} was told {told}, and it was decided in time: {decision}"
        if told["code"] not in (200, 409, 410):
            yield f"{label} was told {told}"
        if told["code"] in (409, 410) and number in counted:
            yield f"{label} was told {told}, and its answer counts: {decision}"


def ids(world: World) -> dict[str, str]:
    """The answer id of each person: the operation takes them in the order in which people begin."""
    return world.answer_ids


def _verify(required: int) -> Any:
    def verify(world: World) -> Iterator[str]:
        yield from told_truly(world)
        board = world.root.board
        decision = board["decisions"]["sign"]
        value = world.root.value
        if world.root.status != "Completed" or value["last"] != "after":
            yield f"it is {world.root.status} with {value}"
        elif decision["timedOut"] != (value["outcome"] is None):
            yield f"it gave {value} and shows {decision}"
        elif value["outcome"] == "Approve" and len(decision["answerIds"]) != required:
            yield f"approved by {decision}, {required} are needed"
        elif value["outcome"] is not None and decision["responder"] != value["by"]:
            yield f"it gave {value} and shows {decision}"
        own = {ids(world).get("ann"), ids(world).get("again"), "twice"}
        if len(own & set(decision["answerIds"])) > 1:
            yield f"ann counts more than once: {decision}"
        if "sign" in board.get("waiting", {}):
            yield f"it has ended and shows that it waits: {board}"
        calls = [call.payload for call in world.counted("work")]
        if calls != ["before", "after"]:
            yield f"its calls are {calls}"

    return verify


def _verify_announced(required: int, most: int) -> Any:
    inner = _verify(required)

    def verify(world: World) -> Iterator[str]:
        yield from inner(world)
        groups = list(by_payload(world.counted(ANNOUNCE.name)).values())
        events = [calls[0].payload for calls in groups]
        kinds = [one["kind"] for one in events]
        if kinds != ["approvals"] * (len(kinds) - 1) + ["finished"] or not 2 <= len(kinds) <= most + 1:
            yield f"it announced {kinds}"
        if len({one["id"] for one in events}) != len(events):
            yield f"two announcements have one id: {events}"
        for calls in groups:
            if any(succeeded(one) for one in calls[:-1]) or not succeeded(calls[-1]):
                yield f"it announced {calls}"

    return verify


def _verify_twice(world: World) -> Iterator[str]:
    given = world.root.value
    if given.count("ann") > 1:
        yield f"one answer of ann counted for two questions: {given}"
    yield from (one for one in told_truly(world) if "counts twice" in one)


ASKS = waits("sign")
ONE = (
    answers("ann", "sign", "Approve", "ann", ASKS),
    answers("bob", "sign", "Reject", "bob", ASKS),
    event("broken", EARLY, {"decision": "Reject", "responder": "b\ud83d", "comments": "no \ud83d" * 600}, ASKS),
    event(
        "early", EARLY, {"decision": "Approve", "responder": "eve", "answerId": "eve"}, lambda world: world.root.begun
    ),
    event("junk", EARLY, [1, "junk"], ASKS),
    event("case", "SIGN.2", {"decision": "Approve", "responder": "dan", "answerId": "dan"}, ASKS),
)
TWO = (
    answers("ann", "sign", "Approve", "ann", ASKS),
    answers("again", "sign", "Approve", "ANN", ASKS),
    answers("bob", "sign", "Approve", "bob", ASKS),
    answers("cat", "sign", "Reject", "cat", ASKS),
    event("junk", EARLY, '"junk', ASKS),
    event("twice", "sign.2", {"decision": "Approve", "responder": "Ann", "answerId": "twice"}, ASKS),
)
MILD = {**TROUBLE, "fail": 0, "raise": 0}


def _program(name: str, required: int, reminds: bool, script: tuple[Scripted, ...]) -> Program:
    given = start({"required": required, "reminds": reminds})
    return Program(name, "approving", given, _work, _verify(required), script, MILD)


def _announced(name: str, required: int, most: int, script: tuple[Scripted, ...]) -> Program:
    given = start({"required": required, "reminds": most > 1})
    return Program(name, "announcing", given, _work, _verify_announced(required, most), script, {**MILD, "raise": 1})


PROGRAMS = (
    _program("approval", 1, False, ONE),
    _program("approval-times-out", 1, True, ()),
    _program("approval-reminds", 1, True, (*ONE[:2], ONE[3])),
    _program("approval-two-of-three", 2, True, TWO),
    _announced("approval-announced", 1, 1, ONE),
    _announced("approval-announced-again", 2, 5, TWO),
    Program("approval-twice", "approving_twice", start({}), _work, _verify_twice, ONE[:1], MILD),
)
