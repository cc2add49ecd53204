"""One walk over a workflow that finds the scope in which each step stands and the type of its result.

The checks walk with a report and pass on what it is told; the plan walks without one and asks for scopes and results.
"""

from __future__ import annotations

from collections.abc import Mapping

from flowbridge.model.data import data_type
from flowbridge.model.facts import Analysis, Facts
from flowbridge.model.inference import Scope
from flowbridge.model.results import ERROR
from flowbridge.model.sight import RUN, Hider, Known
from flowbridge.model.structure import Holder, every_step, steps_with_holders
from flowbridge.model.walk import Walk
from flowbridge.model.workflow import (
    Approval,
    Call,
    ForEach,
    Parallel,
    Repeat,
    RunWorkflow,
    Set,
    Step,
    WaitFor,
    Workflow,
)
from flowbridge.text.diagnostic import Diagnostic, Report, ignore

__all__ = ["Analysis", "analyse"]

_PARTS = (Hider("steps", "steps", "steps"), Hider("on_failure", "on_failure", "on_failure"), Hider("finally", "", ""))


def analyse(workflow: Workflow, report: Report = ignore, others: Mapping[str, Workflow] | None = None) -> Analysis:
    """Walks a workflow once; everything that its expressions and data do wrong goes to `report`.

    `others` are the workflows of the same app by name, which `run` may start.
    """
    analysis = Analysis(workflow, Facts())
    known_workflows = {**(others or {}), workflow.name: workflow}
    scope = _outermost(workflow, known_workflows)
    runs = any(isinstance(one, RunWorkflow) for one in every_step(workflow.all_steps))
    walk = Walk(workflow, known_workflows, analysis.facts, report, runs)
    walk.steps(workflow.steps, scope.entering(_PARTS[0].key))
    walk.steps(workflow.on_failure, scope.having("error", ERROR).entering(_PARTS[1].key))
    walk.steps(workflow.finally_, scope.entering(_PARTS[2].key))
    _schedule(analysis, report)
    return analysis


def _outermost(workflow: Workflow, others: Mapping[str, Workflow]) -> Scope:
    """What every step sees."""
    known: dict[str, Known] = {}
    for part, steps in zip(_PARTS, (workflow.steps, workflow.on_failure, workflow.finally_), strict=True):
        for step, holders in steps_with_holders(steps):
            name = step.common.id
            if name is not None and name not in known:
                span = step.common.id_span or step.common.span
                known[name] = Known(span, _hider(holders, part), _has_result(step, workflow, others))
    types = {one.name: one for one in workflow.types if one.name is not None}
    scope = Scope({"input": workflow.input, "run": RUN}, types, known=known)
    return scope.having("config", workflow.config) if workflow.config is not None else scope


def _hider(holders: tuple[Holder, ...], part: Hider) -> Hider:
    """What hides a step's name: the innermost of the steps around it that do."""
    found = (one for holder in reversed(holders) if (one := _hider_of(holder)) is not None)
    return next(found, part)


def _hider_of(holder: Holder) -> Hider | None:
    """The hider that a holder is; None where names are seen outside of it."""
    step = holder.step
    name = step.common.id or "it"
    match holder.role, step:
        case "finally", _:
            return Hider("finally", name, (id(step), "finally"))
        case "steps", ForEach():
            return Hider("for_each", step.common.id or step.variable, id(step))
        case "steps", Repeat():
            return Hider("repeat", name, id(step))
        case "steps", Parallel():
            return Hider("parallel", name, (id(step), holder.branch), holder.branch)
        case _:
            return None


def _has_result(step: Step, workflow: Workflow, others: Mapping[str, Workflow]) -> bool:
    match step:
        case Call():
            activity = workflow.activity(step.activity)
            return activity is None or activity.output is not None
        case RunWorkflow():
            other = others.get(step.workflow)
            return other is None or other.output is not None
        case ForEach() | Approval() | Set():
            return True
        case Parallel():
            return any(one.output is not None for one in step.branches)
        case Repeat():
            return step.output is not None
        case WaitFor():
            return step.mode != "one" or any(one.payload is not None for one in step.events)
        case _:
            return False


def _schedule(analysis: Analysis, report: Report) -> None:
    schedule, given = analysis.workflow.schedule, analysis.workflow.input
    if schedule is None:
        return
    if schedule.arguments is not None:
        data_type(schedule.arguments, analysis.schedule(), given, report, "the input of the schedule")
    elif any(one.required for one in given.fields):
        names = ", ".join(f"{one.name}: …" for one in given.fields if one.required)
        words, hint = "the workflow takes an input, and its schedule gives none", f"add `input: {{{names}}}`"
        report(Diagnostic("E311", schedule.span, words, "no input", hint))
