"""History events in the extension's own shape (PascalCase, numbered types), and the shape the status API shows."""

import json
from collections.abc import Iterable
from typing import Any

from .clock import stamp

Event = dict[str, Any]

EXECUTION_STARTED, EXECUTION_COMPLETED, EXECUTION_TERMINATED = 0, 1, 3
TASK_SCHEDULED, TASK_COMPLETED, TASK_FAILED = 4, 5, 6
CHILD_CREATED, CHILD_COMPLETED, CHILD_FAILED = 7, 8, 9
TIMER_CREATED, TIMER_FIRED = 10, 11
ORCHESTRATOR_STARTED, ORCHESTRATOR_COMPLETED = 12, 13
EVENT_SENT, EVENT_RAISED, GENERIC = 14, 15, 17
EXECUTION_SUSPENDED, EXECUTION_RESUMED = 19, 20

NAMES = {
    0: "ExecutionStarted",
    1: "ExecutionCompleted",
    2: "ExecutionFailed",
    3: "ExecutionTerminated",
    4: "TaskScheduled",
    5: "TaskCompleted",
    6: "TaskFailed",
    7: "SubOrchestrationInstanceCreated",
    8: "SubOrchestrationInstanceCompleted",
    9: "SubOrchestrationInstanceFailed",
    10: "TimerCreated",
    11: "TimerFired",
    12: "OrchestratorStarted",
    13: "OrchestratorCompleted",
    14: "EventSent",
    15: "EventRaised",
    16: "ContinueAsNew",
    17: "GenericEvent",
    18: "HistoryState",
    19: "ExecutionSuspended",
    20: "ExecutionResumed",
}
RECEIVED = frozenset({0, 3, 5, 6, 8, 9, 11, 15, 17, 19, 20})  # what comes in from outside: played once processed
STATUS_NUMBERS = {"Running": 0, "Completed": 1, "ContinuedAsNew": 2, "Failed": 3, "Canceled": 4, "Terminated": 5}
STATUS_NAMES = {number: name for name, number in STATUS_NUMBERS.items()}


def dump(value: Any) -> str:
    """Compact JSON; ASCII alone, so that a lone surrogate can be stored."""
    return json.dumps(value, separators=(",", ":"))


def storable(text: str) -> str:
    """Text that UTF-8 can hold: a lone surrogate becomes its escape."""
    return text.encode("utf-8", "backslashreplace").decode()


def event(kind: int, now: int, event_id: int = -1, /, **fields: Any) -> Event:
    """An event of `kind`, with the fields every event has."""
    return {"EventType": kind, **fields, "EventId": event_id, "IsPlayed": False, "Timestamp": stamp(now)}


def execution_started(
    now: int,
    instance: str,
    execution: str,
    name: str,
    raw_input: str | None,
    version: str | None,
    parent: Event | None = None,
    generation: int | None = 0,
    scheduled: int | None = None,
) -> Event:
    """The first message of an execution; `generation` is None after continue-as-new.

    `raw_input` is JSON text, `parent` a ParentInstance, `scheduled` the time it waits for.
    """
    return event(
        EXECUTION_STARTED,
        now,
        OrchestrationInstance={"InstanceId": instance, "ExecutionId": execution},
        ParentInstance=parent,
        Name=name,
        Version=version,
        Input=raw_input,
        Tags=None,
        Correlation=None,
        ParentTraceContext=None,
        ScheduledStartTime=None if scheduled is None else stamp(scheduled),
        Generation=generation,
        GenerateNewTrace=False,
    )


def task_scheduled(now: int, task: int, name: str) -> Event:
    """An activity was scheduled under id `task`."""
    return event(TASK_SCHEDULED, now, task, Name=name, Version="", Input=None, ParentTraceContext=None, Tags=None)


def child_created(now: int, task: int, name: str, version: str | None, instance: str) -> Event:
    """A sub-orchestration was scheduled under id `task`."""
    return event(
        CHILD_CREATED,
        now,
        task,
        Name=name,
        Version=version,
        InstanceId=instance,
        Input=None,
        ClientSpanId=None,
        Tags=None,
    )


def timer_created(now: int, task: int, fire_at: int) -> Event:
    """A timer was scheduled under id `task`."""
    return event(TIMER_CREATED, now, task, FireAt=stamp(fire_at))


