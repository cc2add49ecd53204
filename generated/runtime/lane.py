"""One lane of a fan-out: works off its share of the items one after the other.

A fan-out starts as many lanes as items may run at once, so the limit holds exactly without a replay of the parent for
every item. An item that waits for its next attempt is parked and does not hold its lane: the lane takes up the next
item meanwhile, and sets a timer only when every item left is parked. A lane never has more than one durable task open.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict, cast

from .commands import Pause, Steps
from .drive import first_line, perform, sleep
from .errors import ErrorValue, StepError, as_step_error
from .progress import LaneStatus
from .sdk import Context, Task
from .values import RunInfo


class LaneInput(TypedDict):
    """What the parent hands to a lane: the items of its share with their places in the whole list."""

    run: RunInfo
    items: list[tuple[int, object]]
    scope: object


class LaneError(TypedDict):
    """The item that ended a lane."""

    index: int
    error: ErrorValue


class LaneOutput(TypedDict):
    """What a lane answers: results with their places, and the failure that ended it, if any."""

    results: list[tuple[int, object]]
    failed: LaneError | None


@dataclass
class _Item:
    index: int
    steps: Steps[object]
    answer: object = None


@dataclass
class _Parked:
    due: datetime
    item: _Item


def work_off(
    context: Context, share: LaneInput, begin: Callable[[int, object], Steps[object]]
) -> Generator[Task, object, LaneOutput]:
    """Runs every item of the share; the first item that fails for good ends the lane."""
    todo = deque(share["items"])
    parked: list[_Parked] = []
    results: list[tuple[int, object]] = []
    total = len(todo)
    context.set_custom_status(LaneStatus(completed=0, total=total))
    while todo or parked:
        item = yield from _next(context, todo, parked, begin)
        try:
            stop = yield from _advance(context, item)
        except Exception as failure:
            error = as_step_error(failure, "")
            return {"results": results, "failed": {"index": item.index, "error": error.value()}}
        if isinstance(stop, Pause):
            parked.append(_Parked(context.current_utc_datetime + timedelta(seconds=stop.seconds), item))
        else:
            results.append((item.index, stop.value))
            context.set_custom_status(LaneStatus(completed=len(results), total=total))
    return {"results": results, "failed": None}


@dataclass(frozen=True)
class _Done:
    value: object


def _advance(context: Context, item: _Item) -> Generator[Task, object, Pause | _Done]:
    """Runs an item up to its next pause or its end."""
    while True:
        try:
            command = item.steps.send(item.answer)
        except StopIteration as stop:
            return _Done(stop.value)
        if isinstance(command, Pause):
            item.answer = None
            return command
        item.answer = yield from perform(context, command)


def _next(
    context: Context,
    todo: deque[tuple[int, object]],
    parked: list[_Parked],
    begin: Callable[[int, object], Steps[object]],
) -> Generator[Task, object, _Item]:
    """The item to run now: one whose pause is over, else a new one, else the one whose pause ends first."""
    first = min(parked, key=lambda one: (one.due, one.item.index), default=None)
    now = context.current_utc_datetime
    if first is not None and (first.due <= now or not todo):
        if first.due > now:
            yield from sleep(context, first.due - now)
        # After the timer the item is due whatever the clock says: a timer may fire a little early.
        parked.remove(first)
        return first.item
    index, value = todo.popleft()
    return _Item(index, begin(index, value))


def gather(outputs: list[object], total: int, step: str) -> list[object]:
    """The results of all lanes in the order of the list; raises the failure of the earliest item that failed."""
    found: dict[int, object] = {}
    failures: list[LaneError] = []
    for output in outputs:
        if isinstance(output, BaseException):
            raise StepError("LaneFailed", first_line(output), step)
        lane = cast(LaneOutput, output)
        found.update((index, value) for index, value in lane["results"])
        if lane["failed"] is not None:
            failures.append(lane["failed"])
    if failures:
        earliest = min(failures, key=lambda one: one["index"])
        error = earliest["error"]
        message = f"item {earliest['index'] + 1} of {total}: {error['message']}"
        raise StepError(error["code"], message, error.get("step") or step)
    return [found[index] for index in range(total)]
