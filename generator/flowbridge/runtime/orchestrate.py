"""The kinds of orchestrators that an app has: a workflow, and the children that its steps run as.

Children answer with envelopes (`ok`, and a value or an error): the engine would pass on an exception as text alone.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import NotRequired, TypedDict, TypeVar, cast

from .announce import ending
from .branch import BranchInput
from .commands import Steps
from .drive import Driver
from .errors import StepError, StoppedError, WorkflowFailedError, as_step_error
from .lane import LaneRun, LaneShare
from .loop import LoopInput, Turn, repeat
from .retry import Retry
from .run import Activity, Run
from .sdk import Context, Orchestration
from .segments import is_long, work_off_segments
from .validation import Schema
from .values import BranchOutput, Compensation, RunInfo, iso

_Item = TypeVar("_Item")
_Scope = TypeVar("_Scope")

# What undoes a step is worth some patience: the workflow has failed already, and nothing else will try again.
SETTINGS_ACTIVITY = "read_settings"
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
    context: Context,
    name: str,
    version: int,
    steps: Callable[..., Steps[object]],
    *,
    config: Schema | None = None,
    timeout: timedelta | None = None,
    on_failure: Callable[..., Steps[None]] | None = None,
    cleanup: Callable[..., Steps[None]] | None = None,
    announces: bool = False,
) -> Orchestration:
    """Runs a workflow's steps, and fails the instance with the error that ends them.

    A failure first undoes what is to be undone, then runs `on_failure`; `cleanup` runs in any case. All are called with
    the run, the input and, where there is a schema of it, the configuration; `on_failure` with the error besides.
    A run that `announces` tells subscribers of its approvals and of its end.
    """
    start = cast(StartInput, context.get_input())
    run = Run(context, _info(context, name, version, start["token"] if announces else None), key=start["token"])
    due = None if timeout is None else context.current_utc_datetime + timeout
    limited = Driver(context, graceful=start.get("graceful", False), due=due)
    driver = Driver(context)
    given: list[object] = [run, start["input"]]
    value: object = None
    error: StepError | None = None
    try:
        if config is not None:
            given.append((yield from driver.drive(_read_settings(run, name, config))))
        value = yield from limited.drive(steps(*given))
    except (Exception, StoppedError) as failure:
        error = as_step_error(failure, run.current)
        if limited.is_overdue:
            error = StepError("WorkflowTimedOut", f"not done within {timeout}: {error}", error.step)
        error.add((yield from driver.drive(_after_failure(run, given, error, on_failure))))
    if cleanup is not None:
        remarks = yield from driver.drive(_attempt(cleanup(*given), "cleaning up"))
        if error is not None:
            error.add(remarks)
    return (yield from driver.drive(_end(run, start, value, error)))


def _info(context: Context, name: str, version: int, token: str | None) -> RunInfo:
    """What expressions read as `run`, with the token of a run that announces what happens to it."""
    begun = iso(context.current_utc_datetime)
    info: RunInfo = {"id": context.instance_id, "startedAt": begun, "name": name, "version": version}
    return info if token is None else {**info, "token": token}


def _end(run: Run, start: StartInput, value: object, error: StepError | None) -> Steps[object]:
    """Announces the end and gives the output; raises the error, unless another workflow waits for it."""
    if error is not None:
        run.board.fail(error)
    yield from ending(run, error)
    output: BranchOutput = {"ok": error is None, "value": value, "error": None, "compensations": []}
    if error is not None:
        output["error"] = error.value()
        if not start.get("asChild"):
            raise WorkflowFailedError(str(error)) from error
    return output if start.get("asChild") else value


def _read_settings(run: Run, name: str, schema: Schema) -> Steps[object]:
    """The configuration, read once by an activity, because it may be another by the time of a replay."""
    activity = Activity[object, object](SETTINGS_ACTIVITY)
    return (yield from run.call(activity, {"prefix": name.upper(), "schema": schema}, step=""))


def _after_failure(
    run: Run, given: list[object], error: StepError, on_failure: Callable[..., Steps[None]] | None
) -> Steps[list[str]]:
    """Undoes what is to be undone and runs the steps for a failure; gives remarks on what went wrong there."""
    remarks = [f"{one.step} could not be undone: {one}" for one in (yield from run.undo(UNDO))]
    if on_failure is not None:
        remarks += yield from _attempt(on_failure(*given, error.value()), "handling the failure")
    return remarks


def _attempt(steps: Steps[None], what: str) -> Steps[list[str]]:
    """Runs steps whose own failure must not hide why they run; gives a remark on it."""
    try:
        yield from steps
    except Exception as failure:
        return [f"{what} failed as well: {as_step_error(failure, '')}"]
    return []


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
    except (Exception, StoppedError) as failure:
        error = as_step_error(failure, run.current)
        run.board.fail(error)
        output = {"ok": False, "value": None, "error": error.value(), "compensations": run.compensations}
    return output


def run_loop(context: Context, turn: Callable[[Run, int, _Scope], Steps[Turn[object]]]) -> Orchestration:
    """Runs the turns of a loop."""
    given = cast(LoopInput, context.get_input())
    return (yield from repeat(context, given, lambda run, number: turn(run, number, cast(_Scope, given["scope"]))))
