"""The app's orchestrators through the real SDK: from the trigger's JSON, or on a live executor that is fed new events.

`call` is what Azure does: JSON in, JSON out, a replay from nothing. `Program` runs the same executor class of the SDK
on the same context class, but keeps both between episodes, so that an episode costs its new events alone; the two
give the same actions, which tests hold them to. On a strict host, a `watch` sees what the SDK does with each event and
each yielded task.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from importlib import import_module
from itertools import islice
from types import SimpleNamespace
from typing import Any

from . import history
from .answer import CREATE_TIMER, SDK_ID, Action, Answer, Fault
from .history import Event
from .watch import Watch

OUT_OF_PROC = "\n\n$OutOfProcData$:"
MODELS = "azure.durable_functions.models"
executor_module: Any = import_module(f"{MODELS}.TaskOrchestrationExecutor")
ExecutorType = executor_module.TaskOrchestrationExecutor
ContextType: Any = import_module(f"{MODELS}.DurableOrchestrationContext").DurableOrchestrationContext
history_module: Any = import_module(f"{MODELS}.history.HistoryEvent")
EventType = history_module.HistoryEvent


def _no_warning(*_: object) -> None:
    pass


executor_module.warnings = SimpleNamespace(warn=_no_warning)  # an early event is no reason to warn
_UTC = history_module.dt_parse("2026-01-01T00:00:00Z").tzinfo  # the SDK's own, so that times compare and print alike


def _moment(text: str) -> datetime:
    """A time of the history; the SDK's own parser takes most of the time of a replay, and guesses the format."""
    return datetime.fromisoformat(text).replace(tzinfo=_UTC)


history_module.dt_parse = _moment
DURATIONS = {"longRunningTimerIntervalDuration": "3.00:00:00", "maximumShortTimerDuration": "6.00:00:00"}


def body(past: list[Event], new: list[Event], profile: str) -> dict[str, Any]:
    """The orchestration trigger's JSON body for these events."""
    events = [*past, *new]
    started = next(e for e in events if e["EventType"] == history.EXECUTION_STARTED)
    parent = started["ParentInstance"]
    return {
        "history": events,
        "input": history.token(started["Input"]),
        "instanceId": started["OrchestrationInstance"]["InstanceId"],
        "isReplaying": bool(past),
        "parentInstanceId": parent["OrchestrationInstance"]["InstanceId"] if parent else None,
        "upperSchemaVersion": 1,
        "upperSchemaVersionNew": 3,
        **(DURATIONS if profile == "azure-storage" else {}),
        "defaultHttpAsyncRequestSleepTimeMillseconds": 30000,
    }


def call(function: Callable[..., Any], parameter: str, trigger: dict[str, Any]) -> Answer:
    """Ask an orchestrator as Azure does, with JSON text under the name of its context parameter."""
    try:
        text = function(**{parameter: json.dumps(trigger)})
    except Exception as error:
        return _failed(error)
    return _answer(json.loads(text))


def _failed(error: Exception) -> Answer:
    message, label, state = str(error).partition(OUT_OF_PROC)
    if not label:
        return Answer([], error=message or type(error).__name__, raised=True)
    return _answer(json.loads(state))


def _answer(state: dict[str, Any]) -> Answer:
    rows: list[list[Action]] = state["actions"]
    return Answer(
        [action for row in rows for action in row],
        done=state["isDone"],
        output=state.get("output"),
        error=state.get("error"),
        custom_status=state.get("customStatus"),
    )


def sdk_event(item: Event) -> Any:
    """The SDK's object for one history event, without its slow reading of the time."""
    made = EventType.__new__(EventType)
    state = made.__dict__
    state.update(Name=None, InstanceId=None, TaskScheduledId=None, Reason=None, Details=None, Input=None)
    state.update(item)
    moment = datetime.fromisoformat(state.pop("Timestamp")).replace(tzinfo=_UTC)
    state.update(
        _event_type=state.pop("EventType"),
        _event_id=state.pop("EventId"),
        _is_played=state.pop("IsPlayed"),
        _timestamp=moment,
        _is_processed=False,
    )
    return made


