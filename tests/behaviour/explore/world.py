"""A world in which whatever may happen next is a choice with a name: messages, activities, timers, people, trouble."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from tests.behaviour.explore.actors import CLOCKS, Actor, Client
from tests.behaviour.explore.instance import Instance, Job, Mail
from tests.behaviour.explore.machine import STOP_ACTIVITY, Machine

from flowbridge.host import history
from flowbridge.host.clock import MICROS
from flowbridge.host.episode import Outcome, Stage
from flowbridge.host.history import dump

TICK = MICROS // 100
TIMER_SLACK = 2 * MICROS
LONGEST_DELAY = 600 * MICROS
LONGEST_WORK = 10 * 86_400 * MICROS


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


class World(Machine):
    """One run of a program; `options` names what may happen next, the usual first, and `take` makes it happen."""

    def __init__(self, stage: Stage, program: Program, watch: Callable[[World, Instance, Outcome], None]) -> None:
        super().__init__(stage, lambda one, outcome: watch(self, one, outcome))
        self.program = program
        self.version = 0
        self.finished: list[Job] = []
        self.actors: list[Actor] = []
        self.told: dict[str, Any] = {}
        self.answer_ids: dict[str, str] = {}
        self.violations: list[str] = []
        self.stopped: list[tuple[str, list[str]]] = []
        self.budget = dict(program.budget)
        self.spent: set[str] = set()
        self._stepping = ""
        self._script = list(program.script)
        CLOCKS.desk, CLOCKS.number = self, 0
        # The SDK's client puts an input into JSON twice.
        self.root = self.create("root", program.orchestrator, dump(dump(program.input)), None)

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
        last = min([min(active) + TIMER_SLACK, *self._deadlines()])
        soon = [one for one in live if one.fire_at <= last]
        soon.sort(key=lambda one: (one.fire_at, one.label))
        found = [f"fire {one.label}" for one in soon if not one.cancelled]
        found += [f"early {one.label}" for one in soon if not one.cancelled and self._left("early")]
        return found + [f"fire {one.label}" for one in soon if one.cancelled]

    def _deadlines(self) -> list[int]:
        """Until when what is under way has to go on: the engine is late at times, and never for ever."""
        waiting = [one.waiting for one in self.instances.values() if one.inbox and not one.ended]
        waiting += [one.sent for one in self.mail if self._may_arrive(one)]
        waiting += [one.since for one in self.actors]
        return [one + LONGEST_DELAY for one in waiting] + [one.begun + LONGEST_WORK for one in self.jobs]

    def _may_arrive(self, mail: Mail) -> bool:
        to = self.instances[mail.to]
        return mail.task is None or to.ended or mail.execution != to.execution or mail.task in to.asked

    # ---- making it happen

    def take(self, label: str) -> None:
        """Makes one of the options happen."""
        self.now += TICK
        kind, _, rest = label.partition(" ")
        perform: dict[str, Callable[[str], None]] = {
            "mail": self._arrive,
            "run": lambda alias: self.run(self._by_alias(alias)),
            "step": self._step,
            "late": self._late,
            "do": self._do,
            "again": self._again,
            "raise": self._raise,
            "fire": self._fire,
            "early": self._early,
            "crash": self._crash,
            "resend": self._resend,
        }
        perform[kind](rest)
        if kind != "step":
            self.version += 1

    def _by_alias(self, alias: str) -> Instance:
        return next(one for one in self.instances.values() if one.alias == alias)

    def _arrive(self, label: str) -> None:
        mail = next(one for one in self.mail if one.label == label)
        self.mail.remove(mail)
        self.deliver(self.instances[mail.to], mail.execution, mail.event)

    def _step(self, label: str) -> None:
        actor = next(one for one in self.actors if one.label == label)
        actor.seen, actor.since = self.version, self.now
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
        actor.since = self.now
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
        function = cast(Any, self.stage.app.activities[STOP_ACTIVITY].call).client_function
        self.act(
            Actor(
                f"stop{job.label}",
                function(payload=job.payload, client=Client(self)),
                lambda out: self._stopped(job, out),
            )
        )

    def _stopped(self, job: Job, answer: Any) -> None:
        if not isinstance(answer, Exception) and answer["ok"]:
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
            self.deliver(job.instance, job.execution, event)
        else:
            self.send(f"answer{job.label}", job.instance.name, job.execution, event, job.task)

    def _again(self, label: str) -> None:
        self._spend("again")
        job = next(one for one in self.finished if one.label == label)
        self.finished.remove(job)
        place = (job.execution, job.task)
        self.turns[place] += 1
        self.jobs.append(
            Job(job.instance, job.execution, job.task, job.function, job.payload, self.now, self.turns[place])
        )

    # ---- the outside

    def _raise(self, label: str) -> None:
        scripted = next(one for one in self._script if one.label == label)
        self._script.remove(scripted)
        scripted.act(self)

    # ---- timers

    def _fire(self, label: str, early: int = 0) -> None:
        timer = next(one for one in self.timers if one.label == label)
        self.timers.remove(timer)
        self.now = max(self.now, timer.fire_at - early)
        self.deliver(timer.instance, timer.execution, history.timer_fired(self.now, timer.task, timer.fire_at))

    def _early(self, label: str) -> None:
        self._spend("early")
        self._fire(label, early=MICROS * 9 // 10)

    # ---- lost episodes

    def _crash(self, alias: str) -> None:
        self._spend("crash")
        self.crash(self._by_alias(alias))

    def _resend(self, alias: str) -> None:
        self._spend("resend")
        self.resend(self._by_alias(alias))
