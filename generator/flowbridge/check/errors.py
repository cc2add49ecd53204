"""Errors: raised ones are declared, declared ones are raised, caught ones can come, retries name real ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flowbridge.model.raising import BUILT_IN, Raising
from flowbridge.model.structure import every_step
from flowbridge.model.workflow import Call, Raise, Retry, RunWorkflow, Step, Workflow
from flowbridge.text.diagnostic import Diagnostic
from flowbridge.text.source import Span
from flowbridge.text.suggest import did_you_mean, one_of


def check(workflow: Workflow, others: Mapping[str, Workflow] | None = None) -> Iterator[Diagnostic]:
    """All rules on errors, and activities that nothing calls."""
    rules = _Errors(workflow, Raising(workflow, others or {}))
    called: set[str] = set()
    raised: set[str] = set()
    for step in every_step(workflow.all_steps):
        if isinstance(step, Raise):
            raised.add(step.error)
            yield from rules.raised(step)
        elif isinstance(step, Call):
            called.add(step.activity)
            yield from rules.call_retry(step)
        elif isinstance(step, RunWorkflow):
            raised |= rules.raising.itself(step)
        if step.common.compensate is not None:
            called.add(step.common.compensate.activity)
        if step.common.retry is not None and not isinstance(step, Call):
            yield from rules.block_retry(step, step.common.retry)
        yield from rules.caught(step)
    yield from _declared(workflow, raised)
    for activity in workflow.activities:
        if activity.name not in called:
            words = f'the activity "{activity.name}" is declared, and no step calls it'
            yield Diagnostic("W202", activity.span, words, "never called", "call it, or leave it out")


def _declared(workflow: Workflow, raised: set[str]) -> Iterator[Diagnostic]:
    for name, span in zip(workflow.errors, workflow.error_spans, strict=True):
        if name in BUILT_IN:
            yield Diagnostic("E202", span, f'"{name}" is an error of the language', "taken", "leave it out")
        elif name not in raised and not any(name in one.errors for one in workflow.activities):
            words = f'the error "{name}" is declared, and no step raises it'
            yield Diagnostic("W201", span, words, "never raised", "raise it, or leave it out")


@dataclass(frozen=True)
class _Errors:
    workflow: Workflow
    raising: Raising

    def raised(self, step: Raise) -> Iterator[Diagnostic]:
        known = self.workflow.errors
        if step.error in known or step.error in BUILT_IN:
            return
        hint = did_you_mean(step.error, known) or f"declare it: `errors: [{step.error}]`"
        words = f'the error "{step.error}" is not declared'
        yield Diagnostic("E212", step.error_span, words, "not under `errors`", hint)

    def call_retry(self, step: Call) -> Iterator[Diagnostic]:
        activity = self.workflow.activity(step.activity)
        if activity is None:
            return
        known = (*activity.errors, *_OF_CALLS)
        for key, name in _named(step.retry):
            if name not in known:
                listed = f"it declares {one_of(activity.errors)}" if activity.errors else "it declares no errors"
                hint = did_you_mean(name, known) or f"{listed}; add it to the activity's `errors`"
                words = f'{key} names "{name}", which {activity.name} does not raise'
                yield Diagnostic("E212", step.retry.span or step.activity_span, words, "not one of its errors", hint)

    def block_retry(self, step: Step, retry: Retry) -> Iterator[Diagnostic]:
        known = self.raising.within(step)
        for key, name in _named(retry):
            if name not in known:
                hint = did_you_mean(name, known) or f"they raise {one_of(sorted(known))}"
                words = f'{key} names "{name}", which none of the steps raises'
                yield Diagnostic("E212", retry.span or step.common.span, words, "not one of their errors", hint)

    def caught(self, step: Step) -> Iterator[Diagnostic]:
        """Names of a catch that are no errors at all, and errors that nothing inside of it raises."""
        if not any(one.on for one in step.common.catches):
            return
        possible = self.raising.within(step)
        for catch in step.common.catches:
            for code, span in zip(catch.on, catch.on_spans, strict=True):
                if code not in possible:
                    yield self._not_caught(code, span, possible)

    def _not_caught(self, code: str, span: Span, possible: frozenset[str]) -> Diagnostic:
        known = self.raising.known()
        near = did_you_mean(code, possible) or did_you_mean(code, known)
        if code not in known:
            words = f'"{code}" is no error that is declared'
            return Diagnostic(
                "E212", span, words, "no such error", near or f"inside are raised {one_of(sorted(possible))}"
            )
        words = f'nothing in this step raises "{code}"'
        hint = did_you_mean(code, possible) or f"inside are raised {one_of(sorted(possible))}"
        return Diagnostic("W204", span, words, "never caught", hint)


_OF_CALLS = ("ActivityFailed", "InvalidResult")


def _named(retry: Retry) -> Iterator[tuple[str, str]]:
    yield from (("only_on", name) for name in retry.only_on)
    yield from (("never_on", name) for name in retry.never_on)
