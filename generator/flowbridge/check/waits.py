"""Waits: each has its bounds, and each answer or event finds the one step that it is for."""

from __future__ import annotations

from collections.abc import Iterator

from flowbridge.check.lines import first_line
from flowbridge.model.durations import show_duration
from flowbridge.model.structure import Holder, steps_with_holders
from flowbridge.model.workflow import Approval, ForEach, Scalar, Sequence, Step, Wait, WaitFor, Workflow
from flowbridge.text.diagnostic import Diagnostic, Related
from flowbridge.text.source import Span

LONGEST = 365 * 86_400.0
STATUS_UNITS = 7_000
"""UTF-16 units that the texts of an approval may have: the engine's 16 KB hold them and what is shown beside."""


def check(workflow: Workflow) -> Iterator[Diagnostic]:
    """All rules on waits."""
    for step, holders in steps_with_holders(workflow.all_steps):
        yield from _limit(step.common.timeout, step.common.timeout_span, "a step")
        match step:
            case Approval():
                yield from _in_a_loop(step, "an approval", holders)
                yield from _limit(step.timeout, step.timeout_span, "an approval")
                yield from _approval(step)
            case WaitFor():
                yield from _in_a_loop(step, "a wait_for", holders)
                yield from _limit(step.timeout, step.timeout_span, "a wait_for")
            case Wait() if step.seconds is not None:
                yield from _limit(step.seconds, step.wait_span, "a step")
            case _:
                pass
    yield from _limit(workflow.timeout, workflow.timeout_span, "a workflow")


def _limit(seconds: float | None, span: Span | None, what: str) -> Iterator[Diagnostic]:
    if seconds is None or span is None or 0 < seconds <= LONGEST:
        return
    words = f"{what} may wait at most 365d, and this is {show_duration(seconds)}"
    if seconds <= 0:
        words = f"{what} that waits no time waits for nothing"
    yield Diagnostic("E405", span, words, "out of bounds", "write a duration of at most 365d")


def _in_a_loop(step: Step, what: str, holders: tuple[Holder, ...]) -> Iterator[Diagnostic]:
    loop = next((one.step for one in holders if isinstance(one.step, ForEach) and one.role == "steps"), None)
    if isinstance(loop, ForEach):
        words = f"{what} inside of for_each: a caller could not tell which item it answers"
        hint = "ask once, after the for_each, for all items; or `run` a workflow for each item"
        yield Diagnostic("E401", first_line(step), words, f'inside of "{loop.common.id or loop.variable}"', hint)


# ---- approvals


def _approval(step: Approval) -> Iterator[Diagnostic]:
    yield from _outcomes(step)
    for seconds, span, what in (
        (step.remind_every, step.remind_span, "remind_every"),
        (step.escalation.after if step.escalation else None, step.escalation_span, "after"),
    ):
        if seconds is None or span is None:
            continue
        if seconds <= 0:
            yield Diagnostic("E405", span, f"{what} is no time at all", "out of bounds", "write a duration such as 1d")
        elif seconds >= step.timeout:
            words = f"{what} is {show_duration(seconds)}, and the approval ends after {show_duration(step.timeout)}"
            yield Diagnostic("W405", span, words, "never happens", "write a shorter one, or a longer timeout")
    asked = _count(step)
    if step.required is not None and asked is not None and step.required > asked:
        words = f"{step.required} have to agree, and only {asked} {'is' if asked == 1 else 'are'} asked"
        hint = f"require at most {asked}, or `all`"
        yield Diagnostic("E410", step.required_span or first_line(step), words, "never enough", hint)
    length = sum(_units(one) for one in (step.heading, step.details, step.common.status))
    if length > STATUS_UNITS:
        place = step.details or step.heading
        words = f"the texts of this approval have {length:,} characters, and an instance can show {STATUS_UNITS:,}"
        yield Diagnostic("W404", place.span, words, "is cut", "put long texts into a file, and its address here")


def _outcomes(step: Approval) -> Iterator[Diagnostic]:
    seen: dict[str, tuple[str, Span]] = {}
    for outcome, span in zip(step.outcomes, step.outcome_spans, strict=False):
        first = seen.setdefault(outcome.casefold(), (outcome, span))
        if first[1] is not span:
            same = first[0] == outcome
            words = (
                f'the answer "{outcome}" is there twice'
                if same
                else f'"{first[0]}" and "{outcome}" differ in case only'
            )
            related = (Related(first[1], "first here"),)
            yield Diagnostic("E204" if same else "E206", span, words, "again", "keep one of them", related)
    if step.on_rejected is not None and "Reject" not in step.outcomes and step.rejected_span is not None:
        words = "none of the answers is a rejection"
        hint = 'add "Reject" to the outcomes, or look at the outcome in a step after this one'
        yield Diagnostic("W405", step.rejected_span, words, "never happens", hint)


def _count(step: Approval) -> int | None:
    """How many people are asked where that is written out; None where it is computed."""
    data = [step.approvers, *((step.escalation.to,) if step.escalation else ())]
    counts = [_people(one) for one in data if one is not None]
    known = [one for one in counts if one is not None]
    return sum(known) if counts and len(known) == len(counts) else None


def _people(data: object) -> int | None:
    match data:
        case Sequence():
            return len(data.items)
        case Scalar(value=str(text)):
            # A text may name several people, however the author parts them.
            return None if ";" in text or "," in text else 1
        case _:
            return None


def _units(text: object) -> int:
    """UTF-16 units of a text that is written out; 0 of one that is computed."""
    return len(text.value.encode("utf-16-le")) // 2 if isinstance(text, Scalar) and isinstance(text.value, str) else 0
