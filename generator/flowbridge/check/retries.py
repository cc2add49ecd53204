"""Retries and undoing: bounds of a policy, activities that run twice, calls that could not be undone."""

from __future__ import annotations

from collections.abc import Iterator

from flowbridge.model.durations import show_duration
from flowbridge.model.structure import Holder, every_step, steps_with_holders
from flowbridge.model.workflow import Call, Compensate, Parallel, Repeat, Retry, Step, Workflow
from flowbridge.text.diagnostic import Diagnostic, Related
from flowbridge.text.source import Span

DAY = 86_400.0
LONGEST_DELAY = 6 * DAY
"""No timer of the Azure Storage engine is longer."""
LONGEST_RETRY = 365 * DAY
_AGAIN = "is tried again after a failure"


def check(workflow: Workflow) -> Iterator[Diagnostic]:
    """All rules on retries and on `compensate`."""
    for step, holders in steps_with_holders(workflow.all_steps):
        if isinstance(step, Call) and step.retry.max_attempts > 1:
            span = step.retry.span or step.activity_span
            yield from _bounds(step.retry, span)
            yield from _twice(workflow, step.activity, step.activity_span, _AGAIN)
        retry = step.common.retry
        if retry is not None and retry.max_attempts > 1 and not isinstance(step, Call):
            yield from _bounds(retry, retry.span or step.common.span)
            yield from _block(step, workflow)
        if step.common.compensate is not None:
            yield from _compensate(step.common.compensate, holders, workflow)
    for step in every_step((*workflow.on_failure, *workflow.finally_)):
        undo = step.common.compensate
        if undo is not None:
            words = "what is done after the end of the workflow is not undone any more"
            yield Diagnostic("E408", undo.span, words, "never called", "leave it out")


def _block(step: Step, workflow: Workflow) -> Iterator[Diagnostic]:
    """The calls of a block that is tried again as a whole."""
    for inner in every_step((step,)):
        if isinstance(inner, Call) and inner.retry.max_attempts <= 1:
            words = "runs again when its block is tried again"
            yield from _twice(workflow, inner.activity, inner.activity_span, words)


def _twice(workflow: Workflow, name: str, span: Span, why: str) -> Iterator[Diagnostic]:
    activity = workflow.activity(name)
    if activity is None or activity.idempotent:
        return
    words = f'"{name}" {why}, and is not marked idempotent'
    hint = "if running it twice does no harm, add `idempotent: true`"
    if why == _AGAIN:
        hint += "; else `retry: {max_attempts: 1}`"
    yield Diagnostic("W401", span, words, "may run twice", hint, (Related(activity.span, "declared here"),))


def _compensate(undo: Compensate, holders: tuple[Holder, ...], workflow: Workflow) -> Iterator[Diagnostic]:
    span = undo.activity_span or undo.span
    yield from _twice(workflow, undo.activity, span, "is tried ten times to undo a step")
    for holder in holders:
        if holder.role != "steps":
            continue
        outer, words = holder.step, ""
        if isinstance(outer, Parallel) and outer.wins is not None:
            words = "a branch that is not needed is stopped in the middle, and what it has done could not be undone"
        elif outer.common.timeout is not None and not isinstance(outer, Repeat):
            # A repeat looks at its time between two turns, and stops nothing.
            words = "a step with `timeout` is stopped in the middle, and what it has done could not be undone"
        if words:
            hint = "put `compensate` on the whole step, or what is to be undone before it"
            yield Diagnostic("E408", undo.span, words, "may not be called", hint)
            return


# ---- the policy itself


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
