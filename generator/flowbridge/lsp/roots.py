"""Every expression of a workflow, with the scope and the variables among which it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

from flowbridge.model.analysis import Analysis
from flowbridge.model.expression import Expression
from flowbridge.model.inference import Scope
from flowbridge.model.workflow import (
    Approval,
    Block,
    Call,
    Computed,
    Data,
    ForEach,
    Parallel,
    Raise,
    Repeat,
    Return,
    RunWorkflow,
    Scalar,
    Sequence,
    Set,
    Status,
    Step,
    Switch,
    Template,
    Wait,
    WaitFor,
)
from flowbridge.model.yaml_data import Mapping as DataMapping
from flowbridge.text.source import Span


@dataclass(frozen=True)
class Variable:
    """A name that holds within a part of the workflow: of a loop's item, of a caught error, of a comprehension."""

    kind: str
    name: str
    span: Span


Variables = Mapping[str, Variable]


@dataclass(frozen=True)
class Root:
    """One whole expression and where it stands."""

    expression: Expression
    scope: Scope
    variables: Variables


def roots(analysis: Analysis) -> Iterator[Root]:
    """All expressions in no order; those of a step whose scope is not known are left out."""
    workflow = analysis.workflow
    if workflow.schedule is not None and workflow.schedule.arguments is not None:
        yield from _of(workflow.schedule.arguments, analysis.schedule(), {})
    yield from _steps(workflow.all_steps, analysis, {})


def _steps(steps: Iterable[Step], analysis: Analysis, variables: Variables) -> Iterator[Root]:
    for step in steps:
        if id(step) in analysis.facts.inside:
            yield from _common(step, analysis, variables)
            yield from _kind(step, analysis, variables)


def _common(step: Step, analysis: Analysis, variables: Variables) -> Iterator[Root]:
    common = step.common
    if common.condition is not None:
        yield Root(common.condition, analysis.before(step), variables)
    yield from _of(common.status, analysis.inside(step), variables)
    if common.compensate is not None and id(step) in analysis.facts.undoing:
        yield from _of(common.compensate.arguments, analysis.undoing(step), variables)
    for one in common.catches:
        inner = variables
        if one.variable is not None and one.variable_span is not None:
            inner = {**variables, one.variable: Variable("catch", one.variable, one.variable_span)}
        yield from _steps(one.steps, analysis, inner)
    yield from _steps(common.finally_, analysis, variables)


def _kind(step: Step, analysis: Analysis, variables: Variables) -> Iterator[Root]:
    scope = analysis.inside(step)
    match step:
        case Call() | RunWorkflow():
            yield from _of(step.arguments, scope, variables)
        case ForEach():
            yield Root(step.items, scope, variables)
            inner = {**variables, step.variable: Variable("for_each", step.variable, step.variable_span)}
            yield from _steps(step.steps, analysis, inner)
            yield from _of(step.output, analysis.end(step), inner)
        case Parallel():
            for branch, end in zip(step.branches, analysis.branch_ends(step), strict=False):
                yield from _steps(branch.steps, analysis, variables)
                yield from _of(branch.output, end, variables)
        case Switch():
            for case, before in zip(step.cases, analysis.cases(step), strict=False):
                yield Root(case.when, before, variables)
                yield from _steps(case.steps, analysis, variables)
            yield from _steps(step.default or (), analysis, variables)
        case Block():
            yield from _steps(step.steps, analysis, variables)
        case Repeat():
            yield from _steps(step.steps, analysis, variables)
            yield Root(step.until, analysis.end(step), variables)
            yield from _of(step.output, analysis.end(step), variables)
        case Approval():
            escalated = step.escalation.to if step.escalation is not None else None
            for data in (step.heading, step.details, step.approvers, escalated):
                yield from _of(data, scope, variables)
            yield from _steps([one for one in (step.on_timeout, step.on_rejected) if one], analysis, variables)
        case _:
            yield from _plain_kind(step, analysis, scope, variables)


def _plain_kind(
    step: Wait | WaitFor | Set | Status | Raise | Return, analysis: Analysis, scope: Scope, variables: Variables
) -> Iterator[Root]:
    match step:
        case Wait():
            if step.until is not None:
                yield Root(step.until, scope, variables)
        case WaitFor():
            if step.match is not None:
                yield Root(step.match, analysis.facts.matching.get(id(step), scope), variables)
            yield from _steps([step.on_timeout] if step.on_timeout is not None else [], analysis, variables)
        case Set() | Return():
            yield from _of(step.value, scope, variables)
        case Status():
            yield from _of(step.message, scope, variables)
        case Raise():
            yield from _of(step.message, scope, variables)
            yield from _of(step.arguments, scope, variables)
        case _:
            assert_never(step)


def _of(data: Data | None, scope: Scope, variables: Variables) -> Iterator[Root]:
    match data:
        case None | Scalar():
            return
        case Computed():
            yield Root(data.expression, scope, variables)
        case Template():
            for part in data.parts:
                if not isinstance(part, str):
                    yield Root(part, scope, variables)
        case DataMapping():
            for _, one in data.fields:
                yield from _of(one, scope, variables)
        case Sequence():
            for one in data.items:
                yield from _of(one, scope, variables)
        case _:
            assert_never(data)
