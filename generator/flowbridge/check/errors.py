"""Errors: raised ones are declared, declared ones are raised, and retries name errors that their activity has."""

from __future__ import annotations

from collections.abc import Iterator

from flowbridge.model.structure import every_step
from flowbridge.model.workflow import Call, Raise, Workflow
from flowbridge.text.diagnostic import Diagnostic
from flowbridge.text.suggest import did_you_mean, one_of

BUILT_IN = ("ApprovalTimedOut", "ApprovalRejected")
"""What the language raises by itself; a workflow need not declare them, and cannot."""


def check(workflow: Workflow) -> Iterator[Diagnostic]:
    """All rules on errors, and activities that nothing calls."""
    raised: set[str] = set()
    called: set[str] = set()
    for step in every_step(workflow.all_steps):
        if isinstance(step, Raise):
            raised.add(step.error)
            yield from _raise(step, workflow)
        elif isinstance(step, Call):
            called.add(step.activity)
            yield from _retry(step, workflow)
    for name, span in zip(workflow.errors, workflow.error_spans, strict=True):
        if name in BUILT_IN:
            yield Diagnostic("E202", span, f'"{name}" is an error of the language', "taken", "leave it out")
        elif name not in raised and not any(name in one.errors for one in workflow.activities):
            words = f'the error "{name}" is declared, and no step raises it'
            yield Diagnostic("W201", span, words, "never raised", "raise it, or leave it out")
    for activity in workflow.activities:
        if activity.name not in called:
            words = f'the activity "{activity.name}" is declared, and no step calls it'
            yield Diagnostic("W202", activity.span, words, "never called", "call it, or leave it out")


def _raise(step: Raise, workflow: Workflow) -> Iterator[Diagnostic]:
    if step.error in workflow.errors or step.error in BUILT_IN:
        return
    hint = did_you_mean(step.error, workflow.errors) or f"declare it: `errors: [{step.error}]`"
    yield Diagnostic("E212", step.error_span, f'the error "{step.error}" is not declared', "not under `errors`", hint)


def _retry(step: Call, workflow: Workflow) -> Iterator[Diagnostic]:
    activity = workflow.activity(step.activity)
    if activity is None:
        return
    for key, names in (("only_on", step.retry.only_on), ("never_on", step.retry.never_on)):
        for name in names:
            if name not in activity.errors:
                known = f"it declares {one_of(activity.errors)}" if activity.errors else "it declares no errors"
                hint = did_you_mean(name, activity.errors) or f"{known}; add it to the activity's `errors`"
                words = f'{key} names "{name}", which {activity.name} does not raise'
                yield Diagnostic("E212", step.retry.span or step.activity_span, words, "not one of its errors", hint)
