"""From workflows to the plan: total, without errors, because the checks have passed.

Each step becomes one statement, with the scope in which it stands; what a step may carry (`if`, `catch`, `timeout` …)
becomes statements around it; steps that run as children become functions of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flowbridge.model.activities import ActivitySources
from flowbridge.model.analysis import analyse
from flowbridge.model.app import AppSettings
from flowbridge.model.types import Field, ObjectType
from flowbridge.model.workflow import Activity, Workflow
from flowbridge.plan.identifiers import SUPPORT, Allotment, constant, pascal
from flowbridge.plan.models import Models
from flowbridge.plan.names_read import in_data, in_steps
from flowbridge.plan.naming import Naming
from flowbridge.plan.nodes import ActivityFunction
from flowbridge.plan.plan import AppPlan, SchedulePlan, WorkflowPlan
from flowbridge.plan.steps import StepLowering


def lower(
    workflows: Sequence[tuple[Workflow, str]], activities: ActivitySources, settings: AppSettings | None = None
) -> AppPlan:
    """The plan of an app; each workflow comes with how code names its file.

    Without settings the app is named after its first workflow.
    """
    # The engine ignores the case of function names, and an app has one function of a name.
    functions = Allotment([*SUPPORT, *(workflow.name for workflow, _ in workflows)])
    others = {workflow.name: workflow for workflow, _ in workflows}
    plans = tuple(_plan(workflow, path, activities, functions, others) for workflow, path in workflows)
    first = workflows[0][0]
    shown = settings or AppSettings(first.name, first.title, first.description, version=first.version)
    return AppPlan(shown, plans, activities.files)


def _plan(
    flow: Workflow, path: str, sources: ActivitySources, functions: Allotment, others: Mapping[str, Workflow]
) -> WorkflowPlan:
    every = (*flow.steps, *flow.on_failure, *flow.finally_)
    read = frozenset([*in_steps(every), *(in_data(flow.schedule.arguments) if flow.schedule else ())])
    naming = Naming(flow, path, analyse(flow, others=others), functions, Models(flow.types), read, others=others)
    name = pascal(flow.name)
    given = naming.models.own(flow.input, f"{name}Input", f"What {flow.name} is started with.")
    output = flow.output and naming.models.own(flow.output, f"{name}Output", f"What {flow.name} gives.")
    config = flow.config and naming.models.own(flow.config, f"{name}Config", f"The settings of {flow.name}.")
    for one in flow.types:
        naming.models.model(one, one.name or "", f"The type {one.name}.")
    naming.activities.update({one.name: _activity(one, naming, sources) for one in flow.activities})
    steps = StepLowering(naming)
    body = steps.body(flow.steps)
    on_failure, cleanup = steps.body(flow.on_failure), steps.body(flow.finally_)
    return WorkflowPlan(
        name=flow.name,
        version=flow.version,
        title=flow.title,
        description=flow.description,
        orchestrator=flow.name,
        steps_function=f"_{flow.name}",
        place=naming.place(flow.span),
        names=tuple(naming.names.items()),
        input=given,
        output=output,
        models=tuple(naming.models.found),
        activities=tuple(naming.activities.values()),
        children=tuple(naming.children),
        approvals=tuple(steps.approvals),
        events=tuple(naming.events),
        config=config,
        schedule=_schedule(naming),
        timeout=flow.timeout,
        body=body,
        on_failure=on_failure,
        cleanup=cleanup,
    )


def _schedule(naming: Naming) -> SchedulePlan | None:
    given = naming.workflow.schedule
    if given is None:
        return None
    # The platform counts seconds first; a schedule of five fields starts with the minute.
    cron = given.cron if len(given.cron.split()) == 6 else f"0 {given.cron}"
    return SchedulePlan(cron, given.arguments, naming.analysis.schedule(), naming.place(given.span))


def _activity(one: Activity, naming: Naming, sources: ActivitySources) -> ActivityFunction:
    name = pascal(one.name)
    told = f"What {one.name} is called with."
    wrapped = one.input is not None and not isinstance(one.input, ObjectType)
    kind = one.input if isinstance(one.input, ObjectType) else ObjectType(())
    if wrapped and one.input is not None:
        kind = ObjectType((Field("value", one.input),))
    payload = naming.models.own(kind, f"{name}Input", told)
    if one.output is not None:
        naming.models.take(one.output, f"{name}Output", f"What {one.name} gives.")
    where = sources.functions[one.name][0]
    return ActivityFunction(
        function=naming.functions.either(one.name, f"{naming.workflow.name}_{one.name}"),
        constant=constant(one.name),
        module=where.module,
        implementation=one.name,
        is_async=where.is_async,
        payload=payload,
        parameter=where.first_parameter if wrapped else None,
        output=one.output,
        errors=one.errors,
        description=one.description or one.title or f"Runs {one.name}.",
        place=naming.place(one.span),
    )
