"""The app's orchestrators through the real SDK: from the trigger's JSON, or on a live executor that is fed new events.

`call` is what Azure does: JSON in, JSON out, a replay from nothing. `Program` runs the same executor class of the SDK
on the same context class, but keeps both between episodes, so that an episode costs its new events alone; the two
give the same actions, which tests hold them to. On a strict host, `Program` also watches what the SDK does with each
event and each yielded task.
"""

import json
from collections.abc import Callable, Generator, Iterable
from dataclasses import replace
from datetime import datetime
from importlib import import_module
from types import GeneratorType, SimpleNamespace
from typing import Any, cast

from dateutil.tz import tzutc

from . import history
from .answer import CREATE_TIMER, SDK_ID, Action, Answer, Fault
from .history import Event

OUT_OF_PROC = "\n\n$OutOfProcData$:"
MODELS = "azure.durable_functions.models"
tasks: Any = import_module(f"{MODELS}.Task")
executor_module: Any = import_module(f"{MODELS}.TaskOrchestrationExecutor")
ExecutorType = executor_module.TaskOrchestrationExecutor
ContextType: Any = import_module(f"{MODELS}.DurableOrchestrationContext").DurableOrchestrationContext
EventType: Any = import_module(f"{MODELS}.history.HistoryEvent").HistoryEvent


def _no_warning(*_: object) -> None:
    pass


