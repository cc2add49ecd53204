"""Calls: with retries, one after the other, and undone in reverse order when the workflow fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.behaviour.explore.workflows.parts import (
    TROUBLE,
    attempts,
    bad,
    code,
    failure,
    fine,
    outcome,
    start,
    succeeded,
)
from tests.behaviour.explore.world import Program, World

from flowbridge.runtime.commands import Steps
from flowbridge.runtime.errors import StepError
from flowbridge.runtime.orchestrate import UNDO, run_workflow
from flowbridge.runtime.retry import Retry
from flowbridge.runtime.run import Activity, Run
from flowbridge.runtime.sdk import Context, Orchestration, blueprint

WORK = Activity[object, object]("work")
UNDO_WORK = Activity[object, object]("undo_work")
POLICY = Retry(
    max_attempts=4, initial_delay=10, backoff=2, max_delay=15, max_duration=50, only_on=("Flaky",), never_on=("Fatal",)
)
bp = blueprint()


@bp.orchestration_trigger(context_name="context")
def calling(context: Context) -> Orchestration:
    return run_workflow(context, "calling", 1, _calling)


def _calling(run: Run, input_: object) -> Steps[object]:
    run.step("first", message="Working")
    first = yield from run.call(WORK, "a", step="first", retry=POLICY)
    run.step("second")
    second = yield from run.call(WORK, "b", step="second")
    return [first, second]


def _work(function: str, payload: Any) -> Mapping[str, object]:
    return {"ok": fine(f"{payload}!"), "fail": bad("Flaky"), "fatal": bad("Fatal"), "raise": RuntimeError("lost")}


def _verify_calling(world: World) -> Iterator[str]:
    first = [one for one in world.counted("work") if one.payload == "a"]
    second = [one for one in world.counted("work") if one.payload == "b"]
    yield from attempts(world, first, POLICY)
    yield from attempts(world, second, Retry())
    if not succeeded(first[-1]):
        yield from failure(world, code(first[-1]))
        if second:
            yield "the step after a failed one has run"
        elif code(first[-1]) == "Flaky" and len(first) < 3:
            yield f"given up after {len(first)} attempts"
    elif not succeeded(second[-1]):
        yield from failure(world, code(second[-1]))
    else:
        yield from outcome(world, ["a!", "b!"])


@bp.orchestration_trigger(context_name="context")
def undoing(context: Context) -> Orchestration:
    return run_workflow(context, "undoing", 1, _undoing)


def _undoing(run: Run, input_: object) -> Steps[object]:
    for name in ("a", "b", "c"):
        run.step(name)
        try:
            value = yield from run.call(WORK, name, step=name)
        except StepError as error:
            if error.code == "Fatal":
                raise
            continue
        run.compensate(UNDO_WORK, value, step=name)
    run.step("last")
    return (yield from run.call(WORK, "last", step="last"))


def _verify_undoing(world: World) -> Iterator[str]:
    calls = world.counted("work")
    undone = world.counted("undo_work")
    if world.root.status == "Completed":
        yield from outcome(world, "last!")
        due: list[object] = []
    else:
        yield from failure(world, code(calls[-1]))
        due = [one.answer["value"] for one in reversed(calls) if succeeded(one)]
    seen: list[object] = []
    for one in undone:
        if not seen or seen[-1] != one.payload:
            seen.append(one.payload)
    if seen != due:
        yield f"undone were {seen}, due were {due}"
    for value in due:
        yield from attempts(world, [one for one in undone if one.payload == value], UNDO)
    for one in calls:
        if sum(other.payload == one.payload for other in calls) > 1:
            yield f"{one.payload} was called twice"


PROGRAMS = (
    Program("call", "calling", start(), _work, _verify_calling, budget={**TROUBLE, "fail": 4, "fatal": 1, "slow": 3}),
    Program("undo", "undoing", start(), _work, _verify_undoing, budget={**TROUBLE, "fail": 3, "fatal": 1}),
)
