"""The two kinds of orchestrators that an app has: a workflow, and a lane of one of its fan-outs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict, TypeVar, cast

from .commands import Steps
from .drive import drive
from .errors import WorkflowFailedError, as_step_error
from .lane import LaneInput, work_off
from .run import Run
from .sdk import Context, Orchestration
from .values import RunInfo, iso

_Input = TypeVar("_Input")
_Item = TypeVar("_Item")
_Scope = TypeVar("_Scope")


class StartInput(TypedDict):
    """What the Start operation hands to the engine: the typed input, and the token of the request that made it."""

    input: object
    token: str


def run_workflow(
    context: Context, name: str, version: int, steps: Callable[[Run, _Input], Steps[object]]
) -> Orchestration:
    """Runs a workflow's steps; a step's error is shown, typed, and then fails the instance."""
    start = cast(StartInput, context.get_input())
    info: RunInfo = {
        "id": context.instance_id,
        "startedAt": iso(context.current_utc_datetime),
        "name": name,
        "version": version,
    }
    run = Run(context, info)
    try:
        return (yield from drive(context, steps(run, cast(_Input, start["input"]))))
    except Exception as failure:
        error = as_step_error(failure, run.current)
        run.failed(error)
        raise WorkflowFailedError(str(error)) from failure


def run_lane(context: Context, steps: Callable[[Run, _Item, _Scope], Steps[object]]) -> Orchestration:
    """Runs a lane's share of the items through the steps of its fan-out."""
    share = cast(LaneInput, context.get_input())

    def begin(index: int, item: object) -> Steps[object]:
        return steps(Run(context, share["run"], item=index), cast(_Item, item), cast(_Scope, share["scope"]))

    return (yield from work_off(context, share, begin))
