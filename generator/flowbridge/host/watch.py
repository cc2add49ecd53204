"""What a strict host watches inside the SDK: which task an event ends, and what the orchestrator yields.

The SDK's own objects do all the work; the watch stands at three of their methods and between the executor and the
orchestrator's generator. It changes nothing, and notes what Azure would lose, deliver twice or mix up.
"""

from collections.abc import Callable, Generator, Iterable
from datetime import datetime
from importlib import import_module
from types import GeneratorType
from typing import Any, cast

from . import history
from .answer import Fault
from .history import Event

tasks: Any = import_module("azure.durable_functions.models.Task")
_KINDS = {
    history.TASK_SCHEDULED: "activity",
    history.CHILD_CREATED: "sub-orchestration",
    history.TIMER_CREATED: "timer",
}


class Watch:
    """One execution under watch. `counted` gives the SDK's id of an action by the identity of its object."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.counted: dict[int, int] = {}
        self._scheduled: dict[int, tuple[str, str]] = {}
        self._delivered: dict[int, Any] = {}
        self._early: dict[str, Any] = {}
        self._lost: set[str] = set()
        self._served: set[str] = set()

    def note(self, events: Iterable[Event]) -> None:
        """Remember what the engine scheduled under which id."""
        for item in events:
            kind = _KINDS.get(item["EventType"])
            if kind is not None:
                self._scheduled[item["EventId"]] = (kind, item.get("Name") or "")

    def attach(self, context: Any, executor: Any) -> None:
        """Stand at the methods through which events reach tasks and tasks get their ids."""
        deliver, count, timer = executor.set_task_value, context._add_to_open_tasks, context.create_timer

        def set_task_value(item: Any, is_success: bool, id_key: str) -> None:
            key = getattr(item, id_key)
            if key in context.open_tasks:
                if id_key == "Name":
                    self._see_event(item, key)
                else:
                    self._see_end(context.open_tasks[key], key)
            elif id_key == "Name":
                if key in self._early and id(self._early[key]) not in self._delivered:
                    self._lost.add(key)
                self._early[key] = item
            deliver(item, is_success, id_key)

        def add_to_open_tasks(task: Any) -> None:
            count(task)
            if isinstance(task, tasks.AtomicTask) and isinstance(task.id, int):
                self.counted[id(task.action_repr)] = task.id

        def create_timer(fire_at: datetime) -> Any:
            if isinstance(cast(Any, fire_at), datetime) and fire_at.utcoffset():
                self.faults.append(Fault("S13", f"the timer's end {fire_at.isoformat()} is not in UTC"))
            return timer(fire_at)

        executor.set_task_value = set_task_value
        context._add_to_open_tasks = add_to_open_tasks
        context.create_timer = create_timer

    def follow(self, function: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """The orchestrator with its yielded tasks in sight."""

        def watched(context: Any) -> Any:
            made = function(context)
            return self._pass_on(cast("Generator[Any, Any, Any]", made)) if isinstance(made, GeneratorType) else made

        return watched

    def _pass_on(self, program: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
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

    def _see_event(self, item: Any, name: str) -> None:
        if id(item) in self._delivered:
            self.faults.append(Fault("S6", f"the event '{name}' with {item.Input} is delivered a second time"))
        elif name in self._lost and name in self._served:
            self.faults.append(Fault("S6", f"an event '{name}' that came before {item.Input} is lost"))
        self._delivered[id(item)] = item
        self._served.add(name)

    def _see_end(self, task: Any, key: int) -> None:
        known, expected = self._scheduled.get(key), _expected(task)
        if known is None or expected is None:
            return
        if expected[0] != known[0] or expected[1].lower() != known[1].lower():
            text = f"the end of task {key} ({known[0]} '{known[1]}') is taken for {expected[0]} '{expected[1]}'"
            self.faults.append(Fault("S3", text))

    def _see_task(self, task: Any) -> None:
        if not isinstance(task, tasks.CompoundTask) or isinstance(task, tasks.RetryAbleTask | tasks.LongTimerTask):
            return
        compound: Any = task
        if not compound.children:
            name = "task_any" if isinstance(compound, tasks.WhenAnyTask) else "task_all"
            self.faults.append(Fault("S20", f"{name}([]) gives None"))
        for child in compound.children:
            if isinstance(child, tasks.LongTimerTask) and child.state is tasks.TaskState.RUNNING:
                end = child.action.fire_at.isoformat()
                self.faults.append(Fault("S1", f"the timer to {end} is split into chunks of three days"))
            self._see_task(child)


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
