"""The kinds of orchestrators that an app has: a workflow, and the children that its steps run as.

Children answer with envelopes (`ok`, and a value or an error): the engine would pass on an exception as text alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NotRequired, TypedDict, TypeVar, cast

from .branch import BranchInput, BranchOutput
from .commands import Steps
from .drive import Driver
from .errors import WorkflowFailedError, as_step_error
from .lane import LaneRun, LaneShare
from .loop import LoopInput, Turn, repeat
from .retry import Retry
from .run import Run
from .sdk import Context, Orchestration
from .segments import is_long, work_off_segments
from .values import Compensation, RunInfo, iso

_Input = TypeVar("_Input")
_Item = TypeVar("_Item")
_Scope = TypeVar("_Scope")

# What undoes a step is worth some patience: the workflow has failed already, and nothing else will try again.
UNDO = Retry(max_attempts=10, initial_delay=5, backoff=2, max_delay=600)


class StartInput(TypedDict):
    """What the Start operation hands to the engine: the typed input, and the token of the request that made it.

    `asChild` marks a workflow that another one runs, `graceful` one that undoes what it has done when it is stopped.
    """

    input: object
    token: str
    asChild: NotRequired[bool]
    graceful: NotRequired[bool]


def run_workflow(
    context: Context, name: str, version: int, steps: Callable[[Run, _Input], Steps[object]]
) -> Orchestration:
    """Runs a workflow's steps; a step's error undoes what is to be undone, is shown, typed, and fails the instance."""
    start = cast(StartInput, context.get_input())
    info: RunInfo = {
        "id": context.instance_id,
        "startedAt": iso(context.current_utc_datetime),
        "name": name,
        "version": version,
    }
    run = Run(context, info, key=start["token"])
    try:
        value = yield from Driver(context, graceful=start.get("graceful", False)).drive(
            steps(run, cast(_Input, start["input"]))
        )
    except Exception as failure:
        error = as_step_error(failure, run.current)
        failed = yield from Driver(context).drive(run.undo(UNDO))
        error.add([f"{one.step} could not be undone: {one}" for one in failed])
        run.board.fail(error)
        if start.get("asChild"):
            return {"ok": False, "value": None, "error": error.value(), "compensations": []}
        raise WorkflowFailedError(str(error)) from failure
    return {"ok": True, "value": value, "error": None, "compensations": []} if start.get("asChild") else value


def run_lane(context: Context, steps: Callable[[Run, _Item, _Scope], Steps[object]]) -> Orchestration:
    """Runs a lane's share of the items through the steps of its fan-out."""
    share = cast(LaneShare, context.get_input())
    if is_long(share):
        return (yield from work_off_segments(context, share))

    def begin(index: int, item: object, compensations: list[Compensation]) -> Steps[object]:
        run = Run(context, share["run"], shown=False, place=str(index), compensations=compensations)
        return steps(run, cast(_Item, item), cast(_Scope, share["scope"]))

    return (yield from LaneRun(context, share, begin).work_off())


def run_branch(context: Context, steps: Callable[[Run, _Scope], Steps[object]]) -> Orchestration:
    """Runs the steps of a branch once."""
    given = cast(BranchInput, context.get_input())
    run = Run(context, given["run"])
    output: BranchOutput
    try:
        driver = Driver(context, graceful=given["graceful"])
        value = yield from driver.drive(steps(run, cast(_Scope, given["scope"])))
        output = {"ok": True, "value": value, "error": None, "compensations": run.compensations}
    except Exception as failure:
        error = as_step_error(failure, run.current)
        run.board.fail(error)
        output = {"ok": False, "value": None, "error": error.value(), "compensations": run.compensations}
    return output


def run_loop(context: Context, turn: Callable[[Run, int, _Scope], Steps[Turn[object]]]) -> Orchestration:
    """Runs the turns of a loop."""
    given = cast(LoopInput, context.get_input())
    return (yield from repeat(context, given, lambda run, number: turn(run, number, cast(_Scope, given["scope"]))))
