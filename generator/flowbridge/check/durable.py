"""What a durable workflow must not do: wait without bounds, end amid a fan-out, or end without its output."""

from __future__ import annotations

from collections.abc import Iterator

from flowbridge.model.durations import show_duration
from flowbridge.model.structure import always_leaves, leaves, steps_with_holders
from flowbridge.model.workflow import Approval, Block, Call, ForEach, Retry, Return, Step, Switch, Workflow
from flowbridge.text.diagnostic import Diagnostic, Related
from flowbridge.text.source import Span
from flowbridge.text.suggest import one_of

DAY = 86_400.0
LONGEST_APPROVAL = 365 * DAY
LONGEST_DELAY = 6 * DAY
"""No timer of the Azure Storage engine is longer."""
LONGEST_RETRY = 365 * DAY


def check(workflow: Workflow) -> Iterator[Diagnostic]:
    """All durable rules."""
    for step, holders in steps_with_holders(workflow.all_steps):
        loop = next((one.step.common.id or "it" for one in holders if isinstance(one.step, ForEach)), None)
        match step:
            case Approval():
                yield from _approval(step, loop)
            case Return() if loop is not None:
                words = "a return inside of for_each would end the workflow while other items run"
                hint = f'return after the for_each, from what "{loop}" gave'
                yield Diagnostic("E403", _first_line(step), words, "inside of for_each", hint)
            case Call():
                yield from _retry(step, workflow)
            case _:
                pass
    yield from _lists(workflow.steps)
    yield from _ends(workflow)


def _first_line(step: Step) -> Span:
    """The step's first line: a span over many lines is shown at its first one."""
    span = step.common.id_span or step.common.span
    line_end = span.source.text.find("\n", span.start)
    return Span(span.source, span.start, min(span.end, line_end) if line_end >= 0 else span.end)


def _approval(step: Approval, loop: str | None) -> Iterator[Diagnostic]:
    if loop is not None:
        words = "an approval inside of for_each is not possible yet"
        hint = "ask once, after the for_each, for all items; the answer of one item cannot be told from another's"
        yield Diagnostic("E401", _first_line(step), words, f'inside of "{loop}"', hint)
    if not 0 < step.timeout <= LONGEST_APPROVAL:
        words = f"an approval waits {show_duration(step.timeout)}, and 365d are the most"
        if step.timeout <= 0:
            words = "an approval that waits no time is never answered"
        span = step.timeout_span or _first_line(step)
        yield Diagnostic("E405", span, words, "its timeout", "write a timeout of at most 365d")


# ---- retries


def _retry(step: Call, workflow: Workflow) -> Iterator[Diagnostic]:
    retry = step.retry
    span = retry.span or step.activity_span
    if retry.max_attempts > 1:
        yield from _bounds(retry, span)
        activity = workflow.activity(step.activity)
        if activity is not None and not activity.idempotent:
            words = f'"{activity.name}" is tried again after a failure, and is not marked idempotent'
            hint = "if running it twice does no harm, add `idempotent: true`; else `retry: {max_attempts: 1}`"
            related = (Related(activity.span, "declared here"),)
            yield Diagnostic("W401", step.activity_span, words, "may run twice", hint, related)


def _bounds(retry: Retry, span: Span) -> Iterator[Diagnostic]:
    delays = (("initial_delay", retry.initial_delay), ("max_delay", retry.max_delay or 0.0))
    for name, seconds in delays:
        if seconds > LONGEST_DELAY:
            words = f"{name} is {show_duration(seconds)}, and 6d are the most"
            yield Diagnostic("E406", span, words, "waits too long", "no timer of the engine is longer")
    if retry.max_delay is not None and retry.max_delay < retry.initial_delay:
        words = f"max_delay ({show_duration(retry.max_delay)}) is shorter than initial_delay "
        words += f"({show_duration(retry.initial_delay)})"
        yield Diagnostic("E406", span, words, "nothing in between")
    if retry.max_duration is not None and not 0 < retry.max_duration <= LONGEST_RETRY:
        words = f"max_duration is {show_duration(retry.max_duration)}, and it is at least 1s and at most 365d"
        yield Diagnostic("E406", span, words, "out of bounds")
    yield from _growth(retry, span)


def _growth(retry: Retry, span: Span) -> Iterator[Diagnostic]:
    """A back-off without an upper limit soon waits longer than any timer."""
    if retry.max_delay is not None or retry.initial_delay > LONGEST_DELAY:
        return
    last = retry.initial_delay
    for _ in range(retry.max_attempts - 2):
        last *= retry.backoff
        if last > LONGEST_DELAY:
            words = f"with back-off {retry.backoff:g} the delay grows past 6d within {retry.max_attempts} attempts"
            yield Diagnostic("E406", span, words, "grows without bounds", "add `max_delay`")
            return


# ---- ways


def _lists(steps: tuple[Step, ...]) -> Iterator[Diagnostic]:
    """Steps after one that always ends the workflow, in every list of steps."""
    for index, step in enumerate(steps[:-1]):
        if leaves(step):
            unreachable = _first_line(steps[index + 1])
            related = (Related(_first_line(step), "the workflow ends here"),)
            words = "this step can never run"
            yield Diagnostic("E402", unreachable, words, "never reached", "remove it, or put an `if` before", related)
            break
    for step in steps:
        match step:
            case Switch():
                for inner in [*(case.steps for case in step.cases), step.default or ()]:
                    yield from _lists(inner)
            case ForEach() | Block():
                yield from _lists(step.steps)
            case _:
                pass


def _ends(workflow: Workflow) -> Iterator[Diagnostic]:
    """Every way through the workflow returns its output."""
    if workflow.output is None or not any(one.required for one in workflow.output.fields):
        return
    if workflow.steps and not always_leaves(workflow.steps):
        names = one_of([f'"{one.name}"' for one in workflow.output.fields if one.required])
        words = "the workflow may end here without its output"
        hint = f"add `- return:` with {names}" if names.count('"') == 2 else "add `- return:` with the output's fields"
        yield Diagnostic("E404", _first_line(workflow.steps[-1]), words, "no return after this step", hint)
