"""The engine's side of the explored world: instances and their histories, queues, timers and activities at work.

Episodes are the host's own (`host.episode`, and with it the shim and DTFx's context) on the real SDK. The machine adds
what queues and storage may do: messages under way, and episodes that are lost before they are stored, or after what
they sent has gone out, as happens on Azure Storage.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable

from tests.behaviour.explore.instance import Counted, Instance, Job, Json, Mail, Timer

from flowbridge.host import episode, history
from flowbridge.host.clock import MICROS
from flowbridge.host.dtfx import ContinueAsNew, Scheduled
from flowbridge.host.episode import Execution, Outcome, Stage
from flowbridge.host.history import Event, dump

START = 1_767_225_600 * MICROS
STOP_ACTIVITY, STOP_EVENT = "stop_children", "stop"
RUNTIME_ACTIVITIES = (STOP_ACTIVITY, "callback_announce")
TO_INSTANCE = frozenset({history.EVENT_RAISED, history.EXECUTION_SUSPENDED, history.EXECUTION_TERMINATED})


class Machine:
    """All instances of one root; `watch` looks at each episode that is stored."""

    def __init__(self, stage: Stage, watch: Callable[[Instance, Outcome], None]) -> None:
        self.stage = stage
        self.now = START
        self.instances: dict[str, Instance] = {}
        self.mail: list[Mail] = []
        self.jobs: list[Job] = []
        self.timers: list[Timer] = []
        self.calls: list[Counted] = []
        self.turns: dict[tuple[str, int], int] = {}
        self.signalled: set[str] = set()
        self._asked: dict[tuple[str, int], Counted] = {}
        self._watch = watch

    # ---- what comes from outside

    def look(self, name: str) -> Json | None:
        """The status of an instance; a child is not to be seen before its first episode is stored."""
        found = self.instances.get(name)
        return found.shown() if found is not None and (found.begun or found.ended or found.parent is None) else None

    def post_event(self, name: str, event: str, payload: object) -> int:
        """Accepts an event for an instance: 202, 404 or 410."""
        code = self._refusal(name)
        if code == 202:
            self.signalled |= {name} if event == STOP_EVENT else set()
            self.send(f"event:{event}", name, None, history.event_raised(self.now, event, dump(payload)))
        return code

    def post_end(self, name: str, reason: str) -> int:
        """Accepts a termination: 202, 404 or 410."""
        code = self._refusal(name)
        if code == 202:
            event = history.event(history.EXECUTION_TERMINATED, self.now, Input=reason)
            self.send(f"end:{self.instances[name].alias}", name, None, event)
        return code

    def _refusal(self, name: str) -> int:
        if self.look(name) is None:
            return 404
        return 410 if self.instances[name].ended else 202

    # ---- messages

    def deliver(self, to: Instance, execution: str | None, event: Event) -> None:
        if not to.ended and execution in (None, to.execution):
            to.waiting = to.waiting if to.inbox else self.now
            to.inbox.append(event)

    def send(self, label: str, to: str, execution: str | None, event: Event, task: int | None = None) -> None:
        """Puts a message on its way."""
        same = sum(one.label.partition("#")[0] == label for one in self.mail)
        self.mail.append(Mail(f"{label}#{same}" if same else label, to, self.now, execution, event, task))

    # ---- episodes

    def _execute(self, one: Instance, messages: list[Event]) -> Outcome:
        at = Execution(
            one.function, one.execution, one.episodes, one.live, messages, lambda: list(one.past), one.dropped
        )
        return episode.run(self.stage, at, self.now)

    def crash(self, one: Instance) -> None:
        """An episode runs, and nothing of it is kept; its messages come again."""
        self._execute(one, copy.deepcopy(one.inbox))
        one.live = None

    def resend(self, one: Instance) -> None:
        """An episode runs and what it sends goes out, but its history is not stored; its messages come again."""
        outcome = self._execute(one, copy.deepcopy(one.inbox))
        one.live = None
        if outcome.again is None:
            self._schedule(one, outcome.scheduled)

    def run(self, one: Instance) -> None:
        messages, one.inbox = one.inbox, []
        outcome = self._execute(one, messages)
        self._count(one, messages)
        self._apply(one, outcome)

    def _apply(self, one: Instance, outcome: Outcome) -> None:
        one.live, one.custom, one.status, one.output = outcome.live, outcome.custom, outcome.status, outcome.result
        one.past += outcome.events
        one.asked |= {item.task for item in outcome.scheduled}
        one.episodes += 1
        self._ask(one, outcome.scheduled)
        self._schedule(one, outcome.scheduled)
        for timer in self.timers:
            if timer.instance is one and timer.task in outcome.cancelled:
                timer.cancelled = True
        self._watch(one, outcome)
        if outcome.again is not None:
            self._start_again(one, outcome.again, outcome.dropped)
        elif one.ended:
            self._end(one)

    def _schedule(self, one: Instance, items: list[Scheduled]) -> None:
        for item in items:
            match item.kind:
                case "activity":
                    self._employ(one, item)
                case "timer":
                    if not item.cancelled:
                        self.timers.append(Timer(one, one.execution, item.task, item.fire_at))
                case "child":
                    self._start_child(one, item)

    def _employ(self, one: Instance, item: Scheduled) -> None:
        payload = json.loads(item.raw_input) if item.raw_input is not None else None
        place = (one.execution, item.task)
        self.turns[place] = self.turns.get(place, -1) + 1
        self.jobs.append(Job(one, one.execution, item.task, item.name, payload, self.now, self.turns[place]))

    def _start_child(self, parent: Instance, item: Scheduled) -> None:
        assert item.instance is not None
        link = {
            "Name": parent.function,
            "OrchestrationInstance": {"InstanceId": parent.name, "ExecutionId": parent.execution},
            "TaskScheduleId": item.task,
            "Version": None,
        }
        taken = self.instances.get(item.instance)
        # The dispatcher drops a second start of an instance that is there.
        if taken is None:
            self.create(item.instance, item.name, item.raw_input, link)

    def create(self, name: str, function: str, raw: str | None, parent: Event | None) -> Instance:
        alias = str(len(self.instances))
        one = Instance(alias, name, function, raw, f"x{alias}", parent, self.now, self.now)
        self.instances[name] = one
        one.inbox.append(history.execution_started(self.now, name, one.execution, function, raw, None, parent))
        return one

    def _start_again(self, one: Instance, again: ContinueAsNew, dropped: frozenset[str]) -> None:
        one.executions += 1
        one.execution, one.raw_input = f"x{one.alias}.{one.executions}", again.raw_input
        one.past, one.live, one.episodes, one.asked, one.dropped = [], None, 0, set(), dropped
        started = history.execution_started(
            self.now, one.name, one.execution, one.function, again.raw_input, None, one.parent, None
        )
        lasting = [event for event in one.inbox if event["EventType"] in TO_INSTANCE]
        one.inbox, one.waiting = [started, *again.carried, *lasting], self.now

    def _end(self, one: Instance) -> None:
        one.inbox, one.live = [], None
        if one.parent is None:
            return
        task, to = one.parent["TaskScheduleId"], one.parent["OrchestrationInstance"]
        if one.status == "Completed":
            event = history.succeeded(history.CHILD_COMPLETED, self.now, task, one.output)
        else:
            text = one.output or ""
            event = history.failed(history.CHILD_FAILED, self.now, task, text, f"Message: {text}")
        self.send(f"child:{one.alias}", to["InstanceId"], to["ExecutionId"], event, task)

    # ---- what was asked for, and what counted

    def _ask(self, one: Instance, items: list[Scheduled]) -> None:
        for item in items:
            if item.kind == "activity":
                payload = json.loads(item.raw_input) if item.raw_input is not None else None
                call = Counted(one.execution, item.task, item.name, payload, self.now)
                self.calls.append(call)
                self._asked[one.execution, item.task] = call

    def _count(self, one: Instance, messages: list[Event]) -> None:
        for event in messages:
            if event["EventType"] in (history.TASK_COMPLETED, history.TASK_FAILED):
                call = self._asked.get((one.execution, event["TaskScheduledId"]))
                if call is not None and call.outcome is None:
                    call.outcome, call.answered = event["Outcome"], self.now
                    call.answer = history.token(event.get("Result"))

    def counted(self, function: str | None = None) -> list[Counted]:
        """The calls of the workflow's own activities, in the order in which they were asked for."""
        return [
            c for c in self.calls if c.function == function or (not function and c.function not in RUNTIME_ACTIVITIES)
        ]
