"""Turns the commands of steps into durable tasks: the only place that knows what the engine can be trusted with.

Every wait is one of these patterns, each of which is tested against the textbook form that fails:

* a call is a plain activity that answers with an envelope; the engine's own retries are never used;
* a wait for an event races one event task against timers of at most five days, whose ends are counted up front, and the
  timer that lost is cancelled;
* children are started together; whoever is still at work when the outcome is clear is stopped, and the parent goes on
  once all have ended, because a task that is left open would keep the instance running;
* what has to tell how it is undone is never terminated: it races every wait against an event that asks it to end.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar, cast

from .commands import Child, ChildOutcome, Children, Command, Heard, Listen, Pause, Steps, Work
from .errors import StepError, StoppedError
from .sdk import Context, Task, Timer

# The storage backend splits a timer of more than six days in a way that cannot be cancelled.
LONGEST_TIMER = timedelta(days=5)
STOP_ACTIVITY = "stop_children"
STOP_EVENT = "stop"
STOP_ATTEMPTS = 10
STOP_PAUSE = timedelta(seconds=10)

_Value = TypeVar("_Value")


class Driver:
    """Carries out commands for one orchestration: a `graceful` one can be asked to end, `due` is when it has to."""

    def __init__(self, context: Context, *, graceful: bool = False, due: datetime | None = None) -> None:
        self._context = context
        self._due = due
        self._events: dict[str, Task] = {}
        self._stop = self.event(STOP_EVENT) if graceful else None

    @property
    def stopped(self) -> bool:
        """Whether the orchestration was asked to end."""
        return self._stop is not None and self._stop.is_completed

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
            except (StepError, StoppedError) as error:
                go_on = partial(steps.throw, error)

    def perform(self, command: Command) -> Generator[Task, object, object]:
        """Carries out one command and returns its answer; StepError or StoppedError if the steps have to end."""
        self._check()
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
        task = self._context.call_activity(command.function, command.payload)
        if self._stop is not None and not self.stopped:
            # The SDK notices an event only for a wait that has been yielded; what the activity is at is awaited still.
            yield self._context.task_any([task, self._stop])
        try:
            answer = task.result if task.is_completed else (yield task)
        except Exception as failure:
            answer = failure
        if isinstance(answer, Exception):
            # The envelope did not arrive: the worker was lost, or the function could not be called at all.
            return {"ok": False, "error": {"code": "ActivityFailed", "message": first_line(answer)}}
        return answer

    def sleep(self, duration: timedelta) -> Generator[Task, object, None]:
        """Waits, in timers short enough for every backend; raises StoppedError when asked to end meanwhile."""
        if self._stop is not None:
            yield from self.race([], duration)
            self._check()
        else:
            start = self._context.current_utc_datetime
            for end in ends(duration):
                yield self._context.create_timer(start + end)

    def _check(self) -> None:
        if self.stopped:
            raise StoppedError

    # ---- events

    def event(self, name: str) -> Task:
        """The wait for an event of that name: the one that is open, or a new one."""
        if name not in self._events:
            self._events[name] = self._context.wait_for_external_event(name)
        return self._events[name]

    def _listen(self, command: Listen) -> Generator[Task, object, Heard | None]:
        tasks = {name: self.event(name) for name in command.events}
        if not (yield from self.race(list(tasks.values()), timedelta(seconds=command.seconds))):
            self._check()
        return next((Heard(name, task.result) for name, task in tasks.items() if task.is_completed), None)

    def race(self, tasks: list[Task], duration: timedelta) -> Generator[Task, object, bool]:
        """Waits until one of the tasks completes, or the time is up, or it has to end; tells whether a task did."""
        awaited = tasks if self._stop is None else [*tasks, self._stop]
        if any(task.is_completed for task in awaited):
            return any(task.is_completed for task in tasks)
        start = self._context.current_utc_datetime
        for end in ends(duration):
            timer = self._context.create_timer(start + end)
            winner = yield self._context.task_any([*awaited, timer])
            if winner is not timer:
                # The engine looks only at the timer, because the tasks were there before it: cancelling frees it.
                _cancel(timer)
                return any(task.is_completed for task in tasks)
        return False

    # ---- children

    def _children(self, command: Children) -> Generator[Task, object, tuple[ChildOutcome, ...]]:
        tasks = [
            self._context.call_sub_orchestrator(one.function, one.input, one.instance_id) for one in command.children
        ]
        if not tasks:
            return ()
        deadline = None if command.seconds is None else self._context.current_utc_datetime + _span(command.seconds)
        while (still_open := _open(tasks)) and not self.stopped and not _is_clear(command, tasks):
            if deadline is None and self._stop is None:
                yield self._context.task_any(still_open)
            elif deadline is None:
                # With no timer to cancel, the engine would not look at the event while the children are at work.
                yield from self.race(still_open, LONGEST_TIMER)
            elif not (yield from self.race(still_open, deadline - self._context.current_utc_datetime)):
                break
        stopped = {id(task) for task in _open(tasks)}
        if stopped:
            pairs = zip(command.children, tasks, strict=True)
            yield from self._stop_children([one for one, task in pairs if id(task) in stopped])
            while still_open := _open(tasks):
                yield self._context.task_any(still_open)
        return tuple(_outcome(task, stopped=id(task) in stopped) for task in tasks)

    def _stop_children(self, children: list[Child]) -> Generator[Task, object, None]:
        """Has children stopped; if that fails for good, they are awaited all the same and end by themselves."""
        for how, graceful in (("signal", True), ("terminate", False)):
            instance_ids = [one.instance_id for one in children if one.graceful == graceful]
            for attempt in range(STOP_ATTEMPTS if instance_ids else 0):
                if attempt:
                    yield self._context.create_timer(self._context.current_utc_datetime + STOP_PAUSE)
                order = Work(STOP_ACTIVITY, {"instanceIds": instance_ids, "how": how})
                if cast(Mapping[str, object], (yield from self._work(order))).get("ok"):
                    break


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
    ended = ChildOutcome(output=task.result)
    return ChildOutcome(output=task.result, stopped=True) if stopped and not succeeded(ended) else ended
