"""The .NET side's own orchestration context: it counts task ids by itself and checks history against what is scheduled.

It mirrors DurableTask.Core's TaskOrchestrationContext and the event queues of the extension's
DurableOrchestrationContext. `shim` is the program that runs on it; the SDK's context counts for itself, and where the
two counts drift apart a program hangs or reads another task's result, as it does on Azure.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from . import history
from .clock import parse_stamp
from .history import Event
from .promise import Promise

Kind = Literal["activity", "child", "timer"]
WAS_CHANGED = "Was a change made to the orchestrator code after this instance had already started running?"


class NonDeterministicError(Exception):
    """History and replay disagree; the text is DTFx's."""

    def __init__(self, text: str) -> None:
        super().__init__(f"Non-Deterministic workflow detected: {text}")


@dataclass(slots=True)
class Scheduled:
    """Something DTFx gave an id: an activity, a sub-orchestration or a timer."""

    kind: Kind
    task: int
    name: str
    promise: Promise = field(default_factory=Promise)
    raw_input: str | None = None
    version: str | None = None
    instance: str | None = None
    fire_at: int = 0
    cancelled: bool = False

    @property
    def action(self) -> str:
        """The name of DTFx's class for it."""
        return {
            "activity": "ScheduleTaskOrchestratorAction",
            "child": "CreateSubOrchestrationAction",
            "timer": "CreateTimerOrchestratorAction",
        }[self.kind]


@dataclass(slots=True)
class Wait:
    """Somebody waits for an external event; the name is as the program wrote it."""

    name: str
    promise: Promise


@dataclass(slots=True)
class ContinueAsNew:
    """The input of the next execution, and the events that came after the decision."""

    raw_input: str | None
    carried: list[Event]


