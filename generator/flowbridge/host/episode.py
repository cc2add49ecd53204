"""One episode: new messages in, what to write and to do next out. It changes nothing but the live state it is given."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from . import history, sdk, strict
from .answer import Answer, Fault
from .app import App, Function
from .dtfx import ContinueAsNew, NonDeterministicError, Scheduled
from .history import Event, dump
from .options import HostOptions
from .shim import Rules, Shim


@dataclass
class Live:
    """What is kept of an execution between episodes."""

    program: sdk.Program
    shim: Shim
    verified: bool = False


@dataclass
class Outcome:
    """What an episode decided. `result` is JSON text, or the plain text of a failure or of a reason."""

    events: list[Event]
    scheduled: list[Scheduled] = field(default_factory=list[Scheduled])
    cancelled: list[int] = field(default_factory=list[int])
    status: str = "Running"
    result: str | None = None
    custom: str | None = None
    again: ContinueAsNew | None = None
    dropped: frozenset[str] = frozenset()
    live: Live | None = None


@dataclass(frozen=True)
class Stage:
    """What episodes run on: the app, the options and the rules made of both."""

    app: App
    options: HostOptions
    rules: Rules

    @property
    def fatal(self) -> bool:
        """Whether a fault fails the instance."""
        return not self.options.lenient


def make_stage(app: App, options: HostOptions) -> Stage:
    """The stage for one app."""
    rules = Rules(
        activities=frozenset(app.activities),
        orchestrators=frozenset(app.orchestrators),
        longest_timer=6 * 86_400_000_000 if options.profile == "azure-storage" else None,
        max_actions=app.settings.max_actions,
        strict=not options.lenient,
        default_version=app.settings.default_version,
    )
    return Stage(app, options, rules)


@dataclass
class Execution:
    """One episode to run: `past` loads the history, `episode` counts from 0.

    `dropped` names the events that continue-as-new has dropped since the instance began, in lower case.
    """

    name: str
    execution: str
    episode: int
    live: Live | None
    new: list[Event]
    past: Callable[[], Iterable[Event]]
    dropped: frozenset[str] = frozenset()


def run(stage: Stage, at: Execution, now: int) -> Outcome:
    """Run one episode at time `now`."""
    started = history.event(history.ORCHESTRATOR_STARTED, now)
    seen = [started, *at.new]
    if at.new[0]["EventType"] == history.EXECUTION_STARTED and at.new[0]["Generation"] is None:
        seen.append(history.event(history.ORCHESTRATOR_COMPLETED, now))
    function = stage.app.orchestrators.get(at.name.lower())
    error: NonDeterministicError | None = None
    live: Live | None = None
    if function is None or function.is_async:
        answer, shim = _no_orchestrator(stage, at.name, function), Shim(at.execution, stage.rules)
        error = _replay(shim, answer, at, seen)
    else:
        answer, live, shim, error = _perform(stage, at, function, seen)
    outcome = _decide(stage, at, answer, shim, error, now)
    for item in at.new:
        item["IsPlayed"] = True
    outcome.events = [*seen, *outcome.events]
    if outcome.events[-1]["EventType"] != history.ORCHESTRATOR_COMPLETED:
        outcome.events.append(history.event(history.ORCHESTRATOR_COMPLETED, now))
    if outcome.status in ("Running", "Suspended") and outcome.again is None:
        outcome.live = live
        if live is not None:
            live.program.note(outcome.events)
    return outcome


def _perform(
    stage: Stage, at: Execution, function: Function, seen: list[Event]
) -> tuple[Answer, Live | None, Shim, NonDeterministicError | None]:
    """Ask the orchestrator, from its live program or from nothing, and let the shim act on the answer."""
    policy, live = stage.options.replay, at.live
    error: NonDeterministicError | None = None
    if live is not None and policy != "always" and not (policy == "check" and _check_due(at.episode)):
        answer = live.program.resume(seen)
        if answer.finished() and not live.verified and policy == "check":
            live.program, live.verified = sdk.Program(function.call, strict=stage.rules.strict), True
            checked = live.program.begin(at.past(), seen, stage.options.profile)
            if not _same(answer, checked):
                checked.faults.append(strict.difference(answer, checked))
                checked.added, answer = None, checked
        if live.shim.resumable(answer):
            try:
                live.shim.resume(answer, seen)
            except NonDeterministicError as found:
                error = found
            return answer, live, live.shim, error
        live.shim = Shim(at.execution, stage.rules)
    elif policy == "always" and not stage.rules.strict:
        trigger = sdk.body(list(at.past()), seen, stage.options.profile)
        answer, live = sdk.call(function.call, function.parameter, trigger), None
    else:
        program = sdk.Program(function.call, strict=stage.rules.strict)
        answer = program.begin(at.past(), seen, stage.options.profile)
        live = Live(program, Shim(at.execution, stage.rules), verified=answer.finished())
    shim = Shim(at.execution, stage.rules) if live is None else live.shim
    error = _replay(shim, answer, at, seen)
    return answer, live if policy != "always" else None, shim, error


def _replay(shim: Shim, answer: Answer, at: Execution, seen: list[Event]) -> NonDeterministicError | None:
    try:
        shim.replay(answer, chain(at.past(), seen))
    except NonDeterministicError as error:
        return error
    return None


def _check_due(episode: int) -> bool:
    """Episodes 8, 32, 128 and so on: what all checks cost together stays linear in the history."""
    return episode >= 8 and episode & (episode - 1) == 0 and episode.bit_length() % 2 == 0


def _same(one: Answer, other: Answer) -> bool:
    return (
        one.actions == other.actions
        and one.done == other.done
        and one.error == other.error
        and one.output == other.output
        and one.custom_status == other.custom_status
    )


def _no_orchestrator(stage: Stage, name: str, function: Function | None) -> Answer:
    if function is not None:
        text = f"the orchestrator '{name}' is async, and the SDK runs plain generators alone"
        return Answer([], error="Object of type coroutine is not JSON serializable", faults=[Fault("S14", text)])
    known = ", ".join(f"'{f.name}'" for f in stage.app.orchestrators.values())
    text = (
        f"The function '{name}' doesn't exist, is disabled, or is not an orchestrator function. Additional info: "
        f"The following are the known orchestrator functions: {known}."
    )
    fault = Fault("S19", f"the orchestrator '{name}' does not exist; known: {known or 'none'}")
    return Answer([], error=text, raised=True, faults=[fault])


def _decide(
    stage: Stage, at: Execution, answer: Answer, shim: Shim, error: NonDeterministicError | None, now: int
) -> Outcome:
    context = shim.context
    custom = None if shim.custom_status is None else dump(shim.custom_status)
    outcome = Outcome([], cancelled=context.newly_cancelled, custom=custom)
    context.newly_cancelled = []
    fault = _fault(stage, answer, shim, error, at.dropped)
    if fault is not None:
        return _end(outcome, "Failed", strict.explain(fault), context.next_id, now)
    pending = [context.pending[task] for task in sorted(context.pending)]
    outcome.scheduled = pending
    outcome.events = [_scheduling_event(item, now) for item in pending]
    if error is not None:
        return _end(outcome, "Failed", str(error), context.next_id, now)
    if context.ended:
        return _end(outcome, "Terminated", context.terminated, context.next_id, now)
    if context.suspended:
        outcome.status = "Suspended"
        reasons = [e["Reason"] for e in at.new if e["EventType"] == history.EXECUTION_SUSPENDED]
        outcome.result = reasons[-1] if reasons else None
    elif shim.returned and not context.open:
        if shim.failure is not None:
            failure = f"Orchestrator function '{at.name}' failed: {shim.failure}"
            return _end(outcome, "Failed", failure, context.next_id, now)
        if context.again is not None:
            outcome.again = context.again
            outcome.dropped = at.dropped | frozenset(context.buffered)
        else:
            result = None if shim.output is None else dump(shim.output)
            return _end(outcome, "Completed", result, context.next_id, now)
    # what has been emitted is in the history now, and the next episode's events begin with it
    context.pending = {}
    return outcome


def _fault(
    stage: Stage, answer: Answer, shim: Shim, error: NonDeterministicError | None, dropped: frozenset[str]
) -> Fault | None:
    found: Fault | None
    if error is not None:
        found = next((f for f in answer.faults if f.code not in ("S3", "S23")), None) or Fault("S23", str(error))
    else:
        found = strict.judge(shim, answer, dropped)
    if found is None or not (stage.fatal or found.code in strict.ALWAYS_FATAL):
        return None
    return found


def _end(outcome: Outcome, status: str, result: str | None, task: int, now: int) -> Outcome:
    outcome.status, outcome.result = status, None if result is None else history.storable(result)
    outcome.events.append(history.execution_completed(now, task, status, outcome.result))
    return outcome


def _scheduling_event(item: Scheduled, now: int) -> Event:
    match item.kind:
        case "activity":
            return history.task_scheduled(now, item.task, item.name)
        case "child":
            return history.child_created(now, item.task, item.name, item.version, item.instance or "")
        case "timer":
            return history.timer_created(now, item.task, item.fire_at)


def as_json(status: str, result: str | None) -> Any:
    """A result as the status shows it: of a completed instance the value, else the text."""
    return history.token(result) if status == "Completed" else result
