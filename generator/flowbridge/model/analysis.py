"""One walk over a workflow that finds the scope in which each step stands and the type of its result.

The checks walk with a report and pass on what it is told; the plan walks without one and asks for scopes and results.
Facts are kept by a step's identity: two steps that say the same stand in two scopes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import assert_never

from flowbridge.model.assignability import MOST_PARTS, assignable, describe, is_too_large, optional, plain
from flowbridge.model.data import data_type, text_type
from flowbridge.model.inference import UNKNOWN, Scope, condition, infer
from flowbridge.model.missing import there
from flowbridge.model.sight import RUN, Known
from flowbridge.model.structure import always_leaves, leaves_if_run, steps_with_loops
from flowbridge.model.types import (
    ArrayType,
    EnumType,
    Field,
    IntegerType,
    ObjectType,
    StringType,
    Type,
    UnknownType,
)
from flowbridge.model.workflow import (
    Approval,
    Block,
    Call,
    ForEach,
    Raise,
    Return,
    Set,
    Status,
    Step,
    Switch,
    Workflow,
)
from flowbridge.text.diagnostic import Diagnostic, Report, ignore
from flowbridge.text.source import Span
from flowbridge.text.suggest import did_you_mean, one_of

APPROVAL = ObjectType(
    (
        Field("outcome", EnumType(("Approve", "Reject"))),
        Field("responder", StringType()),
        Field("comments", StringType(), required=False),
        Field("decidedAt", StringType("date-time")),
    )
)
"""What an approval gives."""


def fan_out_type(item: Type | None) -> ObjectType:
    """What a for_each gives, by the type of what each item gives; None where it has no `output`."""
    counts = tuple(Field(name, IntegerType()) for name in ("succeeded", "failed", "total"))
    return ObjectType(counts if item is None else (Field("results", ArrayType(item)), *counts))


@dataclass(frozen=True)
class Facts:
    """What the walk writes down, by the identity of the step."""

    before: dict[int, Scope] = field(default_factory=dict[int, Scope])
    inside: dict[int, Scope] = field(default_factory=dict[int, Scope])
    end: dict[int, Scope] = field(default_factory=dict[int, Scope])
    cases: dict[int, list[Scope]] = field(default_factory=dict[int, list[Scope]])
    results: dict[int, Type] = field(default_factory=dict[int, Type])


@dataclass(frozen=True)
class Analysis:
    """What the walk found, by step.

    `before` is the scope in which a step's `if` stands, `inside` the one of everything else in it, narrowed by that
    `if`. `result` is the type of the step's value where it has run, None where it has none. `end` is the scope after
    the inner steps of a `for_each`, in which its `output` stands; `cases` are the scopes of a switch's conditions.
    """

    workflow: Workflow
    facts: Facts

    def before(self, step: Step) -> Scope:
        """The scope of a step's `if`."""
        return self.facts.before[id(step)]

    def inside(self, step: Step) -> Scope:
        """The scope of a step's own fields; for the `on_rejected` of an approval, with its answer."""
        return self.facts.inside[id(step)]

    def end(self, step: ForEach) -> Scope:
        """The scope of a for_each's `output`."""
        return self.facts.end[id(step)]

    def cases(self, step: Switch) -> tuple[Scope, ...]:
        """The scope of each case's `when`, in order."""
        return tuple(self.facts.cases[id(step)])

    def result(self, step: Step) -> Type | None:
        """The type of a step's value where the step has run; None where it has none."""
        return self.facts.results.get(id(step))


def analyse(workflow: Workflow, report: Report = ignore) -> Analysis:
    """Walks a workflow once; everything that its expressions and data do wrong goes to `report`."""
    analysis = Analysis(workflow, Facts())
    known: dict[str, Known] = {}
    for step, loop in steps_with_loops(workflow.steps):
        if step.common.id is not None and step.common.id not in known:
            span = step.common.id_span or step.common.span
            known[step.common.id] = Known(span, loop, _has_result(step, workflow))
    types = {one.name: one for one in workflow.types if one.name is not None}
    scope = Scope({"input": workflow.input, "run": RUN}, types, known=known)
    _Walk(workflow, analysis.facts, report).steps(workflow.steps, scope)
    return analysis