class Context:
    """One execution as DTFx sees it. `start` is called when ExecutionStarted is processed."""

    def __init__(self, execution: str, start: Callable[[], None]) -> None:
        self.execution = execution
        self.now = 0
        self.next_id = 0
        self.open: dict[int, Scheduled] = {}
        self.pending: dict[int, Scheduled] = {}
        self.waits: dict[str, list[Wait]] = {}
        self.buffered: dict[str, deque[tuple[str, str]]] = {}
        self.suspended = False
        self.terminated: str | None = None
        self.ended = False
        self.again: ContinueAsNew | None = None
        self.case_clashes: list[tuple[str, str]] = []
        self.newly_cancelled: list[int] = []
        self._queued: deque[Event] = deque()
        self._held: dict[int, Scheduled] = {}
        self._start = start

    # ---- what the shim asks for
    def schedule(self, kind: Kind, name: str, **fields: Any) -> Scheduled:
        """Give the next id to an activity, a sub-orchestration or a timer."""
        item = Scheduled(kind, self.next_id, name, **fields)
        self.next_id += 1
        if kind == "child" and not item.instance:
            item.instance = f"{self.execution}:{item.task:X}"
        self.pending[item.task] = item
        self.open[item.task] = item
        return item

    def cancel(self, timer: Scheduled) -> None:
        """Cancel a timer: no longer open, though it still fires one day."""
        timer.cancelled = True
        self.open.pop(timer.task, None)
        self.newly_cancelled.append(timer.task)
        timer.promise.complete(error="A task was canceled.")

    def wait(self, name: str) -> Promise:
        """Wait for an event: the latest wait is served first, and a buffered event at once."""
        promise, key = Promise(), name.lower()
        self.waits.setdefault(key, []).append(Wait(name, promise))
        queue = self.buffered.get(key)
        if queue:
            raised, raw = queue.popleft()
            if not queue:
                del self.buffered[key]
            self._raise(raised, raw)
        return promise

    def continue_as_new(self, raw_input: str | None) -> None:
        """The next execution starts once this one has no open task."""
        self.again = ContinueAsNew(raw_input, [])

    # ---- what history brings
    def process(self, item: Event) -> None:
        """Process one history event. Raises NonDeterministicError."""
        kind = item["EventType"]
        if kind == history.ORCHESTRATOR_STARTED:
            self.now = parse_stamp(item["Timestamp"])
        elif self.suspended and kind not in (history.EXECUTION_RESUMED, history.EXECUTION_TERMINATED):
            if kind != history.EXECUTION_SUSPENDED:
                self._queued.append(item)
        else:
            handle = _HANDLERS.get(kind)
            if handle is not None:
                handle(self, item)

    def on_start(self, _: Event) -> None:
        """The worker is asked, and the shim starts."""
        self._start()

    def on_activity(self, item: Event) -> None:
        """An activity was scheduled in the past; the replay must have scheduled the same."""
        task, name = item["EventId"], item["Name"]
        begin = "A previous execution of this orchestration scheduled an activity task with sequence"
        found = self.pending.get(task)
        if found is None:
            raise NonDeterministicError(
                f"{begin} ID {task} and name '{name}' (version '{item['Version']}'), but the current replay execution "
                f"hasn't (yet?) scheduled this task. {WAS_CHANGED}"
            )
        if found.kind != "activity":
            raise NonDeterministicError(
                f"{begin} number {task} named '{name}', but the current orchestration replay instead produced a "
                f"{found.action} action with this sequence number. {WAS_CHANGED}"
            )
        if found.name.lower() != name.lower():
            raise NonDeterministicError(
                f"{begin} number {task} named '{name}', but the current orchestration replay instead scheduled an "
                f"activity task named '{found.name}' with this sequence number.  {WAS_CHANGED}"
            )
        del self.pending[task]

    def on_child(self, item: Event) -> None:
        """A sub-orchestration was scheduled in the past."""
        task = item["EventId"]
        begin = (
            f"A previous execution of this orchestration scheduled a sub-orchestration task with sequence ID {task} "
            f"and name '{item['Name']}' (version '{item['Version'] or ''}', instance ID '{item['InstanceId']}'), but "
            "the current"
        )
        found = self.pending.get(task)
        if found is None:
            raise NonDeterministicError(f"{begin} replay execution hasn't (yet?) scheduled this task. {WAS_CHANGED}")
        if found.kind != "child":
            raise NonDeterministicError(
                f"{begin} orchestration replay instead scheduled a {found.action} task at this sequence number. "
                f"{WAS_CHANGED}"
            )
        if found.name.lower() != item["Name"].lower():
            raise NonDeterministicError(
                f"{begin} orchestration replay instead scheduled a sub-orchestration task named '{found.name}' at "
                f"this sequence number. {WAS_CHANGED}"
            )
        del self.pending[task]

    def on_timer(self, item: Event) -> None:
        """A timer was scheduled in the past."""
        task = item["EventId"]
        begin = f"A previous execution of this orchestration scheduled a timer task with sequence number {task}"
        found = self.pending.get(task)
        if found is None:
            raise NonDeterministicError(
                f"{begin} but the current replay execution hasn't (yet?) scheduled this task. {WAS_CHANGED}"
            )
        if found.kind != "timer":
            raise NonDeterministicError(
                f"{begin}, but the current orchestration replay instead produced a {found.action} action with this "
                f"sequence number. {WAS_CHANGED}"
            )
        del self.pending[task]

    def on_success(self, item: Event) -> None:
        """An activity or a sub-orchestration ended well; a second completion is ignored."""
        self._end(item["TaskScheduledId"], None)

    def on_failure(self, item: Event) -> None:
        """An activity or a sub-orchestration failed."""
        self._end(item["TaskScheduledId"], item.get("Reason") or "failed")

    def on_fired(self, item: Event) -> None:
        """A timer fired; one that was cancelled is ignored."""
        self._end(item["TimerId"], None)

    def on_event(self, item: Event) -> None:
        """An external event came; after continue-as-new it goes to the next execution."""
        if self.again is None:
            self._raise(item["Name"], item["Input"])
        else:
            self.again.carried.append(item)

    def on_suspended(self, _: Event) -> None:
        """Nothing is processed or scheduled until it is resumed."""
        self.suspended = True
        if self.pending:
            self._held.update(self.pending)
            self.pending = {}

    def on_resumed(self, _: Event) -> None:
        """What came meanwhile is processed now."""
        self.suspended = False
        self.pending.update(self._held)
        self._held = {}
        while self._queued and not self.suspended:
            self.process(self._queued.popleft())

    def on_terminated(self, item: Event) -> None:
        """The execution ends with the reason, whatever is open."""
        if not self.ended:
            self.ended, self.terminated = True, item["Input"]

    def _end(self, task: int, error: str | None) -> None:
        found = self.open.pop(task, None)
        if found is not None:
            found.promise.complete(error=error)

    def _raise(self, name: str, raw: str) -> None:
        key = name.lower()
        stack = self.waits.get(key)
        if not stack:
            self.buffered.setdefault(key, deque()).append((name, raw))
            return
        wait = stack.pop()
        if not stack:
            del self.waits[key]
        if wait.name != name:
            self.case_clashes.append((wait.name, name))
        wait.promise.complete(raw)


_HANDLERS: dict[int, Callable[[Context, Event], None]] = {
    history.EXECUTION_STARTED: Context.on_start,
    history.EXECUTION_TERMINATED: Context.on_terminated,
    history.TASK_SCHEDULED: Context.on_activity,
    history.TASK_COMPLETED: Context.on_success,
    history.TASK_FAILED: Context.on_failure,
    history.CHILD_CREATED: Context.on_child,
    history.CHILD_COMPLETED: Context.on_success,
    history.CHILD_FAILED: Context.on_failure,
    history.TIMER_CREATED: Context.on_timer,
    history.TIMER_FIRED: Context.on_fired,
    history.EVENT_RAISED: Context.on_event,
    history.EXECUTION_SUSPENDED: Context.on_suspended,
    history.EXECUTION_RESUMED: Context.on_resumed,
}