class Program:
    """One execution's generator, alive between episodes."""

    def __init__(self, handle: Any, *, strict: bool) -> None:
        self._function = handle.orchestrator_function
        self._input_type = getattr(handle, "_df_input_type", None)
        self._watch = Watch() if strict else None
        self._actions: list[Action] = []
        self._timers: list[tuple[Any, Action]] = []
        self._ended: Answer | None = None

    def begin(self, past: Iterable[Event], new: list[Event], profile: str) -> Answer:
        """Run from nothing: over the past, which may be a stream, and then over what is new."""
        stream = iter(past)
        first = list(islice(stream, 2))
        replaying = bool(first)
        if not replaying:
            first, new = new[:2], new[2:]
        try:
            context = ContextType(**{**body([], first, profile), "isReplaying": replaying})
        except Exception as error:
            return Answer([], error=str(error), raised=True)
        context._input_expected_type = self._input_type
        executor = ExecutorType()
        executor.get_orchestrator_state_str = str
        # the executor looks through a list for what is new; here what is new comes after the stream
        executor._find_new_events_start_index = lambda _: 2 if replaying else 0  # pyright: ignore[reportUnknownLambdaType]
        self._context, self._executor = context, executor
        function = self._function
        if self._watch is not None:
            self._watch.attach(context, executor)
            function = self._watch.follow(function)
        try:
            executor.execute(context, context.histories, function)
            self._feed(stream)
            executor._is_processing_new_events = True
            self._feed(new)
        except Exception as error:
            return self._raised(error)
        return self._answer()

    def resume(self, events: Iterable[Event]) -> Answer:
        """Go on with new events."""
        try:
            self._feed(events)
        except Exception as error:
            return self._raised(error)
        return self._answer()

    def _feed(self, events: Iterable[Event]) -> None:
        executor, watch = self._executor, self._watch
        for item in events:
            kind = item["EventType"]
            if kind in _SEEN:
                if executor.has_execution_completed:
                    return
                executor.process_event(sdk_event(item))
            elif watch is not None and kind in _SCHEDULING:
                watch.note((item,))

    def _raised(self, error: Exception) -> Answer:
        return Answer([], error=str(error) or type(error).__name__, raised=True, faults=self._faults)

    def note(self, events: Iterable[Event]) -> None:
        """Tell what the engine has scheduled meanwhile."""
        if self._watch is not None:
            self._watch.note(events)

    # ---- the answer
    @property
    def _faults(self) -> list[Fault]:
        return [] if self._watch is None else self._watch.faults

    def _answer(self) -> Answer:
        executor, context = self._executor, self._context
        if self._ended is not None:
            return replace(self._ended, added=0, cancelled=False)
        before = len(self._actions)
        cancelled = self._see_cancelled()
        for action in context._actions[0][before:]:
            self._actions.append(self._plain(action))
        answer = Answer(self._actions, added=len(self._actions) - before, cancelled=cancelled, faults=self._faults)
        if not executor.has_execution_completed:
            answer.custom_status = context.custom_status or None
            if not _serialisable(answer):
                return self._state()
            return answer
        self._ended = self._state()
        self._ended.added, self._ended.cancelled = answer.added, answer.cancelled
        if not self._ended.raised:
            self._ended.actions = self._actions
        return self._ended

    def _state(self) -> Answer:
        """The SDK's own last word: output, error and status as it would send them."""
        executor = self._executor
        try:
            answer = _answer(json.loads(ExecutorType.get_orchestrator_state_str(executor)))
        except Exception as error:
            answer = _failed(error)
        answer.faults = self._faults
        return answer

    def _plain(self, action: Any) -> Action:
        parts = getattr(action, "compound_tasks", None)
        if parts is not None:
            return {"actionType": int(action.action_type), "compoundActions": [self._plain(part) for part in parts]}
        plain: Action = action.to_json()
        if plain["actionType"] == CREATE_TIMER and not plain["isCanceled"]:
            self._timers.append((action, plain))
        counted = None if self._watch is None else self._watch.counted.get(id(action))
        if counted is not None:
            plain[SDK_ID] = counted
        return plain

    def _see_cancelled(self) -> bool:
        left: list[tuple[Any, Action]] = []
        for action, plain in self._timers:
            if action.is_cancelled:
                plain["isCanceled"] = True
            else:
                left.append((action, plain))
        found, self._timers = len(left) < len(self._timers), left
        return found


_SCHEDULING = frozenset({history.TASK_SCHEDULED, history.CHILD_CREATED, history.TIMER_CREATED})
_SEEN = history.RECEIVED | {history.ORCHESTRATOR_STARTED, history.EVENT_SENT}


def _serialisable(answer: Answer) -> bool:
    if answer.custom_status is None or isinstance(answer.custom_status, str | int | float | bool):
        return True
    try:
        answer.custom_status = json.loads(json.dumps(answer.custom_status))
    except (TypeError, ValueError):
        return False
    return True
