"""A branch that is asked to end while it would catch anything: being stopped is no failure that it can handle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from tests.behaviour.explore.workflows.children import undone
from tests.behaviour.explore.workflows.parts import TROUBLE, bad, code, failure, fine, start, succeeded
from tests.behaviour.explore.world import Program, World

from flowbridge.runtime.branch import Branch
from flowbridge.runtime.commands import Steps
from flowbridge.runtime.errors import as_step_error
from flowbridge.runtime.orchestrate import run_branch, run_workflow
from flowbridge.runtime.run import Activity, Run
from flowbridge.runtime.sdk import Context, Orchestration, blueprint

WORK = Activity[object, object]("work")
UNDO_WORK = Activity[object, object]("undo_work")
CATCHER = Branch[object]("catcher", "catcher", compensates=True)
bp = blueprint()


@bp.orchestration_trigger(context_name="context")
def catching(context: Context) -> Orchestration:
    return run_workflow(context, "catching", 1, _catching)


def _catching(run: Run, input_: object) -> Steps[object]:
    run.step("limit")
    return (yield from run.within(CATCHER, input_, step="limit", timeout=timedelta(seconds=60)))


@bp.orchestration_trigger(context_name="context")
def catcher(context: Context) -> Orchestration:
    return run_branch(context, _catcher)


def _catcher(run: Run, scope: object) -> Steps[object]:
    run.step("first")
    yield from run.call(WORK, "first", step="first")
    run.compensate(UNDO_WORK, "first", step="first")
    try:
        run.step("second")
        yield from run.call(WORK, "second", step="second")
        yield from run.wait(timedelta(seconds=100))
    except Exception as caught:
        return as_step_error(caught, "second").code
    return "done"


def _work(function: str, payload: Any) -> Mapping[str, object]:
    return {"ok": fine(payload), "fail": bad("Flaky"), "raise": RuntimeError("lost")}


def _verify(world: World) -> Iterator[str]:
    calls = {call.payload: call for call in world.counted("work")}
    if world.root.status == "Completed":
        yield from undone(world, [])
        second = calls.get("second")
        # The engine may be so late that the branch is done before it is asked to end.
        if second is None or world.root.value != ("done" if succeeded(second) else code(second)):
            yield f"it gave {world.root.value}, after {second}"
        return
    lost = [code(call) for call in calls.values() if call.outcome and not succeeded(call)]
    yield from failure(world, "TimedOut", *lost)
    yield from undone(world, ["first"] if "first" in calls and succeeded(calls["first"]) else [])


PROGRAMS = (Program("catching-a-stop", "catching", start(), _work, _verify, budget={**TROUBLE, "fail": 1}),)
