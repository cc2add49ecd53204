"""A `repeat`: steps that run again and again as a child of their own, until a condition holds.

The child goes on as new after a number of turns, so that its history, and with it the cost of a replay, stays bounded
however long the loop runs.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from .branch import LoopInput
from .commands import Steps
from .drive import Driver
from .errors import StepError, StoppedError, as_step_error
from .run import Run
from .sdk import Context, Task
from .values import BranchOutput

TURNS_AN_EPISODE = 25

_Value_co = TypeVar("_Value_co", covariant=True)


@dataclass(frozen=True)
class Turn(Generic[_Value_co]):
    """What one turn of a loop came to: whether it is the last, and then its value."""

    done: bool
    value: _Value_co | None


def repeat(
    context: Context, given: LoopInput, turn: Callable[[Run, int], Steps[Turn[object]]]
) -> Generator[Task, object, BranchOutput | None]:
    """Runs turns until one is the last; None if the loop goes on as new."""
    driver = Driver(context, graceful=given["graceful"])
    first, undo = given["turn"], list(given["compensations"])
    run = Run(context, given["run"], place=str(first), kept=given["kept"], compensations=undo)
    for number in range(first, first + TURNS_AN_EPISODE):
        try:
            result = yield from driver.drive(turn(run, number))
            if result.done:
                return {"ok": True, "value": result.value, "error": None, "compensations": run.compensations}
            _check_bounds(context, given, number)
            yield from driver.sleep(timedelta(seconds=given["every"]))
        except (Exception, StoppedError) as failure:
            error = as_step_error(failure, given["step"]).value()
            return {"ok": False, "value": None, "error": error, "compensations": run.compensations}
    last = first + TURNS_AN_EPISODE
    context.continue_as_new({**given, "turn": last, "kept": run.board.kept, "compensations": run.compensations})
    return None


def _check_bounds(context: Context, given: LoopInput, number: int) -> None:
    """Raises StepError when no other turn may follow."""
    if given["max_turns"] is not None and number + 1 >= given["max_turns"]:
        raise StepError("RepeatExhausted", f"not done after {given['max_turns']} turns", given["step"])
    if given["due"] is not None:
        now = context.current_utc_datetime.replace(tzinfo=None)
        if now + timedelta(seconds=given["every"]) > datetime.fromisoformat(given["due"]):
            raise StepError("TimedOut", "not done in time", given["step"])
