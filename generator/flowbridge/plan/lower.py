"""From the workflow to the plan: total, without errors, because the checks have passed.

Each step becomes one statement, with the scope in which it stands; an `if` becomes a branch around it; each `for_each`
becomes a lane function of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import assert_never

from flowbridge.model.activities import ActivitySources
from flowbridge.model.analysis import Analysis, analyse
from flowbridge.model.data import data_type
from flowbridge.model.inference import Scope, infer
from flowbridge.model.types import ArrayType, Field, ObjectType, OptionalType, Type, UnknownType
from flowbridge.model.workflow import (
    Activity,
    Approval,
    Block,
    Call,
    Common,
    ForEach,
    Raise,
    Return,
    Scalar,
    Set,
    Status,
    Step,
    Switch,
    Workflow,
)
from flowbridge.plan.identifiers import RESERVED, SUPPORT, Allotment, constant, pascal
from flowbridge.plan.models import Models
from flowbridge.plan.names_read import in_data, in_steps
from flowbridge.plan.plan import (
    ActivityFunction,
    AppPlan,
    ApprovalPlan,
    Arm,
    Assign,
    AwaitApproval,
    Branch,
    CallActivity,
    Captured,
    Declare,
    Fail,
    Finish,
    Header,
    LaneFunction,
    Place,
    RunLanes,
    ShowStatus,
    Statement,
    WorkflowPlan,
)
from flowbridge.text.diagnostic import ignore
from flowbridge.text.source import Span


def lower(workflows: Sequence[tuple[Workflow, str]], activities: ActivitySources) -> AppPlan:
    """The plan of an app; each workflow comes with how code names its file, and the first names the app."""
    # The engine ignores the case of function names, and an app has one function of a name.
    functions = Allotment([*SUPPORT, *(workflow.name for workflow, _ in workflows)])
    plans = tuple(_Lowering(workflow, path, activities, functions).plan() for workflow, path in workflows)
    first = workflows[0][0]
    return AppPlan(first.name, first.title, first.description, first.version, plans, activities.files)


class _Lowering:
    def __init__(self, workflow: Workflow, path: str, sources: ActivitySources, functions: Allotment) -> None:
        self._workflow = workflow
        self._analysis: Analysis = analyse(workflow)
        self._path = path
        self._sources = sources
        self._models = Models(workflow.types)
        self._functions = functions
        self._locals = Allotment(RESERVED)
        self._names = {"input": "input_"}
        self._lanes: list[LaneFunction] = []
        self._approvals: list[ApprovalPlan] = []
        self._read = {*in_steps(workflow.steps)}
        self._conditionals: set[str] = set()

    def plan(self) -> WorkflowPlan:
        flow = self._workflow
        name = pascal(flow.name)
        given = self._models.own(flow.input, f"{name}Input", f"What {flow.name} is started with.")
        output = flow.output and self._models.own(flow.output, f"{name}Output", f"What {flow.name} gives.")
        for one in flow.types:
            self._models.model(one, one.name or "", f"The type {one.name}.")
        self._activities = {one.name: self._activity(one) for one in flow.activities}
        body = self._steps(flow.steps)
        return WorkflowPlan(
            name=flow.name,
            version=flow.version,
            title=flow.title,
            description=flow.description,
            orchestrator=flow.name,
            steps_function=f"_{flow.name}",
            place=self._place(flow.span),
            names=tuple(self._names.items()),
            input=given,
            output=output,
            models=tuple(self._models.found),
            activities=tuple(self._activities.values()),
            lanes=tuple(self._lanes),
            approvals=tuple(self._approvals),
            body=body,
        )

    def _place(self, span: Span) -> Place:
        return Place(self._path, span.line)

    def _activity(self, one: Activity) -> ActivityFunction:
        name = pascal(one.name)
        told = f"What {one.name} is called with."
        wrapped = not isinstance(one.input, ObjectType) and one.input is not None
        kind = one.input if isinstance(one.input, ObjectType) else ObjectType(())
        if wrapped and one.input is not None:
            kind = ObjectType((Field("value", one.input),))
        payload = self._models.own(kind, f"{name}Input", told)
        if one.output is not None:
            self._models.take(one.output, f"{name}Output", f"What {one.name} gives.")
        where = self._sources.functions[one.name][0]
        return ActivityFunction(
            function=self._functions.either(one.name, f"{self._workflow.name}_{one.name}"),
            constant=constant(one.name),
            module=where.module,
            implementation=one.name,
            is_async=where.is_async,
            payload=payload,
            parameter=where.first_parameter if wrapped else None,
            output=one.output,
            errors=one.errors,
            description=one.description or one.title or f"Runs {one.name}.",
            place=self._place(one.span),
        )

    # ---- steps

    def _steps(self, steps: tuple[Step, ...]) -> tuple[Statement, ...]:
        return tuple(statement for step in steps for statement in self._conditional(step))

    def _conditional(self, step: Step) -> Iterator[Statement]:
        condition = step.common.condition
        if condition is None:
            yield from self._step(step)
            return
        yield from self._declared((step,))
        header = self._header(step.common, self._analysis.before(step))
        yield Branch((Arm(header, condition, tuple(self._step(step))),), ())

    def _declared(self, steps: tuple[Step, ...]) -> Iterator[Statement]:
        """What steps name inside a branch, as values that are missing where the branch is not taken."""
        for step in steps:
            name, result = step.common.id, self._analysis.result(step)
            if name is not None and name in self._read and result is not None and name not in self._conditionals:
                self._conditionals.add(name)
                wider = result if isinstance(result, OptionalType) else OptionalType(result)
                self._models.take(wider, f"{pascal(name)}Value", f"The value of {name}.")
                yield Declare(self._named(name), wider)
            if isinstance(step, Block):
                yield from self._declared(step.steps)
            elif isinstance(step, Switch):
                yield from self._declared(tuple(one for case in step.cases for one in case.steps))
                yield from self._declared(step.default or ())

    def _step(self, step: Step) -> Iterator[Statement]:
        match step:
            case Call():
                activity = self._activities[step.activity]
                variable = self._variable(step) if activity.output is not None else None
                yield CallActivity(self._inside(step), variable, activity, step.arguments, step.retry)
            case ForEach():
                yield self._for_each(step)
            case Switch():
                yield from self._switch(step)
            case Block():
                yield from self._steps(step.steps)
            case Approval():
                yield self._approval(step)
            case Set():
                variable = self._variable(step)
                if variable is not None:
                    kind = self._analysis.result(step) or UnknownType()
                    self._models.take(kind, f"{pascal(step.common.id or '')}Value", f"The value of {step.common.id}.")
                    declared = step.common.id in self._conditionals
                    yield Assign(self._inside(step), variable, kind, step.value, declared)
            case Status():
                yield ShowStatus(self._inside(step), step.message)
            case Raise() | Return():
                yield self._leave(step)
            case _:
                assert_never(step)

    def _header(self, common: Common, scope: Scope) -> Header:
        return Header(self._place(common.span), common.id or "", common.title, common.status, scope)

    def _inside(self, step: Step) -> Header:
        return self._header(step.common, self._analysis.inside(step))

    def _variable(self, step: Step) -> str | None:
        """The variable of a step's result, if anything reads it."""
        name = step.common.id
        return self._named(name) if name is not None and name in self._read else None

    def _named(self, name: str) -> str:
        if name not in self._names:
            self._names[name] = self._locals.give(name)
        return self._names[name]

    def _switch(self, step: Switch) -> Iterator[Statement]:
        yield from self._declared(tuple(one for case in step.cases for one in case.steps))
        yield from self._declared(step.default or ())
        arms: list[Arm] = []
        for case, scope in zip(step.cases, self._analysis.cases(step), strict=True):
            header = Header(self._place(case.span), "", step.common.title, None, scope)
            arms.append(Arm(header, case.when, self._steps(case.steps)))
        yield Branch(tuple(arms), self._steps(step.default or ()))

    def _approval(self, step: Approval) -> AwaitApproval:
        name = step.common.id or ""
        header = self._inside(step)
        shown = step.common.title or (step.heading.value if isinstance(step.heading, Scalar) else None) or name
        self._approvals.append(ApprovalPlan(name, str(shown), header.place))
        return AwaitApproval(
            header=header,
            variable=self._named(name),
            heading=step.heading,
            details=step.details,
            approvers=step.approvers,
            timeout=step.timeout,
            on_timeout=self._handled(step.on_timeout, header, "ApprovalTimedOut", "nobody decided in time"),
            on_rejected=self._handled(step.on_rejected, header, "ApprovalRejected", "the approval was refused"),
        )

    def _handled(self, given: Raise | Return | None, header: Header, error: str, message: str) -> Fail | Finish:
        """What an author says is to happen, or the error that is raised where nothing is said."""
        if given is not None:
            leave = self._leave(given)
            return replace(leave, header=replace(leave.header, step=header.step))
        return Fail(header, error, Scalar(message, self._workflow.span))

    def _leave(self, step: Raise | Return) -> Fail | Finish:
        header = self._inside(step)
        if isinstance(step, Raise):
            return Fail(header, step.error, step.message)
        return Finish(header, step.value, self._workflow.output)

    # ---- fan-outs

    def _for_each(self, step: ForEach) -> RunLanes:
        header = self._inside(step)
        name = step.common.id or f"line{header.place.line}"
        items = infer(step.items, header.scope, ignore)
        read = {*in_steps(step.steps), *in_data(step.output)} - {"run"}
        captured = tuple(
            Captured(one, self._named(one), header.scope.names[one]) for one in sorted(read & header.scope.names.keys())
        )
        lane = LaneFunction(
            function=self._functions.give(f"{self._workflow.name}_{name}"),
            constant=constant(f"{name}_lane"),
            steps_function=f"_{name}_item",
            step=name,
            variable=self._named(step.variable),
            item=items.items if isinstance(items, ArrayType) else UnknownType(),
            result=self._result(step, name),
            scope_model=f"{pascal(name)}Scope",
            captured=captured,
            body=self._steps(step.steps),
            output=self._output(step),
            place=header.place,
        )
        self._lanes.append(lane)
        return RunLanes(replace(header, step=name), self._variable(step), lane, step.items, step.max_concurrency)

    def _result(self, step: ForEach, name: str) -> Type | None:
        """The type of what each item gives, named if it has to be."""
        if step.output is None:
            return None
        kind = data_type(step.output, self._analysis.end(step))
        self._models.take(kind, f"{pascal(name)}Result", f"What each item of {name} gives.")
        return kind

    def _output(self, step: ForEach) -> Finish | None:
        if step.output is None:
            return None
        scope = self._analysis.end(step)
        header = Header(self._place(step.output.span), "", "what each item gives", None, scope)
        return Finish(header, step.output, data_type(step.output, scope))
