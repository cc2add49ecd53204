"""Steps to statements: what each step does, and around it what any step may carry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never

from flowbridge.model.types import ObjectType, OptionalType, UnknownType
from flowbridge.model.workflow import (
    Approval,
    Block,
    Call,
    Catch,
    ForEach,
    Parallel,
    Raise,
    Repeat,
    Return,
    RunWorkflow,
    Scalar,
    Set,
    Status,
    Step,
    Switch,
    Wait,
    WaitFor,
)
from flowbridge.plan.children import ChildLowering
from flowbridge.plan.identifiers import constant, pascal
from flowbridge.plan.naming import Naming
from flowbridge.plan.nodes import (
    Afterwards,
    Arm,
    Assign,
    AwaitApproval,
    AwaitedEvent,
    AwaitEvents,
    Branch,
    CallActivity,
    Declare,
    Fail,
    Finish,
    Guarded,
    Handler,
    Header,
    Model,
    ShowStatus,
    Sleep,
    Statement,
    Tries,
    Undo,
)
from flowbridge.plan.plan import ApprovalPlan


class StepLowering(ChildLowering):
    """Lowers steps; the approvals that it meets are collected for the operations."""

    def __init__(self, naming: Naming) -> None:
        super().__init__(naming)
        self.approvals: list[ApprovalPlan] = []

    def body(self, steps: tuple[Step, ...]) -> tuple[Statement, ...]:
        """The statements of steps."""
        return tuple(statement for step in steps for statement in self._conditional(step))

    # ---- around a step, from the outside in

    def _conditional(self, step: Step) -> Iterator[Statement]:
        condition = step.common.condition
        if condition is None:
            yield from self._cleaned_up(step)
            return
        yield from self._declared((step,))
        header = self._naming.header(step.common, self._analysis.before(step))
        yield Branch((Arm(header, condition, tuple(self._cleaned_up(step))),), ())

    def _cleaned_up(self, step: Step) -> Iterator[Statement]:
        if not step.common.finally_:
            yield from self._caught(step)
            return
        body, cleanup = tuple(self._caught(step)), self.body(step.common.finally_)
        # What is declared inside has to be known after it.
        declares = [one for one in body if isinstance(one, Declare)]
        yield from declares
        yield from self._declared((step,))
        rest = tuple(one for one in body if not isinstance(one, Declare))
        yield Afterwards(self._naming.step_name(step), rest, cleanup)

    def _caught(self, step: Step) -> Iterator[Statement]:
        if not step.common.catches:
            yield from self._tried(step)
            return
        yield from self._declared((step,))
        handlers = tuple(self._handler(one) for one in step.common.catches)
        yield Guarded(self._naming.step_name(step), tuple(self._tried(step)), handlers)

    def _handler(self, one: Catch) -> Handler:
        read = one.variable is not None and one.variable in self._naming.read
        variable = self._naming.named(one.variable) if read and one.variable is not None else None
        return Handler(one.on, variable, self._error_model(one) if read else None, self.body(one.steps))

    def _error_model(self, one: Catch) -> Model | None:
        """The type of a caught error that has fields of its own."""
        kind = self._analysis.before(one.steps[0]).names.get(one.variable or "") if one.steps else None
        if not isinstance(kind, ObjectType) or kind.field("details") is None:
            return None
        return self._naming.models.model(kind, f"{one.on[0]}Error", f"The error {one.on[0]}.")

    def _tried(self, step: Step) -> Iterator[Statement]:
        retry = step.common.retry
        if retry is None or isinstance(step, Call):
            yield from self._undoable(step)
            return
        yield from self._declared((step,))
        yield Tries(self._naming.step_name(step), retry, tuple(self._undoable(step)))

    def _undoable(self, step: Step) -> Iterator[Statement]:
        inner = tuple(self._step(step))
        limited = step.common.timeout is not None and not isinstance(step, Repeat)
        yield from self.within(step, inner) if limited else inner
        undo = step.common.compensate
        if undo is not None:
            header = self._naming.header(step.common, self._analysis.undoing(step))
            header = replace(header, step=self._naming.step_name(step), place=self._naming.place(undo.span))
            yield Undo(header, self._naming.activities[undo.activity], undo.arguments)

    def _declared(self, steps: tuple[Step, ...]) -> Iterator[Statement]:
        """What steps name where they may not run, or not to their end, as values that are missing then."""
        naming = self._naming
        for step in steps:
            name, result = step.common.id, self._analysis.result(step)
            if name is not None and name in naming.read and result is not None and name not in naming.declared:
                naming.declared.add(name)
                wider = result if isinstance(result, OptionalType) else OptionalType(result)
                naming.models.take(wider, f"{pascal(name)}Value", f"The value of {name}.")
                yield Declare(naming.named(name), wider)
            for one in step.common.catches:
                yield from self._declared(one.steps)
            if isinstance(step, Block):
                yield from self._declared(step.steps)
            elif isinstance(step, Switch):
                yield from self._declared(tuple(one for case in step.cases for one in case.steps))
                yield from self._declared(step.default or ())

    # ---- steps

    def _step(self, step: Step) -> Iterator[Statement]:
        match step:
            case Call():
                yield self._call(step)
            case ForEach():
                yield self.for_each(step)
            case Parallel():
                yield self.parallel(step)
            case Repeat():
                yield self.repeat(step)
            case RunWorkflow():
                yield self.run(step)
            case Switch():
                yield from self._switch(step)
            case Block():
                yield from self.body(step.steps)
            case Approval():
                yield self._approval(step)
            case WaitFor():
                yield self._wait_for(step)
            case Wait():
                yield Sleep(self._naming.inside(step), step.seconds, step.until)
            case Set():
                yield from self._set(step)
            case Status():
                yield ShowStatus(self._naming.inside(step), step.message)
            case Raise() | Return():
                yield self._leave(step)
            case _:
                assert_never(step)

    def _call(self, step: Call) -> CallActivity:
        activity = self._naming.activities[step.activity]
        variable = self._naming.variable(step) if activity.output is not None else None
        return CallActivity(self._naming.inside(step), variable, activity, step.arguments, step.retry)

    def _set(self, step: Set) -> Iterator[Statement]:
        variable, name = self._naming.variable(step), step.common.id or ""
        if variable is not None:
            kind = self._analysis.result(step) or UnknownType()
            self._naming.models.take(kind, f"{pascal(name)}Value", f"The value of {name}.")
            yield Assign(self._naming.inside(step), variable, kind, step.value, name in self._naming.declared)

    def _switch(self, step: Switch) -> Iterator[Statement]:
        yield from self._declared(tuple(one for case in step.cases for one in case.steps))
        yield from self._declared(step.default or ())
        arms: list[Arm] = []
        for case, scope in zip(step.cases, self._analysis.cases(step), strict=True):
            header = Header(self._naming.place(case.span), "", step.common.title, None, scope)
            arms.append(Arm(header, case.when, self.body(case.steps)))
        yield Branch(tuple(arms), self.body(step.default or ()))

    def _approval(self, step: Approval) -> AwaitApproval:
        naming = self._naming
        name = naming.step_name(step)
        header = replace(naming.inside(step), step=name)
        shown = step.common.title or (step.heading.value if isinstance(step.heading, Scalar) else None) or name
        self.approvals.append(ApprovalPlan(name, str(shown), header.place, step.outcomes, step.form))
        form = step.form and naming.models.model(step.form, f"{pascal(name)}Form", f"What {name} asks for.")
        result = self._analysis.result(step)
        assert isinstance(result, ObjectType)
        rejectable = "Reject" in step.outcomes
        return AwaitApproval(
            header=header,
            variable=naming.named(name),
            heading=step.heading,
            details=step.details,
            approvers=step.approvers,
            timeout=step.timeout,
            on_timeout=self._handled(step.on_timeout, header, "ApprovalTimedOut", "nobody decided in time"),
            on_rejected=self._handled(step.on_rejected, header, "ApprovalRejected", "the approval was refused")
            if rejectable
            else None,
            required=step.required,
            remind_every=step.remind_every,
            escalation=step.escalation,
            form=form,
            outcomes=step.outcomes,
            result=naming.models.model(result, f"{pascal(name)}Result", f"What {name} gives."),
            declared=name in naming.declared,
        )

    def _wait_for(self, step: WaitFor) -> AwaitEvents:
        naming = self._naming
        name = naming.step_name(step)
        header = replace(naming.inside(step), step=name)
        events = tuple(self._event(one.name, one.payload or ObjectType(())) for one in step.events)
        result = self._analysis.result(step)
        is_read = naming.variable(step) is not None and result is not None
        if is_read and result is not None:
            naming.models.take(result, f"{pascal(name)}Value", f"What {name} gives.")
        return AwaitEvents(
            header=header,
            variable=naming.named(name),
            is_read=is_read,
            events=events,
            mode=step.mode,
            count=step.count,
            match=step.match,
            matching=self._analysis.matching(step),
            seconds=step.timeout,
            on_timeout=self._handled(step.on_timeout, header, "EventTimedOut", "the event did not come in time"),
            result=result,
        )

    def _event(self, name: str, payload: ObjectType) -> AwaitedEvent:
        """An event; two waits for one event share it, because they have one type."""
        for one in self._naming.events:
            if one.name == name:
                return one
        model = self._naming.models.model(payload, f"{pascal(name)}Event", f"What the event {name} brings.")
        made = AwaitedEvent(name, model, f"{constant(name)}_EVENT")
        self._naming.events.append(made)
        return made

    def _handled(self, given: Raise | Return | None, header: Header, error: str, message: str) -> Fail | Finish:
        """What an author says is to happen, or the error that is raised where nothing is said."""
        if given is not None:
            leave = self._leave(given)
            return replace(leave, header=replace(leave.header, step=header.step))
        return Fail(header, error, Scalar(message, self._naming.workflow.span))

    def _leave(self, step: Raise | Return) -> Fail | Finish:
        header = self._naming.inside(step)
        if isinstance(step, Raise):
            fields = self._naming.workflow.error_type(step.error)
            return Fail(header, step.error, step.message, step.arguments, fields)
        return Finish(header, step.value, self._naming.workflow.output)
