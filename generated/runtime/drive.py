"""Turns the commands of steps into durable tasks: the only place that knows what the engine can be trusted with.

Every wait is one of these patterns, each of which is tested against the textbook form that fails:

* a call is a plain activity that answers with an envelope; the engine's own retries are never used;
* a wait for an event races one event task against timers of at most five days, whose ends are counted up front, and the
  timer that lost is cancelled;
* children are started together; whoever is still at work when the outcome is clear is stopped, and the parent goes on
  once all have ended, because a task that is left open would keep the instance running.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar, cast

from .commands import ChildOutcome, Children, Command, Heard, Listen, Pause, Steps, Work
from .errors import StepError
from .sdk import Context, Task, Timer

# The storage backend splits a timer of more than six days in a way that cannot be cancelled.
LONGEST_TIMER = timedelta(days=5)
STOP_ACTIVITY = "stop_children"
STOP_EVENT = "stop"

_Value = TypeVar("_Value")


class Driver:
    """Carries out commands for one orchestration."""

    def __init__(self, context: Context, due: datetime | None = None) -> None:
        self._context = context
        self._due = due
        self._events: dict[str, Task] = {}

    @property
    def is_overdue(self) -> bool:
        """Whether the time is up that these steps have in all; a timer may fire up to a second early."""
        left = self._left()
        return left is not None and left <= 1.0

    def _left(self) -> float | None:
        """The seconds that are left to these steps in all; None if they have all the time."""
        if self._due is None:
            return None
        return max(0.0, (self._due - self._context.current_utc_datetime).total_seconds())

    def drive(self, steps: Steps[_Value]) -> Generator[Task, object, _Value]:
        """Runs steps to their end, one command after the other, and returns their value."""
        go_on = partial(steps.send, None)
        while True:
            try:
                command = go_on()
            except StopIteration as stop:
                return stop.value
            try:
                go_on = partial(steps.send, (yield from self.perform(command)))
            except StepError as error:
                go_on = partial(steps.throw, error)

    def perform(self, command: Command) -> Generator[Task, object, object]:
        """Carries out one command and returns its answer; StepError if the time is up that the steps have in all."""
        if isinstance(command, Work):
            return (yield from self._work(command))
        limit = self._left()
        if limit is not None and (command.seconds is None or command.seconds > limit):
            answer = yield from self._wait(replace(command, seconds=limit))
            if self.is_overdue and not isinstance(command, Children) and answer is None:
                raise StepError("WorkflowTimedOut", "the workflow is not done in its time", "")
            return answer
        return (yield from self._wait(command))

    def _wait(self, command: Pause | Children | Listen) -> Generator[Task, object, object]:
        match command:
            case Pause():
                yield from self.sleep(timedelta(seconds=command.seconds))
                return None
            case Children():
                return (yield from self._children(command))
            case Listen():
                return (yield from self._listen(command))

    def _work(self, command: Work) -> Generator[Task, object, object]:
        try:
            return (yield self._context.call_activity(command.function, command.payload))
        except Exception as failure:
            # The envelope did not arrive: the worker was lost, or the function could not be called at all.
            return {"ok": False, "error": {"code": "ActivityFailed", "message": first_line(failure)}}

    def sleep(self, duration: timedelta) -> Generator[Task, object, None]:
        """Waits, in timers short enough for every backend."""
        start = self._context.current_utc_datetime
        for end in ends(duration):
            yield self._context.create_timer(start + end)

    # ---- events

    def event(self, name: str) -> Task:
        """The wait for an event of that name: the one that is open, or a new one."""
        if name not in self._events:
            self._events[name] = self._context.wait_for_external_event(name)
        return self._events[name]

    def _listen(self, command: Listen) -> Generator[Task, object, Heard | None]:
        tasks = {name: self.event(name) for name in command.events}
        yield from self.race(list(tasks.values()), timedelta(seconds=command.seconds))
        return next((Heard(name, task.result) for name, task in tasks.items() if task.is_completed), None)

    def race(self, tasks: list[Task], duration: timedelta) -> Generator[Task, object, bool]:
        """Waits until one of the tasks completes or the time is up; tells whether one did."""
        if any(task.is_completed for task in tasks):
            return True
        start = self._context.current_utc_datetime
        for end in ends(duration):
            timer = self._context.create_timer(start + end)
            winner = yield self._context.task_any([*tasks, timer])
            if winner is not timer:
                # The engine looks only at the timer, because the tasks were there before it: cancelling frees it.
                _cancel(timer)
                return True
        return False

    # ---- children

    def _children(self, command: Children) -> Generator[Task, object, tuple[ChildOutcome, ...]]:
        tasks = [
            self._context.call_sub_orchestrator(one.function, one.input, one.instance_id) for one in command.children
        ]
        if not tasks:
            return ()
        deadline = None if command.seconds is None else self._context.current_utc_datetime + _span(command.seconds)
        while (still_open := _open(tasks)) and not _is_clear(command, tasks):
            if deadline is None:
                yield self._context.task_any(still_open)
            elif not (yield from self.race(still_open, deadline - self._context.current_utc_datetime)):
                break
        stopped = {id(task) for task in _open(tasks)}
        if stopped:
            pairs = zip(command.children, tasks, strict=True)
            yield from self._stop(command, [one.instance_id for one, task in pairs if id(task) in stopped])
            while still_open := _open(tasks):
                yield self._context.task_any(still_open)
        return tuple(_outcome(task, stopped=id(task) in stopped) for task in tasks)

    def _stop(self, command: Children, instance_ids: list[str]) -> Generator[Task, object, None]:
        """Has children stopped; if that fails, they are awaited all the same and end by themselves."""
        yield from self._work(Work(STOP_ACTIVITY, {"instanceIds": instance_ids, "how": command.stop}))


def ends(duration: timedelta) -> list[timedelta]:
    """The ends of the timers that make up a duration, counted from its start.

    They are counted up front because a timer may fire up to a second early: a loop that compares the clock with a
    deadline would spin at the end.
    """
    whole = max(0, -(-duration // LONGEST_TIMER) - 1)
    return [LONGEST_TIMER * (number + 1) for number in range(whole)] + [max(duration, timedelta())]


def first_line(failure: object) -> str:
    """The first line of an exception's text, or the name of its class."""
    lines = str(failure).strip().splitlines()
    return lines[0].strip() if lines else type(failure).__name__