def _has_result(step: Step, workflow: Workflow) -> bool:
    match step:
        case Call():
            activity = workflow.activity(step.activity)
            return activity is None or activity.output is not None
        case ForEach() | Approval() | Set():
            return True
        case _:
            return False


@dataclass(frozen=True)
class _Walk:
    """The walk; each function gives the scope after what it walked."""

    workflow: Workflow
    facts: Facts
    report: Report

    def steps(self, steps: Iterable[Step], scope: Scope) -> Scope:
        for step in steps:
            scope = self.step(step, scope)
        return scope

    def step(self, step: Step, before: Scope) -> Scope:
        self.facts.before[id(step)] = before
        guard = step.common.condition
        inside = before
        if guard is not None:
            condition(guard, before, self.report, '"if"')
            inside = before.narrowed(guard, True)
        self.facts.inside[id(step)] = inside
        if step.common.status is not None:
            text_type(step.common.status, inside, self.report)
        after = self._kind(step, inside)
        result = self.facts.results.get(id(step))
        if step.common.id is not None and result is not None:
            after = after.having(step.common.id, result)
        if guard is None:
            return after
        outside = _outside(before, after, guard.span)
        return outside.narrowed(guard, False) if leaves_if_run(step) else outside

    def _kind(self, step: Step, scope: Scope) -> Scope:
        match step:
            case Call():
                self._call(step, scope)
            case ForEach():
                self._for_each(step, scope)
            case Switch():
                return self._switch(step, scope)
            case Block():
                return self.steps(step.steps, scope)
            case Approval():
                self._approval(step, scope)
            case Set():
                self._results(step, data_type(step.value, scope, None, self.report, "the value"))
            case Status():
                text_type(step.message, scope, self.report)
            case Raise():
                if step.message is not None:
                    text_type(step.message, scope, self.report)
            case Return():
                self._return(step, scope)
            case _:
                assert_never(step)
        return scope

    def _results(self, step: Step, result: Type) -> None:
        if is_too_large(result):
            words = f"the result of this step has more than {MOST_PARTS:,} fields, or is nested too deeply"
            span = step.common.id_span or step.common.span
            self.report(Diagnostic("E123", span, words, "too large", "keep data in files, and pass their paths"))
            result = UNKNOWN
        self.facts.results[id(step)] = result

    # ---- kinds

    def _call(self, step: Call, scope: Scope) -> None:
        activity = self.workflow.activity(step.activity)
        if activity is None:
            names = [one.name for one in self.workflow.activities]
            hint = did_you_mean(step.activity, names) or "declare it under `activities`"
            words = f'the activity "{step.activity}" is not declared'
            self.report(Diagnostic("E207", step.activity_span, words, "no such activity", hint))
            if step.arguments is not None:
                data_type(step.arguments, scope, None, self.report)
            self._results(step, UNKNOWN)
            return
        if activity.output is not None:
            self._results(step, activity.output)
        what = f"the input of {activity.name}"
        if step.arguments is None:
            if activity.input is not None and _needs_input(activity.input):
                words = f"{activity.name} takes an input, and the call has no `with`"
                self.report(Diagnostic("E311", step.activity_span, words, "no input", _with_hint(activity.input)))
        elif activity.input is None:
            words = f"{activity.name} takes no input"
            self.report(
                Diagnostic("E311", step.arguments.span, words, "an input", "declare its `input`, or leave it out")
            )
            data_type(step.arguments, scope, None, self.report)
        else:
            data_type(step.arguments, scope, activity.input, self.report, what)

    def _for_each(self, step: ForEach, scope: Scope) -> None:
        items = there(step.items, infer(step.items, scope, self.report), scope, self.report)
        inner: Type = UNKNOWN
        if isinstance(items, ArrayType):
            inner = items.items
        elif not isinstance(items, UnknownType):
            words = f"for_each wants a list, not {describe(items)}"
            hint = _list_hint(items)
            self.report(Diagnostic("E306", step.items.span, words, f"this is {describe(items)}", hint))
        end = self.steps(step.steps, scope.having(step.variable, inner))
        self.facts.end[id(step)] = end
        given = None
        if step.output is not None:
            given = data_type(step.output, end, None, self.report, "the output")
        self._results(step, fan_out_type(given))

    def _switch(self, step: Switch, scope: Scope) -> Scope:
        scopes: list[Scope] = []
        self.facts.cases[id(step)] = scopes
        added = scope
        after = scope
        leading = True
        rest = scope
        for case in step.cases:
            scopes.append(rest)
            condition(case.when, rest, self.report, '"when"')
            end = self.steps(case.steps, rest.narrowed(case.when, True))
            added = _outside(added, end, case.when.span)
            leading = leading and always_leaves(case.steps)
            rest = rest.narrowed(case.when, False)
            after = rest if leading else after
        if step.default is not None:
            end = self.steps(step.default, rest)
            added = _outside(added, end, step.cases[-1].when.span if step.cases else step.common.span)
        return replace(added, sure=after.sure)

    def _approval(self, step: Approval, scope: Scope) -> None:
        text_type(step.heading, scope, self.report)
        if step.details is not None:
            text_type(step.details, scope, self.report)
        if step.approvers is not None:
            given = data_type(step.approvers, scope, None, self.report, "approvers")
            if not any(assignable(plain(given), one) for one in (StringType(), ArrayType(StringType()))):
                words = f"approvers wants a text or a list of texts, not {describe(given)}"
                self.report(Diagnostic("E301", step.approvers.span, words, f"this is {describe(given)}"))
        if step.on_timeout is not None:
            self.step(step.on_timeout, scope)
        if step.on_rejected is not None:
            answered = scope.having(step.common.id, APPROVAL) if step.common.id is not None else scope
            self.step(step.on_rejected, answered)
        self._results(step, APPROVAL)

    def _return(self, step: Return, scope: Scope) -> None:
        output = self.workflow.output
        if step.value is None:
            if output is not None and any(one.required for one in output.fields):
                names = one_of([f'"{one.name}"' for one in output.fields if one.required])
                words = "the workflow has an output, and this returns nothing"
                self.report(Diagnostic("E312", step.common.span, words, "no value", f"return {names}"))
        elif output is None:
            words = "the workflow has no output, and this returns one"
            self.report(Diagnostic("E312", step.value.span, words, "a value", "declare `output`, or return nothing"))
            data_type(step.value, scope, None, self.report)
        else:
            data_type(step.value, scope, output, self.report, "the output")


def _with_hint(given: Type) -> str:
    if not isinstance(given, ObjectType):
        return f"add `with:` and {describe(given)}"
    names = ", ".join(f"{one.name}: …" for one in given.fields if one.required)
    return f"add `with: {{{names}}}`"


def _needs_input(given: Type) -> bool:
    return not isinstance(given, ObjectType) or any(one.required for one in given.fields)


def _list_hint(items: Type) -> str | None:
    lists = (
        [one.name for one in items.fields if isinstance(one.type, ArrayType)] if isinstance(items, ObjectType) else []
    )
    return f"its {one_of([f'`{one}`' for one in lists])} is a list" if lists else None


def _outside(before: Scope, after: Scope, span: Span) -> Scope:
    """The scope before, with the names that were added under a condition, which may have no value."""
    scope = before
    for name, given in after.names.items():
        if name not in before.names:
            scope = scope.having(name, optional(given), after.skipped.get(name, span))
    return scope
