"""One lane of a fan-out: works off its share of the items one after the other.

A fan-out starts as many lanes as items may run at once, so the limit holds exactly without a replay of the parent for
every item. An item that waits for its next attempt is parked and does not hold its lane: the lane takes up the next
item meanwhile, and sets a timer only when every item left is parked. A lane never has more than one task open that it
waits for.

Which item comes next hangs on the time at which the last task was asked for, not on the time of its answer: an episode
that the engine repeats later, after the messages of the lost one went out, has to ask for the same tasks again, or it
would take one item's answer for another's.

A lane's history stays short: after a number of items it goes on as new, with the results so far in its input. A long
share is worked off in segments (`segments.py`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict

from .commands import Children, Pause, Steps
from .drive import Driver
from .errors import ErrorValue, StoppedError, as_step_error
from .progress import Group, LaneStatus
from .sdk import Context, Task
from .values import Compensation, RunInfo

# A replay costs as much as the history is long, and a turn little more than an item. Going on as new wants no parked
# item, whose place in its steps would be lost.
ITEMS_A_TURN = 10


class LaneError(TypedDict):
    """An item that failed for good; `index` is its place in the whole list."""

    index: int
    error: ErrorValue


class LaneShare(TypedDict):
    """A lane's input: the items left of its share with their places in the whole list, and what it has done so far.

    `lane` is its function. The lane ends with the first failure that is one too many; `tolerated` is how many are not.
    """

    lane: str
    run: RunInfo
    scope: object
    items: list[tuple[int, object]]
    tolerated: int
    graceful: bool
    results: list[tuple[int, object]]
    failed: list[LaneError]
    compensations: list[Compensation]


class LaneOutput(TypedDict):
    """What a lane answers; `ok` is false if more items failed than it tolerates, or if it was asked to stop."""

    ok: bool
    results: list[tuple[int, object]]
    failed: list[LaneError]
    compensations: list[Compensation]


@dataclass
class _Item:
    index: int
    steps: Steps[object]
    answer: object = None


@dataclass(frozen=True)
class _Parked:
    due: datetime
    item: _Item


@dataclass(frozen=True)
class _Done:
    value: object


Begin = Callable[[int, object, list[Compensation]], Steps[object]]


class LaneRun:
    """One turn of a lane; `begin` gives the steps of an item."""

    def __init__(self, context: Context, share: LaneShare, begin: Begin) -> None:
        self._context = context
        self._driver = Driver(context, graceful=share["graceful"])
        self._share = share
        self._begin = begin
        self._todo = deque(share["items"])
        self._parked: list[_Parked] = []
        self._taken = 0
        self._asked = context.current_utc_datetime
        self._compensations = list(share["compensations"])
        self._results = list(share["results"])
        self._failed = list(share["failed"])

    def work_off(self) -> Generator[Task, object, LaneOutput | None]:
        """Works off the share; None if the lane goes on as new."""
        self._show()
        while self._todo or self._parked:
            if self._driver.stopped:
                return self._output(ok=False)
            if self._turn_is_over:
                self._context.continue_as_new(self._rest())
                return None
            item = yield from self._next()
            if item is None:
                continue
            yield from self._advance(item)
            if len(self._failed) > self._share["tolerated"]:
                return self._output(ok=False)
        return self._output(ok=True)

    @property
    def _turn_is_over(self) -> bool:
        return self._taken >= ITEMS_A_TURN and not self._parked and bool(self._todo)

    def _advance(self, item: _Item) -> Generator[Task, object, None]:
        """Runs an item up to its next pause, or to its end."""
        try:
            stop = yield from self._until_pause(item)
        except StoppedError:
            return
        except Exception as failure:
            self._failed.append({"index": item.index, "error": as_step_error(failure, "").value()})
        else:
            if isinstance(stop, Pause):
                due = self._context.current_utc_datetime + timedelta(seconds=stop.seconds)
                self._parked.append(_Parked(due, item))
                return
            self._results.append((item.index, stop.value))
        self._show()

    def _until_pause(self, item: _Item) -> Generator[Task, object, Pause | _Done]:
        while True:
            try:
                command = item.steps.send(item.answer)
            except StopIteration as stop:
                return _Done(stop.value)
            if isinstance(command, Pause):
                item.answer = None
                return command
            self._asked = self._context.current_utc_datetime
            if isinstance(command, Children) and not self._driver.stopped:
                self._show_children(command)
            item.answer = yield from self._driver.perform(command)

    def _next(self) -> Generator[Task, object, _Item | None]:
        """The item to run now: one whose pause is over, else a new one, else the one whose pause ends first.

        None if the lane was asked to stop while it waited.
        """
        first = min(self._parked, key=lambda one: (one.due, one.item.index), default=None)
        is_due = first is not None and first.due < self._asked
        if first is not None and (is_due or not self._todo):
            if not is_due and (yield from self._wait(first.due)):
                return None
            # After the timer the item is due whatever the clock says: a timer may fire a little early.
            self._parked.remove(first)
            return first.item
        index, value = self._todo.popleft()
        self._taken += 1
        return _Item(index, self._begin(index, value, self._compensations))

    def _wait(self, due: datetime) -> Generator[Task, object, bool]:
        """Waits, and tells whether the lane was asked to stop meanwhile."""
        self._asked = self._context.current_utc_datetime
        try:
            yield from self._driver.sleep(due - self._asked)
        except StoppedError:
            return True
        return False

    def _status(self) -> LaneStatus:
        done = len(self._results) + len(self._failed)
        return LaneStatus(completed=done, total=done + len(self._todo) + len(self._parked))

    def _show(self) -> None:
        self._context.set_custom_status(self._status())

    def _show_children(self, command: Children) -> None:
        """Shows the children of the item at work: whoever ends the lane has to end them, too."""
        ids = [one.instance_id for one in command.children]
        groups = [Group(prefix=ids[0].rpartition(":")[0], count=len(ids), asks=False)] if ids else []
        self._context.set_custom_status(LaneStatus({**self._status(), "children": groups}))

    def _rest(self) -> LaneShare:
        return {
            **self._share,
            "items": list(self._todo),
            "results": self._results,
            "failed": self._failed,
            "compensations": self._compensations,
        }

    def _output(self, *, ok: bool) -> LaneOutput:
        return {"ok": ok, "results": self._results, "failed": self._failed, "compensations": self._compensations}