def _span(seconds: float) -> timedelta:
    return timedelta(seconds=max(0.0, seconds))


def _cancel(timer: Timer) -> None:
    if not timer.is_completed:
        timer.cancel()


def _open(tasks: list[Task]) -> list[Task]:
    return [task for task in tasks if not task.is_completed]


def _is_clear(command: Children, tasks: list[Task]) -> bool:
    """Whether the outcome of all children together is known before all have ended."""
    ended = [_outcome(task, stopped=False) for task in tasks if task.is_completed]
    won = sum(succeeded(one) for one in ended)
    wanted = len(tasks) if command.wins is None else command.wins
    if won >= wanted:
        return True
    return command.fail_fast and len(tasks) - (len(ended) - won) < wanted


def succeeded(outcome: ChildOutcome) -> bool:
    """Whether a child did what it was asked to; its output says so, for it fails with an envelope and not an error."""
    if outcome.failure is not None or outcome.stopped:
        return False
    output = outcome.output
    return not isinstance(output, dict) or cast(dict[str, object], output).get("ok") is not False


def _outcome(task: Task, *, stopped: bool) -> ChildOutcome:
    if isinstance(task.result, BaseException):
        return ChildOutcome(failure=None if stopped else first_line(task.result), stopped=stopped)
    return ChildOutcome(output=task.result, stopped=False)