executor_module.warnings = SimpleNamespace(warn=_no_warning)  # an early event is no reason to warn
EventType = cast(Any, HistoryEvent)
_UTC = tzutc()
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
        self._strict = strict
        self._actions: list[Action] = []
        self._timers: list[tuple[Any, Action]] = []
        self._counted: dict[int, int] = {}
        self._faults: list[Fault] = []
        self._delivered: set[int] = set()
        self._kinds: dict[int, tuple[str, str]] = {}
        self._lost: set[str] = set()
        self._early: dict[str, Any] = {}
        self._waited: set[str] = set()
        self._keep: list[Any] = []
        self._ended: Answer | None = None

    def begin(self, trigger: dict[str, Any]) -> Answer:
        """Run from nothing over the whole history of a trigger's body."""
        events: list[Event] = trigger["history"]
        try:
            context = ContextType(**{**trigger, "history": events[:2]})
        except Exception as error:
            return Answer([], error=str(error), raised=True)
        objects = [sdk_event(e) for e in events]
        context._histories = objects
        context._input_expected_type = self._input_type
        executor = ExecutorType()
        executor.get_orchestrator_state_str = lambda: ""
        self._context, self._executor = context, executor
        function = self._function
        if self._strict:
            self._watch(context, executor)
            self.note(events)
            function = self._watched
        try:
            executor.execute(context, objects, function)
        except Exception as error:
            return Answer([], error=str(error) or type(error).__name__, raised=True, faults=self._faults)
        context._histories = objects[:2]
        return self._answer()

    def resume(self, events: Iterable[Event]) -> Answer:
        """Go on with new events."""
        executor = self._executor
        new = list(events)
        try:
            for item in new:
                if executor.has_execution_completed:
                    break
                if item["EventType"] in _SEEN:
                    executor.process_event(sdk_event(item))
        except Exception as error:
            return Answer([], error=str(error) or type(error).__name__, raised=True, faults=self._faults)
        return self._answer()

    # ---- the answer
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
        counted = self._counted.get(id(action))
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

    # ---- what a strict host watches
    def note(self, events: Iterable[Event]) -> None:
        """Remember what the engine scheduled under which id."""
        for item in events:
            kind = _KINDS.get(item["EventType"])
            if kind is not None:
                self._kinds[item["EventId"]] = (kind, item.get("Name") or "")

    def _watch(self, context: Any, executor: Any) -> None:
        deliver, count, timer = executor.set_task_value, context._add_to_open_tasks, context.create_timer

        def set_task_value(item: Any, is_success: bool, id_key: str) -> None:
            key = getattr(item, id_key)
            if key in context.open_tasks:
                self._see_delivery(context, item, key)
            elif id_key == "Name":
                if key in self._early and id(self._early[key]) not in self._delivered:
                    self._lost.add(key)
                self._early[key] = item
            deliver(item, is_success, id_key)

        def add_to_open_tasks(task: Any) -> None:
            count(task)
            if isinstance(task, tasks.AtomicTask) and isinstance(task.id, int):
                self._counted[id(task.action_repr)] = task.id

        def create_timer(fire_at: datetime) -> Any:
            offset = fire_at.utcoffset()
            if offset:
                self._faults.append(Fault("S13", f"the timer's end {fire_at.isoformat()} is not in UTC"))
            return timer(fire_at)

        executor.set_task_value = set_task_value
        context._add_to_open_tasks = add_to_open_tasks
        context.create_timer = create_timer

    def _see_delivery(self, context: Any, item: Any, key: Any) -> None:
        if item.event_type == history.EVENT_RAISED:
            if id(item) in self._delivered:
                self._faults.append(Fault("S6", f"the event '{key}' with {item.Input} is delivered a second time"))
            elif key in self._lost and key in self._waited:
                self._faults.append(Fault("S6", f"an event '{key}' that came before {item.Input} is lost"))
            self._delivered.add(id(item))
            self._keep.append(item)
            self._waited.add(key)
            return
        task = context.open_tasks[key]
        known, expected = self._kinds.get(key), _expected(task)
        if known is None or expected is None:
            return
        if expected[0] == known[0] and expected[1].lower() == known[1].lower():
            return
        text = f"the end of task {key} ({known[0]} '{known[1]}') is taken for {expected[0]} '{expected[1]}'"
        self._faults.append(Fault("S3", text))

    def _watched(self, context: Any) -> Any:
        made = self._function(context)
        return self._follow(cast("Generator[Any, Any, Any]", made)) if isinstance(made, GeneratorType) else made

    def _follow(self, program: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
        try:
            task = next(program)
            while True:
                self._see_task(task)
                try:
                    value = yield task
                except GeneratorExit:
                    program.close()
                    raise
                except BaseException as error:
                    task = program.throw(error)
                else:
                    task = program.send(value)
        except StopIteration as stop:
            return stop.value

    def _see_task(self, task: Any) -> None:
        if not isinstance(task, tasks.CompoundTask) or isinstance(task, tasks.RetryAbleTask | tasks.LongTimerTask):
            return
        if not task.children:
            name = "task_any" if isinstance(task, tasks.WhenAnyTask) else "task_all"
            self._faults.append(Fault("S20", f"{name}([]) gives None"))
        for child in task.children:
            if isinstance(child, tasks.LongTimerTask) and child.state is tasks.TaskState.RUNNING:
                end = child.action.fire_at.isoformat()
                self._faults.append(Fault("S1", f"the timer to {end} is split into chunks of three days"))


_SEEN = history.RECEIVED | {history.ORCHESTRATOR_STARTED, history.EVENT_SENT}
_KINDS = {
    history.TASK_SCHEDULED: "activity",
    history.CHILD_CREATED: "sub-orchestration",
    history.TIMER_CREATED: "timer",
}


def _expected(task: Any) -> tuple[str, str] | None:
    """What kind of end the SDK's task waits for, and the name of what ends."""
    if not isinstance(task, tasks.AtomicTask):
        return None
    action: Any = getattr(task, "action_repr")  # noqa: B009
    if hasattr(action, "fire_at"):
        return "timer", ""
    if hasattr(action, "function_name"):
        kind = "sub-orchestration" if "SubOrchestrator" in type(action).__name__ else "activity"
        return kind, action.function_name
    if getattr(action, "metadata", None) == "-WithRetry timer":
        return "timer", ""
    return None


def _serialisable(answer: Answer) -> bool:
    if answer.custom_status is None or isinstance(answer.custom_status, str | int | float | bool):
        return True
    try:
        answer.custom_status = json.loads(json.dumps(answer.custom_status))
    except (TypeError, ValueError):
        return False
    return True
