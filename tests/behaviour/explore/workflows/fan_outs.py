"""Fan-outs: all or nothing, with tolerated failures, with lanes that are never ended in the middle, and long ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.behaviour.explore.workflows.parts import TROUBLE, attempts, bad, by_payload, code, fine, start, succeeded
from tests.behaviour.explore.world import Program, World

from flowbridge.runtime.commands import Steps
from flowbridge.runtime.fan_out import Lane
from flowbridge.runtime.orchestrate import UNDO, run_lane, run_workflow
from flowbridge.runtime.retry import Retry
from flowbridge.runtime.run import Activity, Run
from flowbridge.runtime.sdk import Context, Orchestration, blueprint

WORK = Activity[object, object]("work")
UNDO_WORK = Activity[object, object]("undo_work")
PLAIN = Lane[int, object, object]("plain_lane")
UNDOABLE = Lane[int, object, object]("undoable_lane", compensates=True)
POLICY = Retry(max_attempts=3, initial_delay=10, backoff=2, never_on=("Fatal",))
AT_ONCE = 3
bp = blueprint()


@bp.orchestration_trigger(context_name="context")
def fan_out(context: Context) -> Orchestration:
    return run_workflow(context, "fan_out", 1, _fan_out)


def _fan_out(run: Run, input_: dict[str, Any]) -> Steps[object]:
    run.step("each")
    result = yield from run.for_each(
        PLAIN,
        list(range(input_["items"])),
        {"add": 100},
        step="each",
        max_concurrency=input_.get("at_once", AT_ONCE),
        tolerated_failures=input_["tolerated"],
    )
    run.step("after")
    last = yield from run.call(WORK, "after", step="after")
    return {"last": last, "results": result["results"], "errors": [one["index"] for one in result["errors"]]}


@bp.orchestration_trigger(context_name="context")
def plain_lane(context: Context) -> Orchestration:
    return run_lane(context, _plain_item)


def _plain_item(run: Run, item: int, scope: dict[str, int]) -> Steps[object]:
    value = yield from run.call(WORK, item + scope["add"], step="done", retry=POLICY)
    return value


@bp.orchestration_trigger(context_name="context")
def fan_out_undone(context: Context) -> Orchestration:
    return run_workflow(context, "fan_out_undone", 1, _fan_out_undone)


def _fan_out_undone(run: Run, input_: dict[str, Any]) -> Steps[object]:
    run.step("each")
    result = yield from run.for_each(
        UNDOABLE, list(range(input_["items"])), {"add": 100}, step="each", max_concurrency=AT_ONCE
    )
    run.step("after")
    last = yield from run.call(WORK, "after", step="after")
    return {"last": last, "results": result["results"], "errors": []}


@bp.orchestration_trigger(context_name="context")
def undoable_lane(context: Context) -> Orchestration:
    return run_lane(context, _undoable_item)


def _undoable_item(run: Run, item: int, scope: dict[str, int]) -> Steps[object]:
    value = yield from run.call(WORK, item + scope["add"], step="done", retry=POLICY)
    run.compensate(UNDO_WORK, value, step="done")
    return value


def _work(function: str, payload: Any) -> Mapping[str, object]:
    return {"ok": fine(payload), "fail": bad("Flaky"), "fatal": bad("Fatal"), "raise": RuntimeError("lost")}


def crowd(world: World, at_most: int = AT_ONCE) -> Iterator[str]:
    """No more items were at work at one time than are allowed."""
    spans = [(call.asked, call.answered) for call in world.counted("work") if call.payload != "after"]
    for moment, _ in spans:
        at_work = sum(begun <= moment and (ended is None or ended > moment) for begun, ended in spans)
        # A call whose lane was ended was given up, not at work for ever.
        if at_work - _given_up(world) > at_most:
            yield f"{at_work} items were at work at one time, {at_most} are allowed"
            return


def _given_up(world: World) -> int:
    return sum(call.answered is None for call in world.counted("work"))


def _verify(items: int, tolerated: int) -> Callable[[World], Iterator[str]]:
    def verify(world: World) -> Iterator[str]:
        yield from crowd(world)
        groups = by_payload(one for one in world.counted("work") if one.payload != "after")
        for calls in groups.values():
            yield from attempts(world, calls, POLICY)
        done = {key: calls[-1] for key, calls in groups.items() if calls[-1].outcome is not None}
        won = sorted(call.payload for call in done.values() if succeeded(call))
        lost = [call for call in done.values() if not succeeded(call)]
        after = [call for call in world.counted("work") if call.payload == "after"]
        undone = [call.payload for call in world.counted("undo_work")]
        if world.root.status == "Completed":
            if len(lost) > tolerated or len(done) != items:
                yield f"it completed though {len(lost)} of {items} failed and {len(done)} ended"
            value = {"last": "after", "results": won, "errors": sorted(call.payload - 100 for call in lost)}
            if world.root.value != value:
                yield f"it gave {world.root.value}, {value} is due"
        elif after:
            if succeeded(after[-1]):
                yield f"it is {world.root.status} though all went well: {world.root.value}"
        elif len(lost) <= tolerated:
            yield f"it is {world.root.status} with {len(lost)} failures: {world.root.value}"
        elif not any(code(call) in str(world.root.value) for call in lost):
            yield f"it failed with {world.root.value}, one of {[code(call) for call in lost]} is due"
        if world.root.status != "Completed" and world.program.orchestrator == "fan_out_undone":
            yield from _undone(world, won, undone)
        elif undone:
            yield f"{undone} were undone"

    return verify


def _undone(world: World, won: list[Any], undone: list[Any]) -> Iterator[str]:
    if sorted(set(undone)) != won:
        yield f"undone were {sorted(set(undone))}, due were {won}"
    for calls in by_payload(world.counted("undo_work")).values():
        yield from attempts(world, calls, UNDO)
    for lane in range(AT_ONCE):
        order = list(dict.fromkeys(value for value in undone if (value - 100) % AT_ONCE == lane))
        ended = [call.payload for call in sorted(world.counted("work"), key=lambda one: one.answered or 0)]
        due = [value for value in reversed(ended) if value in order]
        if order != list(dict.fromkeys(due)):
            yield f"lane {lane} was undone in the order {order}, the reverse is {due}"


BUDGET = {**TROUBLE, "fail": 4, "fatal": 1, "crash": 2}


def _program(name: str, orchestrator: str, items: int, tolerated: int | float, count: int) -> Program:
    given = start({"items": items, "tolerated": tolerated})
    return Program(name, orchestrator, given, _work, _verify(items, count), budget=BUDGET)


PROGRAMS = (
    _program("fan-out", "fan_out", 5, 0, 0),
    _program("fan-out-none", "fan_out", 0, 0, 0),
    _program("fan-out-tolerates-two", "fan_out", 6, 2, 2),
    _program("fan-out-tolerates-half", "fan_out", 5, 0.5, 2),
    _program("fan-out-undone", "fan_out_undone", 6, 0, 0),
    _program("fan-out-long", "fan_out", 16, 1, 1),
    _program("fan-out-long-undone", "fan_out_undone", 16, 0, 0),
)
