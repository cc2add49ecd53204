"""Turns the commands of steps into durable tasks: the only place that knows what the engine can be trusted with.

Every wait is one of these patterns, each of which is tested against the textbook form that fails:

* a call is a plain activity that answers with an envelope; the engine's own retries are never used;
* a wait for an event races one event task against timers of at most five days, whose ends are counted up front, and the
  timer that lost is cancelled;
* children are started together and awaited together; one that fails does not hide the others.
"""

from __future__ import annotations

from collections.abc import Generator
from datetime import timedelta
from typing import TypeVar

from .commands import Children, Command, Heard, Listen, Pause, Steps, Work
from .sdk import Context, Task

# The storage backend splits a timer of more than six days in a way that cannot be cancelled.
LONGEST_TIMER = timedelta(days=5)

_Value = TypeVar("_Value")


def drive(context: Context, steps: Steps[_Value]) -> Generator[Task, object, _Value]:
    """Runs steps to their end, one command after the other, and returns their value."""
    answer: object = None
    while True:
        try:
            command = steps.send(answer)
        except StopIteration as stop:
            return stop.value
        answer = yield from perform(context, command)


def perform(context: Context, command: Command) -> Generator[Task, object, object]:
    """Carries out one command and returns its answer."""
    match command:
        case Work():
            try:
                return (yield context.call_activity(command.function, command.payload))
            except Exception as failure:
                # The envelope did not arrive: the worker was lost, or the function could not be called at all.
                return {"ok": False, "error": {"code": "ActivityFailed", "message": first_line(failure)}}
        case Pause():
            yield from sleep(context, timedelta(seconds=command.seconds))
            return None
        case Children():
            return (yield from _together(context, command))
        case Listen():
            return (yield from _listen(context, command))


def sleep(context: Context, duration: timedelta) -> Generator[Task, object, None]:
    """Waits, in timers short enough for every backend."""
    start = context.current_utc_datetime
    for end in _ends(duration):
        yield context.create_timer(start + end)


def _listen(context: Context, command: Listen) -> Generator[Task, object, Heard | None]:
    event = context.wait_for_external_event(command.event)
    start = context.current_utc_datetime
    for end in _ends(timedelta(seconds=command.seconds)):
        timer = context.create_timer(start + end)
        winner = yield context.task_any([event, timer])
        if winner is event:
            if not timer.is_completed:
                timer.cancel()
            return Heard(event.result)
    return None


def _together(context: Context, command: Children) -> Generator[Task, object, list[object]]:
    tasks = [
        context.call_sub_orchestrator(command.function, one, f"{command.prefix}:{number}")
        for number, one in enumerate(command.inputs)
    ]
    if not tasks:
        return []  # the engine answers an empty task_all with None
    try:
        yield context.task_all(tasks)
    except Exception:
        # One child failed, which ends task_all at once: wait for the others, or they would hold the instance open.
        while still_open := [task for task in tasks if not task.is_completed]:
            yield context.task_any(still_open)
    return [task.result for task in tasks]


def _ends(duration: timedelta) -> list[timedelta]:
    """The ends of the timers that make up a duration, counted from its start.

    They are counted up front because a timer may fire up to a second early: a loop that compares the clock with a
    deadline would spin at the end.
    """
    whole = max(0, -(-duration // LONGEST_TIMER) - 1)
    return [LONGEST_TIMER * (number + 1) for number in range(whole)] + [duration]


def first_line(failure: BaseException) -> str:
    """The first line of an exception's text, or the name of its class."""
    lines = str(failure).strip().splitlines()
    return lines[0].strip() if lines else type(failure).__name__
