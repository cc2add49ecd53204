"""Steps that run as children: branches, time limits, loops and other workflows; those that lose are ended at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

from tests.behaviour.explore.workflows.parts import (
    TROUBLE,
    attempts,
    bad,
    by_payload,
    code,
    failure,
    fine,
    given_to,
    start,
    succeeded,
)
from tests.behaviour.explore.world import Program, World

from flowbridge.runtime.branch import Branch, Loop
from flowbridge.runtime.commands import Steps
from flowbridge.runtime.loop import Turn
from flowbridge.runtime.orchestrate import run_branch, run_loop, run_workflow
from flowbridge.runtime.retry import Retry
from flowbridge.runtime.run import Activity, Run
from flowbridge.runtime.sdk import Context, Orchestration, blueprint

WORK = Activity[object, object]("work")
UNDO_WORK = Activity[object, object]("undo_work")
QUICK = Branch[object]("quick_branch", "quick")
SLOW = Branch[object]("slow_branch", "slow")
LONG = Branch[object]("long_branch", "long")
UNDONE = [replace(one, compensates=True) for one in (QUICK, SLOW, LONG)]
POLICY = Retry(max_attempts=2, initial_delay=10)
bp = blueprint()


@bp.orchestration_trigger(context_name="context")
def branching(context: Context) -> Orchestration:
    return run_workflow(context, "branching", 1, _branching)


def _branching(run: Run, input_: dict[str, Any]) -> Steps[object]:
    run.step("both")
    all_three = UNDONE if input_["undo"] else [QUICK, SLOW, LONG]
    both = yield from run.branches(all_three, input_["undo"], step="both", wins=input_["wins"])
    run.step("after")
    yield from run.call(WORK, "after", step="after")
    return both


@bp.orchestration_trigger(context_name="context")
def quick_branch(context: Context) -> Orchestration:
    return run_branch(context, _quick)


def _quick(run: Run, undo: object) -> Steps[object]:
    run.step("quick")
    value = yield from run.call(WORK, "quick", step="quick", retry=POLICY)
    if undo:
        run.compensate(UNDO_WORK, value, step="quick")
    return value


@bp.orchestration_trigger(context_name="context")
def slow_branch(context: Context) -> Orchestration:
    return run_branch(context, _slow)


def _slow(run: Run, undo: object) -> Steps[object]:
    run.step("slow")
    value = yield from run.call(WORK, "slow", step="slow")
    if undo:
        run.compensate(UNDO_WORK, value, step="slow")
    yield from run.wait(timedelta(seconds=30))
    return (yield from run.call(WORK, "slow2", step="slow"))


@bp.orchestration_trigger(context_name="context")
def long_branch(context: Context) -> Orchestration:
    return run_branch(context, _long)


def _long(run: Run, undo: object) -> Steps[object]:
    run.step("long")
    yield from run.wait(timedelta(days=9))
    return (yield from run.call(WORK, "long", step="long"))


def _work(function: str, payload: Any) -> Mapping[str, object]:
    return {"ok": fine(payload), "fail": bad("Flaky"), "raise": RuntimeError("lost")}


def won(world: World, labels: Mapping[str, str]) -> dict[str, object]:
    """The values of the children that ended well, by label."""
    found = {one.function: one.value["value"] for one in world.instances.values() if _ended_well(one.value)}
    return {label: found[function] for function, label in labels.items() if function in found}


def _ended_well(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    fields = cast(dict[str, object], value)
    return fields.get("ok") is True and "compensations" in fields


def undone(world: World, due: Sequence[object]) -> Iterator[str]:
    """Exactly these were undone, each once."""
    seen = list(dict.fromkeys(call.payload for call in world.counted("undo_work")))
    if sorted(map(str, seen)) != sorted(map(str, due)):
        yield f"undone were {seen}, due were {due}"


def _verify_branching(wins: int | None, undo: bool) -> Callable[[World], Iterator[str]]:
    def verify(world: World) -> Iterator[str]:
        labels = {"quick_branch": "quick", "slow_branch": "slow", "long_branch": "long"}
        values = won(world, labels)
        groups = by_payload(world.counted("work"))
        for calls in groups.values():
            yield from attempts(world, calls, POLICY if calls[0].payload == "quick" else Retry())
        after = groups.get("'after'", [])
        enough = len(values) >= (3 if wins is None else wins)
        if enough != bool(after):
            yield f"won were {values}, and it is {world.root.status} with {world.root.value}"
        elif world.root.status == "Completed":
            # A branch that was not needed gives None.
            given = {label: one for label, one in world.root.value.items() if one is not None}
            if given != values or not succeeded(after[-1]):
                yield f"it gave {world.root.value}, {values} is due"
        else:
            lost = [calls[-1] for calls in groups.values() if calls[-1].outcome and not succeeded(calls[-1])]
            yield from failure(world, *(code(call) for call in lost))
        failed = world.root.status == "Failed"
        firsts = [
            call.payload for call in world.counted("work") if call.payload in ("quick", "slow") and succeeded(call)
        ]
        yield from undone(world, firsts if failed and undo else [])

    return verify


@bp.orchestration_trigger(context_name="context")
def limited(context: Context) -> Orchestration:
    return run_workflow(context, "limited", 1, _limited)


def _limited(run: Run, input_: dict[str, Any]) -> Steps[object]:
    run.step("limit")
    branch = Branch[object](input_["branch"], "it", compensates=input_["undo"])
    value = yield from run.within(branch, input_["undo"], step="limit", timeout=timedelta(seconds=input_["seconds"]))
    run.step("after")
    yield from run.call(WORK, "after", step="after")
    return value


def _verify_limited(undo: bool) -> Callable[[World], Iterator[str]]:
    def verify(world: World) -> Iterator[str]:
        function = given_to(world)["branch"]
        values = won(world, {function: "it"})
        after = [call for call in world.counted("work") if call.payload == "after"]
        lost = [code(call) for call in world.counted("work") if call.outcome and not succeeded(call)]
        if world.root.status == "Completed":
            if world.root.value != values.get("it", "none"):
                yield f"it gave {world.root.value}, {values} is due"
        else:
            yield from failure(world, *lost, "TimedOut")
            if values and not after:
                yield f"it gave {values}, and failed with {world.root.value}"
        if not values and after:
            yield "it went on without a value"
        firsts = [
            call.payload for call in world.counted("work") if call.payload in ("quick", "slow") and succeeded(call)
        ]
        yield from undone(world, firsts if undo and world.root.status == "Failed" else [])

    return verify


@bp.orchestration_trigger(context_name="context")
def looping(context: Context) -> Orchestration:
    return run_workflow(context, "looping", 1, _looping)


def _looping(run: Run, input_: dict[str, Any]) -> Steps[object]:
    run.step("poll")
    loop = Loop[int]("polling", every=60, max_turns=input_["max_turns"], compensates=True)
    timeout = None if input_["seconds"] is None else timedelta(seconds=input_["seconds"])
    value = yield from run.loop(loop, input_["turns"], step="poll", timeout=timeout)
    yield from run.call(WORK, "after", step="after")
    return value


@bp.orchestration_trigger(context_name="context")
def polling(context: Context) -> Orchestration:
    return run_loop(context, _polling)


def _polling(run: Run, number: int, turns: int) -> Steps[Turn[object]]:
    run.step("turn")
    value = yield from run.call(WORK, number, step="turn", retry=POLICY)
    run.compensate(UNDO_WORK, number, step="turn")
    return Turn(number + 1 >= turns, value)


def _verify_looping(world: World) -> Iterator[str]:
    given = given_to(world)
    turns = [call for call in world.counted("work") if call.payload != "after"]
    for calls in by_payload(turns).values():
        yield from attempts(world, calls, POLICY)
    done = [call.payload for call in turns if succeeded(call)]
    if done != list(range(len(done))):
        yield f"its turns are {done}"
    after = [call for call in world.counted("work") if call.payload == "after"]
    if world.root.status == "Completed":
        if world.root.value != given["turns"] - 1 or len(done) != given["turns"]:
            yield f"it gave {world.root.value} after {len(done)} turns"
        yield from undone(world, [])
        return
    lost = [code(call) for call in world.counted("work") if call.outcome and not succeeded(call)]
    bound = given["max_turns"] is not None and len(done) >= given["max_turns"]
    yield from failure(
        world, *lost, *(["RepeatExhausted"] if bound else []), *(["TimedOut"] if given["seconds"] else [])
    )
    order = list(dict.fromkeys(call.payload for call in world.counted("undo_work")))
    if order != done[::-1]:
        yield f"undone were {order}, due were {done[::-1]}"
    if len(done) == given["turns"] and not after:
        yield "all turns were done, and it failed"


@bp.orchestration_trigger(context_name="context")
def delegating(context: Context) -> Orchestration:
    return run_workflow(context, "delegating", 1, _delegating)


def _delegating(run: Run, input_: object) -> Steps[object]:
    run.step("other")
    value = yield from run.workflow("branching", {"undo": True, "wins": 1}, step="other")
    run.step("after")
    yield from run.call(WORK, "last", step="after")
    return value


def _verify_delegating(world: World) -> Iterator[str]:
    other = next(one for one in world.instances.values() if one.function == "branching")
    last = [call for call in world.counted("work") if call.payload == "last"]
    if other.value["ok"] != bool(last):
        yield f"the other gave {other.value}, and it is {world.root.status}"
    elif world.root.status == "Completed":
        if world.root.value != other.value["value"]:
            yield f"it gave {world.root.value}, {other.value} is due"
    else:
        lost = [code(call) for call in world.counted("work") if call.outcome and not succeeded(call)]
        yield from failure(world, *lost)


MANY = {**TROUBLE, "fail": 3}


def _branches(name: str, wins: int | None, undo: bool) -> Program:
    return Program(
        name, "branching", start({"wins": wins, "undo": undo}), _work, _verify_branching(wins, undo), budget=MANY
    )


def _limit(name: str, branch: str, seconds: float, undo: bool) -> Program:
    given = start({"branch": branch, "seconds": seconds, "undo": undo})
    return Program(name, "limited", given, _work, _verify_limited(undo), budget=MANY)


def _loop(name: str, turns: int, max_turns: int | None, seconds: float | None) -> Program:
    given = start({"turns": turns, "max_turns": max_turns, "seconds": seconds})
    return Program(name, "looping", given, _work, _verify_looping, budget=MANY)


PROGRAMS = (
    _branches("branches-all", None, False),
    _branches("branches-one", 1, False),
    _branches("branches-two", 2, False),
    _branches("branches-all-undone", None, True),
    _branches("branches-one-undone", 1, True),
    _limit("within-call", "quick_branch", 20, False),
    _limit("within-wait", "long_branch", 600_000, False),
    _limit("within-undone", "slow_branch", 25, True),
    _loop("repeat", 5, None, 500),
    _loop("repeat-turns", 5, 4, None),
    Program("sub-workflow", "delegating", start(), _work, _verify_delegating, budget=MANY),
)
