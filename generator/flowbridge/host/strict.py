"""Strict mode: a pattern that hangs or lies on Azure fails the instance, with its name and its cure.

The codes are the patterns' numbers; the faults come from `sdk` (what the SDK does with events and tasks), from `shim`
(what the extension refuses in silence) and from `judge`, which looks at how the two stand after an episode.
"""

from itertools import zip_longest

from .answer import WHEN_ANY, Answer, Fault
from .shim import Shim

CURES = {
    "S1": "use timers of at most 5 days whose ends are computed up front, one after the other",
    "S3": "do not use *_with_retry inside task_all or task_any: let the activity return a result that says how it "
    "went, and try the failed ones again in rounds with timers",
    "S6": "wait for each event name once: give every wait a name of its own, or wait before anybody can answer",
    "S7": "raise the event under exactly the name that is waited for: the SDK minds the case, the extension does not",
    "S8": "when task_any is yielded again, make a fresh task for everything it waits for, or cancel its new timer",
    "S9": "cancel timers that lost, and end or await every activity and sub-orchestration before returning",
    "S13": "pass create_timer a time in UTC (context.current_utc_datetime plus a timedelta)",
    "S14": "write the orchestrator as a plain generator function: def with yield, not async def",
    "S15": "call an activity that makes the request",
    "S16": "use a retry interval of at most 6 days and at least one attempt",
    "S17": "consume every event before continue_as_new, or pass it on in the new input",
    "S19": "correct the name, or add the function to the app",
    "S20": "do not yield an empty task_all or task_any: ask first whether there is anything to wait for",
    "S22": "keep the custom status within 8,192 characters of JSON",
    "S23": "make the orchestrator deterministic: no clock, random number, environment or global state in it",
    "S24": "do not use $ref as a key of an object",
    "S25": "raise defaultVersion in host.json, or start the instance with a version up to it",
    "ENTITY": "keep the state in an orchestration or in storage",
    "ACTIONS": "continue as new, or spread the work over sub-orchestrations",
}
ALWAYS_FATAL = frozenset({"ENTITY"})


def explain(fault: Fault) -> str:
    """The failure's text: code, what happened, cure."""
    cure = CURES.get(fault.code)
    return f"{fault.code}: {fault.text.removesuffix('.')}." + (f" Cure: {cure}." if cure else "")


def judge(shim: Shim, answer: Answer, dropped: frozenset[str] = frozenset()) -> Fault | None:
    """The first fault of an episode that has been run, or None; `dropped` names events that are lost."""
    for fault in (*answer.faults, *shim.faults):
        return fault
    context = shim.context
    for waited, raised in context.case_clashes:
        return Fault("S7", f"the event '{raised}' was raised, and '{waited}' is waited for")
    if context.suspended or context.ended:
        return None
    if shim.returned:
        return _open_tasks(shim)
    for key in context.waits:
        if key in dropped:
            name = context.waits[key][-1].name
            return Fault("S17", f"the event '{name}' came before continue_as_new, which dropped it, and is awaited now")
    return _held(shim, answer) if shim.blocked else _dead(shim)


def difference(live: Answer, replayed: Answer) -> Fault:
    """What a replay from nothing gives otherwise than the generator that was kept."""
    pairs = zip_longest(live.actions, replayed.actions)
    for place, (one, other) in enumerate(pairs):
        if one != other:
            text = f"action {place} was {_brief(one)}, and a replay from nothing makes it {_brief(other)}"
            return Fault("S23", text)
    parts = ("done", "output", "error", "custom_status")
    part = next((p for p in parts if getattr(live, p) != getattr(replayed, p)), "answer")
    one, other = _brief(getattr(live, part, None)), _brief(getattr(replayed, part, None))
    return Fault("S23", f"the {part.replace('_', ' ')} was {one}, and a replay from nothing makes it {other}")


def _brief(value: object) -> str:
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= 200 else text[:200] + "…"


def _open_tasks(shim: Shim) -> Fault | None:
    tasks = shim.context.open.values()
    if not tasks:
        return None
    named = ", ".join(f"{t.kind} '{t.name}'" if t.name else f"{t.kind} {t.task}" for t in list(tasks)[:5])
    named = named.replace("child '", "sub-orchestration '")
    how = f"failed ({shim.failure})" if shim.failure else "returned"
    return Fault("S9", f"the orchestrator {how} while {len(tasks)} of its tasks are open: {named}")


def _held(shim: Shim, answer: Answer) -> Fault | None:
    """The SDK has gone on, and the extension still waits for something that may never end."""
    if shim.position + 1 >= len(answer.actions) and not answer.finished():
        return None
    left = [leaf for leaf in shim.leaves if not leaf.promise.done]
    work = [leaf for leaf in left if leaf.kind in ("activity", "child", "retry")]
    first_is_enough = answer.actions[shim.position]["actionType"] == WHEN_ANY
    if work and (first_is_enough or len(work) == len(left)):
        return None
    names = ", ".join(leaf.label for leaf in left[:5])
    return Fault("S8", f"the orchestrator has gone on, and the engine still waits for {names}")


def _dead(shim: Shim) -> Fault | None:
    if shim.context.open or shim.context.waits:
        return None
    return Fault("S8", "the orchestrator waits for a task that the engine has no record of, so nothing can wake it")