def timer_fired(now: int, task: int, fire_at: int) -> Event:
    """The timer under id `task` fired."""
    return event(TIMER_FIRED, now, TimerId=task, FireAt=stamp(fire_at))


def succeeded(kind: int, now: int, task: int, result: str | None) -> Event:
    """An activity or a sub-orchestration ended well; `result` is JSON text."""
    return event(kind, now, TaskScheduledId=task, Result=result)


def failed(kind: int, now: int, task: int, reason: str, details: str | None, profile: str = "azure-storage") -> Event:
    """An activity or a sub-orchestration failed; the DTS backend has no reason, but an object the SDK does not read."""
    if profile == "dts":
        failure = {"ErrorType": "System.Exception", "ErrorMessage": reason, "StackTrace": details}
        return event(kind, now, TaskScheduledId=task, Reason=None, Details=None, FailureDetails=failure)
    return event(kind, now, TaskScheduledId=task, Reason=reason, Details=details, FailureDetails=None)


def event_raised(now: int, name: str, raw: str) -> Event:
    """An external event with JSON text `raw`."""
    return event(EVENT_RAISED, now, Name=name, Input=raw, ParentTraceContext=None)


def execution_completed(now: int, task: int, status: str, result: str | None) -> Event:
    """The execution ended; `result` is JSON text, or plain text of a failure."""
    return event(
        EXECUTION_COMPLETED, now, task, OrchestrationStatus=STATUS_NUMBERS[status], Result=result, FailureDetails=None
    )


class DuplicateEvents(ValueError):  # noqa: N818 - the name says what it is
    """Two scheduling events share an id: Azure answers 400 when such a history is asked for."""


def shown(events: Iterable[Event], *, inputs: bool, outputs: bool) -> list[Event]:
    """History as the status API shows it: completions merged with what scheduled them. Raises DuplicateEvents."""
    kept: list[Event | None] = []
    scheduled: dict[tuple[int, int], int] = {}
    for source in events:
        kind: int = source["EventType"]
        if kind in (ORCHESTRATOR_STARTED, ORCHESTRATOR_COMPLETED):
            continue
        item = {**source, "EventType": NAMES[kind]}
        for key in ("EventId", "IsPlayed"):
            item.pop(key, None)
        if kind in (TASK_SCHEDULED, CHILD_CREATED):
            place = (kind, source["EventId"])
            if place in scheduled:
                raise DuplicateEvents(f"An item with the same key has already been added: {NAMES[kind]}_{place[1]}")
            scheduled[place] = len(kept)
            item.pop("Version", None)
        elif kind in (TASK_COMPLETED, TASK_FAILED, CHILD_COMPLETED, CHILD_FAILED):
            _merge(item, kind, scheduled, kept, inputs=inputs)
            _show_result(item, outputs)
        elif kind == TIMER_FIRED:
            item.pop("TimerId", None)
        elif kind == EXECUTION_STARTED:
            item["FunctionName"] = item.pop("Name")
            for key in ("OrchestrationInstance", "ParentInstance", "Version", "Tags"):
                item.pop(key, None)
            if not inputs:
                item.pop("Input", None)
        elif kind == EXECUTION_COMPLETED:
            item["OrchestrationStatus"] = STATUS_NAMES[source["OrchestrationStatus"]]
            _show_result(item, outputs)
        kept.append(item)
    return [item for item in kept if item is not None]


def _merge(
    item: Event, kind: int, scheduled: dict[tuple[int, int], int], kept: list[Event | None], *, inputs: bool
) -> None:
    first = TASK_SCHEDULED if kind in (TASK_COMPLETED, TASK_FAILED) else CHILD_CREATED
    place = scheduled.get((first, item.pop("TaskScheduledId")))
    origin = kept[place] if place is not None else None
    if place is None or origin is None:
        return
    item["ScheduledTime"] = origin["Timestamp"].replace("Z", "+00:00")
    item["FunctionName"] = origin["Name"]
    if inputs:
        item["Input"] = origin.get("Input")
    kept[place] = None


def _show_result(item: Event, outputs: bool) -> None:
    if not outputs:
        item.pop("Result", None)
    elif item.get("Result") is not None:
        item["Result"] = token(item["Result"])


def token(text: str | None) -> Any:
    """JSON text as the value it is; text that is no JSON stays text."""
    if text is None:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text
