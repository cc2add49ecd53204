"""A world of instances on the faithful engine, in memory: whatever may happen next is a choice with a name.

Episodes are the host's own (`host.episode`, and with it the shim and DTFx's context) on the real SDK. The world adds
what queues and storage may do: messages that are late or come together, activities that run twice, episodes that are
lost before they are stored, and episodes that are lost after what they sent has gone out, as happens on Azure Storage.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.behaviour.explore.actors import CLOCKS, Actor, Client
from tests.behaviour.explore.instance import Counted, Instance, Job, Json, Mail, Timer

from flowbridge.host import episode, history
from flowbridge.host.clock import MICROS
from flowbridge.host.dtfx import ContinueAsNew, Scheduled
from flowbridge.host.episode import Execution, Outcome, Stage
from flowbridge.host.history import Event, dump

START = 1_767_225_600 * MICROS
TICK = MICROS // 100
TIMER_SLACK = 2 * MICROS
LONGEST_DELAY = 600 * MICROS
STOP_ACTIVITY, STOP_EVENT = "stop_children", "stop"
RUNTIME_ACTIVITIES = frozenset({STOP_ACTIVITY})


@dataclass(frozen=True)
class Scripted:
    """Something that the outside may do once: `act` does it, as soon as `when` allows."""

    label: str
    act: Callable[[World], None]
    when: Callable[[World], bool] = lambda world: True


@dataclass(frozen=True)
class Program:
    """What is explored: an orchestrator, what its activities may answer, what may be raised, and what must come of it.

    `answers` gives the outcomes of a call by name, the usual one first: an envelope's value, an envelope with an error,
    or an exception. `verify` yields what is wrong once all is over. `budget` says how often each kind of trouble may
    come in one schedule: outcomes but the first, `crash`, `resend`, `again`, `early`, `slow`, `late`. `runtime` is the
    package of the runtime that the app stands on. `may_lag` allows the engine to lag behind the orchestrator, as
    long as all ends well.
    """

    name: str
    orchestrator: str
    input: object
    answers: Callable[[str, Any], Mapping[str, object]]
    verify: Callable[[World], Iterable[str]]
    script: tuple[Scripted, ...] = ()
    budget: Mapping[str, int] = field(default_factory=dict[str, int])
    runtime: str = "flowbridge.runtime"
    may_lag: bool = False


class World:
    """One run of a program; `options` names what may happen next, the usual first, and `take` makes it happen."""

    def __init__(self, stage: Stage, program: Program, watch: Callable[[World, Instance, Outcome], None]) -> None:
        self.stage = stage
        self.program = program
        self.now = START
        self.version = 0
        self.instances: dict[str, Instance] = {}
        self.mail: list[Mail] = []
        self.jobs: list[Job] = []
        self.finished: list[Job] = []
        self.timers: list[Timer] = []
        self.actors: list[Actor] = []
        self.calls: list[Counted] = []
        self.turns: dict[tuple[str, int], int] = {}
        self._asked: dict[tuple[str, int], Counted] = {}
        self.told: dict[str, Any] = {}
        self.answer_ids: dict[str, str] = {}
        self.violations: list[str] = []
        self.stopped: list[tuple[str, list[str]]] = []
        self.signalled: set[str] = set()
        self._stepping = ""
        self.budget = dict(program.budget)
        self.spent: set[str] = set()
        self._script = list(program.script)
        self._watch = watch
        CLOCKS.desk, CLOCKS.number = self, 0
        self.root = self._create("root", program.orchestrator, dump(dump(program.input)), None)

    # ---- what may happen next

    def options(self) -> list[str]:
        """The names of all that may happen now; the first is what usually would."""
        running = [one for one in self.instances.values() if not one.ended]
        found = [f"mail {one.label}" for one in self.mail if self._may_arrive(one)]
        found += [f"run {one.alias}" for one in running if one.inbox]
        found += [f"step {one.label}" for one in self.actors if not one.asleep]
        for job in self.jobs:
            found += self._outcomes(job)
        found += [f"step {one.label}" for one in self.actors if one.asleep and one.seen != self.version]
        found += [f"raise {one.label}" for one in self._script if one.when(self)]
        lonely = not found
        found += [f"late {one.label}" for one in self.actors if one.asleep and (lonely or self._left("late"))]
        found += self._timer_options()
        if self._left("crash"):
            found += [f"crash {one.alias}" for one in running if one.inbox]
        if self._left("resend"):
            found += [f"resend {one.alias}" for one in running if one.inbox]
        if self._left("again"):
            found += [f"again {one.label}" for one in self.finished if not one.instance.ended]
        return found

    def _left(self, trouble: str) -> bool:
        return self.budget.get(trouble, 0) > 0

    def _spend(self, trouble: str) -> None:
        self.spent.add(trouble)
        self.budget[trouble] = self.budget.get(trouble, 0) - 1

    def _outcomes(self, job: Job) -> list[str]:
        names = list(self._answers(job))
        found = [f"do {job.label} {name}" for place, name in enumerate(names) if place == 0 or self._left(name)]
        return [*found, f"do {job.label} slow"] if self._left("slow") else found

    def _answers(self, job: Job) -> Mapping[str, object]:
        if job.function == STOP_ACTIVITY:
            return {"ok": None, "raise": RuntimeError("the worker was lost")}
        return self.program.answers(job.function, job.payload)

    def _timer_options(self) -> list[str]:
        live = [one for one in self.timers if not one.instance.ended and one.execution == one.instance.execution]
        self.timers = live
        # What a timer of a lost episode sends waits until the timer is in the history.
        live = [one for one in live if one.task in one.instance.asked]
        active = [one.fire_at for one in live if not one.cancelled]
        if not active:
            return []
        last = min([min(active) + TIMER_SLACK, *(since + LONGEST_DELAY for since in self._delayed())])
        soon = [one for one in live if one.fire_at <= last]
        soon.sort(key=lambda one: (one.fire_at, one.label))
        found = [f"fire {one.label}" for one in soon if not one.cancelled]
        found += [f"early {one.label}" for one in soon if not one.cancelled and self._left("early")]
        return found + [f"fire {one.label}" for one in soon if one.cancelled]

    def _delayed(self) -> list[int]:
        """Since when messages wait to be handed over or to be looked at."""
        waiting = [one.waiting for one in self.instances.values() if one.inbox and not one.ended]
        return waiting + [one.sent for one in self.mail if self._may_arrive(one)]

    def _may_arrive(self, mail: Mail) -> bool:
        to = self.instances[mail.to]
        return mail.task is None or to.ended or mail.execution != to.execution or mail.task in to.asked

    # ---- making it happen

    def take(self, label: str) -> None:
        """Makes one of the options happen."""
        self.now += TICK
        kind, _, rest = label.partition(" ")
        {
            "mail": self._arrive,
            "run": self._run,
            "step": self._step,
            "late": self._late,
            "do": self._do,
            "again": self._again,
            "raise": self._raise,
            "fire": self._fire,
            "early": self._early,
            "crash": self._crash,
            "resend": self._resend,
        }[kind](rest)
        if kind != "step":
            self.version += 1

    def _by_alias(self, alias: str) -> Instance:
        return next(one for one in self.instances.values() if one.alias == alias)

    def _arrive(self, label: str) -> None:
        mail = next(one for one in self.mail if one.label == label)
        self.mail.remove(mail)
        self._deliver(self.instances[mail.to], mail.execution, mail.event)

    def _deliver(self, to: Instance, execution: str | None, event: Event) -> None:
        if not to.ended and execution in (None, to.execution):
            to.waiting = to.waiting if to.inbox else self.now
            to.inbox.append(event)

    def send(self, label: str, to: str, execution: str | None, event: Event, task: int | None = None) -> None:
        """Puts a message on its way."""
        same = sum(one.label.partition("#")[0] == label for one in self.mail)
        self.mail.append(Mail(f"{label}#{same}" if same else label, to, self.now, execution, event, task))

    def _step(self, label: str) -> None:
        actor = next(one for one in self.actors if one.label == label)
        actor.seen = self.version
        self._stepping = label
        actor.step()
        self.actors = [one for one in self.actors if not one.ended]

    def _late(self, label: str) -> None:
        self._spend("late")
        self.now += 60 * MICROS
        self._step(label)

    def name_answer(self, name: str) -> None:
        """Notes the answer id of the coroutine that takes a step."""
        self.answer_ids[self._stepping] = name

    def act(self, actor: Actor) -> None:
        """Lets a coroutine take part from now on."""
        self.actors.append(actor)

    # ---- activities

    def _do(self, rest: str) -> None:
        label, _, name = rest.partition(" ")
        job = next(one for one in self.jobs if one.label == label)
        answers = self._answers(job)
        if name == "slow":
            self._spend("slow")
            self.now += 7 * MICROS
            name = next(iter(answers))
        elif name != next(iter(answers)):
            self._spend(name)
        self.jobs.remove(job)
        if job.function == STOP_ACTIVITY and not isinstance(answers[name], Exception):
            self._stop_children(job)
        else:
            self._finish(job, name, answers[name])

    def _stop_children(self, job: Job) -> None:
        function = self.stage.app.activities[STOP_ACTIVITY].call.client_function
        self.act(
            Actor(
                f"stop{job.label}",
                function(payload=job.payload, client=Client(self)),
                lambda out: self._stopped(job, out),
            )
        )

    def _stopped(self, job: Job, answer: object) -> None:
        if isinstance(answer, dict) and answer["ok"]:
            self.stopped.append((job.payload["how"], job.payload["instanceIds"]))
        self._finish(job, "ok", answer)

    def _finish(self, job: Job, name: str, answer: object) -> None:
        self.finished.append(job)
        if isinstance(answer, Exception):
            reason = f"Activity function '{job.function}' failed:  {type(answer).__name__}: {answer}"
            event = history.failed(history.TASK_FAILED, self.now, job.task, reason, "{}")
        else:
            event = history.succeeded(history.TASK_COMPLETED, self.now, job.task, dump(answer))
        event["Outcome"] = name
        if job.task in job.instance.asked or job.execution != job.instance.execution:
            self._deliver(job.instance, job.execution, event)
        else:
            self.send(f"answer{job.label}", job.instance.name, job.execution, event, job.task)

    def _again(self, label: str) -> None:
        self._spend("again")
        job = next(one for one in self.finished if one.label == label)
        self.finished.remove(job)
        place = (job.execution, job.task)
        self.turns[place] += 1
        self.jobs.append(Job(job.instance, job.execution, job.task, job.function, job.payload, self.turns[place]))

    # ---- the outside

    def _raise(self, label: str) -> None:
        scripted = next(one for one in self._script if one.label == label)
        self._script.remove(scripted)
        scripted.act(self)

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

    # ---- timers

    def _fire(self, label: str, early: int = 0) -> None:
        timer = next(one for one in self.timers if one.label == label)
        self.timers.remove(timer)
        self.now = max(self.now, timer.fire_at - early)
        self._deliver(timer.instance, timer.execution, history.timer_fired(self.now, timer.task, timer.fire_at))

    def _early(self, label: str) -> None:
        self._spend("early")
        self._fire(label, early=MICROS * 9 // 10)

    # ---- episodes

    def _execute(self, one: Instance, messages: list[Event]) -> Outcome:
        at = Execution(
            one.function, one.execution, one.episodes, one.live, messages, lambda: list(one.past), one.dropped
        )
        return episode.run(self.stage, at, self.now)

    def _crash(self, alias: str) -> None:
        """An episode runs, and nothing of it is kept; its messages come again."""
        self._spend("crash")
        one = self._by_alias(alias)
        self._execute(one, copy.deepcopy(one.inbox))
        one.live = None

    def _resend(self, alias: str) -> None:
        """An episode runs and what it sends goes out, but its history is not stored; its messages come again."""
        self._spend("resend")
        one = self._by_alias(alias)
        outcome = self._execute(one, copy.deepcopy(one.inbox))
        one.live = None
        if outcome.again is None:
            self._schedule(one, outcome.scheduled)

    def _run(self, alias: str) -> None:
        one = self._by_alias(alias)
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
        self._watch(self, one, outcome)
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
        self.jobs.append(Job(one, one.execution, item.task, item.name, payload, self.turns[place]))

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
            self._create(item.instance, item.name, item.raw_input, link)

    def _create(self, name: str, function: str, raw: str | None, parent: Event | None) -> Instance:
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
        lasting = [event for event in one.inbox if event["EventType"] in _TO_INSTANCE]
        one.inbox, one.waiting = [started, *again.carried, *lasting], self.now

    def _end(self, one: Instance) -> None:
        one.inbox, one.live = [], None
        if one.parent is None:
            return
        task, to = one.parent["TaskScheduleId"], one.parent["OrchestrationInstance"]
        if one.status == "Completed":
            event = history.succeeded(history.CHILD_COMPLETED, self.now, task, one.output)
        else:
            event = history.failed(history.CHILD_FAILED, self.now, task, one.output, f"Message: {one.output}")
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


_TO_INSTANCE = frozenset({history.EVENT_RAISED, history.EXECUTION_SUSPENDED, history.EXECUTION_TERMINATED})
