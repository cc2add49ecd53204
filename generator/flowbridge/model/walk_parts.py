"""The parts of the walk that look at a step's own fields and at no other step: calls, waits, approvals, errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flowbridge.model.assignability import assignable, describe, plain
from flowbridge.model.data import data_type, text_type
from flowbridge.model.expression import Constant
from flowbridge.model.facts import Facts
from flowbridge.model.inference import Scope, condition, infer
from flowbridge.model.literals import in_format
from flowbridge.model.missing import there
from flowbridge.model.results import approval_type, events_type
from flowbridge.model.types import ArrayType, ObjectType, StringType, Type, UnknownType
from flowbridge.model.workflow import Activity, Approval, Data, Raise, RunWorkflow, Wait, WaitFor, Workflow
from flowbridge.text.diagnostic import Diagnostic, Report
from flowbridge.text.source import Span
from flowbridge.text.suggest import did_you_mean, one_of


@dataclass(frozen=True)
class WalkParts:
    """What the walk knows; `others` are the workflows of the app by name, `runs` tells whether a step starts one."""

    workflow: Workflow
    others: Mapping[str, Workflow]
    facts: Facts
    report: Report
    runs: bool

    # ---- what is called

    def call(self, name: str, span: Span, arguments: Data | None, scope: Scope) -> Activity | None:
        """Checks a call of an activity, which is given; None where it is not declared."""
        activity = self.workflow.activity(name)
        if activity is None:
            hint = did_you_mean(name, [one.name for one in self.workflow.activities]) or "declare it under `activities`"
            if name in self.others:
                hint = f"{name} is a workflow: write `run: {name}`"
            self.report(Diagnostic("E207", span, f'the activity "{name}" is not declared', "no such activity", hint))
            if arguments is not None:
                data_type(arguments, scope, None, self.report)
            return None
        self._input(name, activity.input, span, arguments, scope)
        return activity

    def run(self, step: RunWorkflow, scope: Scope) -> Workflow | None:
        """Checks the start of another workflow, which is given; None where the app has none of that name."""
        other = self.others.get(step.workflow)
        if other is not None:
            wanted = other.input if other.input.fields else None
            self._input(step.workflow, wanted, step.workflow_span, step.arguments, scope)
            return other
        names = [one for one in self.others if one != self.workflow.name]
        hint = did_you_mean(step.workflow, names) or (f"the app has {one_of(names)}" if names else None)
        if hint is None:
            hint = "put its file beside this one, and build the folder"
        if self.workflow.activity(step.workflow) is not None:
            hint = f"{step.workflow} is an activity: write `call: {step.workflow}`"
        words = f'the app has no workflow "{step.workflow}"'
        self.report(Diagnostic("E215", step.workflow_span, words, "no such workflow", hint))
        if step.arguments is not None:
            data_type(step.arguments, scope, None, self.report)
        return None

    def _input(self, name: str, wanted: Type | None, span: Span, given: Data | None, scope: Scope) -> None:
        """Checks what is passed to something that takes `wanted`."""
        if given is None:
            if wanted is not None and _needs_input(wanted):
                words = f"{name} takes an input, and this step has no `with`"
                self.report(Diagnostic("E311", span, words, "no input", _with_hint(wanted)))
        elif wanted is None:
            hint = "declare its `input`, or leave it out"
            self.report(Diagnostic("E311", given.span, f"{name} takes no input", "an input", hint))
            data_type(given, scope, None, self.report)
        else:
            data_type(given, scope, wanted, self.report, f"the input of {name}")

    # ---- what is raised

    def raises(self, step: Raise, scope: Scope) -> None:
        """Checks an error's message and its fields."""
        if step.message is not None:
            text_type(step.message, scope, self.report)
        wanted = self.workflow.error_type(step.error)
        if step.arguments is None and wanted is None:
            return
        if step.error in self.workflow.errors or step.arguments is None:
            self._input(step.error, wanted, step.error_span, step.arguments, scope)
        else:
            data_type(step.arguments, scope, None, self.report)

    # ---- what is waited for

    def wait(self, step: Wait, scope: Scope) -> None:
        """Checks the time until which a step waits."""
        if step.until is None:
            return
        given = there(step.until, infer(step.until, scope, self.report), scope, self.report)
        if not isinstance(plain(given), StringType | UnknownType):
            words = f"until wants a time, not {describe(given)}"
            hint = 'write add_duration(run.startedAt, "1d"), or a field of the type date-time'
            self.report(Diagnostic("E301", step.until.span, words, f"this is {describe(given)}", hint))
        elif isinstance(step.until, Constant) and isinstance(step.until.value, str):
            text = step.until.value
            if not (in_format(text, "date") or in_format(text, "date-time")):
                words, hint = f'"{text}" is neither a date nor a time', "write 2026-01-31T08:00:00Z"
                self.report(Diagnostic("E313", step.until.span, words, "not a time", hint))

    def wait_for(self, step: WaitFor, scope: Scope) -> Type | None:
        """Checks `match`, and gives the type of what the events bring."""
        payload = step.events[0].payload if step.mode == "one" and step.events else None
        matching = scope.having("payload", payload or ObjectType(()))
        self.facts.matching[id(step)] = matching
        if step.match is not None:
            condition(step.match, matching, self.report, '"match"')
        return events_type(step)

    def approval(self, step: Approval, scope: Scope) -> tuple[Type, Type]:
        """Checks what is asked and whom; gives what the approval gives, and what it gives where it is refused."""
        text_type(step.heading, scope, self.report)
        if step.details is not None:
            text_type(step.details, scope, self.report)
        if step.approvers is not None:
            self._people(step.approvers, "approvers", scope)
        if step.escalation is not None:
            self._people(step.escalation.to, "to", scope)
        return approval_type(step), approval_type(step, approved=False)

    def _people(self, data: Data, what: str, scope: Scope) -> None:
        given = data_type(data, scope, None, self.report, what)
        if not any(assignable(plain(given), one) for one in (StringType(), ArrayType(StringType()))):
            words = f"{what} wants a text or a list of texts, not {describe(given)}"
            self.report(Diagnostic("E301", data.span, words, f"this is {describe(given)}"))


def _with_hint(given: Type) -> str:
    if not isinstance(given, ObjectType):
        return f"add `with:` and {describe(given)}"
    names = ", ".join(f"{one.name}: …" for one in given.fields if one.required)
    return f"add `with: {{{names}}}`"


def _needs_input(given: Type) -> bool:
    return not isinstance(given, ObjectType) or any(one.required for one in given.fields)
