"""Patterns inside patterns: fan-outs in branches within a time limit, children of a lane's items, people in loops."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from tests.behaviour.explore.workflows import approvals, waits
from tests.behaviour.explore.workflows.asking import answers, ends, listens, raises
from tests.behaviour.explore.workflows.asking import waits as asks
from tests.behaviour.explore.workflows.children import undone
from tests.behaviour.explore.workflows.parts import TROUBLE, bad, code, failure, fine, start, succeeded
from tests.behaviour.explore.world import Program, World

from flowbridge.runtime.ask import ask
from flowbridge.runtime.branch import Branch, Loop
from flowbridge.runtime.collect import Reader, collect
from flowbridge.runtime.commands import Steps
from flowbridge.runtime.errors import StepError
from flowbridge.runtime.fan_out import Lane
from flowbridge.runtime.loop import Turn
from flowbridge.runtime.orchestrate import run_branch, run_lane, run_loop, run_workflow
from flowbridge.runtime.run import Activity, Run
from flowbridge.runtime.sdk import Context, Orchestration, blueprint

WORK = Activity[object, object]("work")
UNDO_WORK = Activity[object, object]("undo_work")
OUTER = Branch[object]("outer", "outer", compensates=True)
SPREAD = Branch[object]("spread", "spread", compensates=True)
SIGN = Branch[object]("sign", "sign")
PAY = Branch[object]("pay", "pay")
STEPS = Lane[object, object, object]("steps_lane", compensates=True)
DEEP = Lane[object, object, object]("deep_lane")
LEAF = Branch[object]("leaf", "leaf")
FULL = ["a", "b", "c"]
bp = blueprint()


@bp.orchestration_trigger(context_name="context")
def nesting(context: Context) -> Orchestration:
    return run_workflow(context, "nesting", 1, _nesting)


def _nesting(run: Run, input_: object) -> Steps[object]:
    run.step("limit")
    value = yield from run.within(OUTER, input_, step="limit", timeout=timedelta(seconds=100))
    run.step("after")
    yield from run.call(WORK, "after", step="after")
    return value


@bp.orchestration_trigger(context_name="context")
def outer(context: Context) -> Orchestration:
    return run_branch(context, _outer)


def _outer(run: Run, scope: object) -> Steps[object]:
    run.step("first")
    yield from run.call(WORK, "first", step="first")
    run.compensate(UNDO_WORK, "first", step="first")
    run.step("race")
    return (yield from run.branches([SPREAD, SIGN, PAY], scope, step="race", wins=1))


@bp.orchestration_trigger(context_name="context")
def spread(context: Context) -> Orchestration:
    return run_branch(context, _spread)


def _spread(run: Run, scope: object) -> Steps[object]:
    run.step("each")
    result = yield from run.for_each(STEPS, ["a", "b", "c"], scope, step="each", max_concurrency=2)
    return result["results"]


@bp.orchestration_trigger(context_name="context")
def steps_lane(context: Context) -> Orchestration:
    return run_lane(context, _steps_item)


def _steps_item(run: Run, item: object, scope: object) -> Steps[object]:
    yield from run.call(WORK, f"{item}1", step="one")
    run.compensate(UNDO_WORK, f"{item}1", step="one")
    yield from run.wait(timedelta(seconds=40))
    yield from run.call(WORK, f"{item}2", step="two")
    run.compensate(UNDO_WORK, f"{item}2", step="two")
    return item


@bp.orchestration_trigger(context_name="context")
def sign(context: Context) -> Orchestration:
    return run_branch(context, _sign)


def _sign(run: Run, scope: object) -> Steps[object]:
    run.step("sign")
    signed = yield from ask(
        run, step="sign", title="Sign", details="", approvers=["ann"], timeout=timedelta(days=2), required=1
    )
    return signed and signed["responder"]


@bp.orchestration_trigger(context_name="context")
def pay(context: Context) -> Orchestration:
    return run_branch(context, _pay)


def _pay(run: Run, scope: object) -> Steps[object]:
    run.step("pay")
    due = run.moment + timedelta(days=3)
    found = yield from collect(
        run, {"paid": Reader({"type": "object"})}, step="pay", timeout=due - run.moment, enough=1
    )
    if found is None:
        raise StepError("EventTimedOut", "no event came", "pay")
    return found["paid"]


def _work(function: str, payload: Any) -> Mapping[str, object]:
    return {"ok": fine(payload), "fail": bad("Flaky"), "raise": RuntimeError("lost")}


def _verify_nesting(world: World) -> Iterator[str]:
    after = [call for call in world.counted("work") if call.payload == "after"]
    done = [call.payload for call in world.counted("work") if succeeded(call) and call.payload != "after"]
    if world.root.status == "Completed":
        yield from undone(world, [])
        if not set(world.root.value) <= {"spread", "sign", "pay"} or (world.root.value["spread"] or FULL) != FULL:
            yield f"it gave {world.root.value}"
    else:
        lost = [code(call) for call in world.counted("work") if call.outcome and not succeeded(call)]
        yield from failure(world, "TimedOut", "Stopped", "EventTimedOut", *lost)
        yield from undone(world, done)
    if after and not done:
        yield "it went on without the first step"
    yield from approvals.told_truly(world)
    paid = [one for one in world.instances.values() if one.function == "pay" and one.status == "Completed"]
    recorded = [value["from"] for one in paid if one.value["ok"] for value in one.value["value"]]
    # A branch may lose in the moment in which it has recorded an event.
    lost_pays = [one for one in world.instances.values() if one.function == "pay" and one.status == "Terminated"]
    recorded += ["payer"] if any(one.board.get("received") for one in lost_pays) else []
    yield from waits.told_truly(world, recorded)


@bp.orchestration_trigger(context_name="context")
def deep(context: Context) -> Orchestration:
    return run_workflow(context, "deep", 1, _deep)


def _deep(run: Run, input_: object) -> Steps[object]:
    run.step("each")
    result = yield from run.for_each(DEEP, ["a", "b", "c"], input_, step="each", max_concurrency=2)
    return result["results"]


@bp.orchestration_trigger(context_name="context")
def deep_lane(context: Context) -> Orchestration:
    return run_lane(context, _deep_item)


def _deep_item(run: Run, item: object, scope: object) -> Steps[object]:
    value = yield from run.within(LEAF, item, step="leaf", timeout=timedelta(days=20))
    yield from run.call(WORK, f"{item}-after", step="after")
    return value


@bp.orchestration_trigger(context_name="context")
def leaf(context: Context) -> Orchestration:
    return run_branch(context, _leaf)


def _leaf(run: Run, item: object) -> Steps[object]:
    run.step("leaf")
    yield from run.call(WORK, item, step="leaf")
    yield from run.wait(timedelta(days=9))
    return item


def _verify_deep(world: World) -> Iterator[str]:
    lost = [code(call) for call in world.counted("work") if call.outcome and not succeeded(call)]
    if world.root.status == "Completed":
        if world.root.value != ["a", "b", "c"] or lost:
            yield f"it gave {world.root.value} with {lost}"
    else:
        yield from failure(world, *lost, "TimedOut")


@bp.orchestration_trigger(context_name="context")
def asking_again(context: Context) -> Orchestration:
    return run_workflow(context, "asking_again", 1, _asking_again)


def _asking_again(run: Run, input_: object) -> Steps[object]:
    run.step("poll")
    return (yield from run.loop(Loop[object]("asking_turns", every=0, max_turns=9), 5, step="poll"))


@bp.orchestration_trigger(context_name="context")
def asking_turns(context: Context) -> Orchestration:
    return run_loop(context, _asking_turn)


def _asking_turn(run: Run, number: int, turns: object) -> Steps[Turn[object]]:
    run.step("sign")
    signed = yield from ask(
        run, step="sign", title=f"Sign {number}", details="", approvers=["ann"], timeout=timedelta(hours=1)
    )
    yield from run.call(WORK, [number, signed and signed["responder"]], step="note")
    return Turn(number == 4, None)


def _verify_asking(world: World) -> Iterator[str]:
    people = [call.payload[1] for call in world.counted("work") if call.payload[1] is not None]
    if len(set(people)) != len(people):
        yield f"an answer counted for two questions: {people}"
    for label, told in world.told.items():
        result = told.get("result")
        if result == "recorded" and label not in people:
            yield f"{label} was told {told}, and {people} count"
        if (result in ("alreadyDecided", "tooLate") or told["code"] != 200) and label in people:
            yield f"{label} was told {told}, and its answer counts"


PEOPLE = (
    answers("ann", "sign", "Approve", "ann", asks("sign")),
    raises("payer", "paid", {"from": "payer"}, listens("paid")),
    answers("bob", "sign", "Reject", "bob", asks("sign")),
)


def _verify_ended(world: World) -> Iterator[str]:
    told = world.told.get("boss")
    if world.root.status != "Terminated":
        yield from _verify_nesting(world)
    elif told is None or told["code"] not in (200, 410):
        yield f"boss was told {told}, and it is {world.root.status}"


BOSS = ends("boss", lambda world: world.root.begun and not world.root.ended)
MANY = {**TROUBLE, "fail": 2}
PROGRAMS = (
    Program("nested", "nesting", start(), _work, _verify_nesting, PEOPLE, MANY),
    Program("nested-terminated", "nesting", start(), _work, _verify_ended, (BOSS,), {**MANY, "late": 0}),
    Program("nested-in-lanes", "deep", start(), _work, _verify_deep, budget=MANY),
    Program(
        "asking-in-a-loop",
        "asking_again",
        start(),
        lambda function, payload: {"ok": fine(payload)},
        _verify_asking,
        (PEOPLE[0], PEOPLE[2], answers("cat", "sign", "Approve", "cat", asks("sign"))),
        {**TROUBLE, "raise": 0},
    ),
)
