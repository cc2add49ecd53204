"""Which errors a step may raise: its own, those of the steps inside of it, less what is caught there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from flowbridge.model.structure import held
from flowbridge.model.workflow import (
    Approval,
    Block,
    Call,
    ForEach,
    Parallel,
    Raise,
    Repeat,
    Return,
    RunWorkflow,
    Set,
    Status,
    Step,
    Switch,
    Wait,
    WaitFor,
    Workflow,
)

BUILT_IN = (
    "ActivityFailed",
    "ApprovalRejected",
    "ApprovalTimedOut",
    "ConfigInvalid",
    "EventTimedOut",
    "ExpressionFailed",
    "InvalidResult",
    "RepeatExhausted",
    "TimedOut",
    "WorkflowTimedOut",
)
"""What the language raises by itself; a workflow need not declare them, and cannot."""


@dataclass(frozen=True)
class Raising:
    """Asks a workflow for the errors of its steps; `others` are the workflows that `run` may start."""

    workflow: Workflow
    others: Mapping[str, Workflow]

    def known(self) -> frozenset[str]:
        """Every error that has a name anywhere in the workflow."""
        found = {*BUILT_IN, *self.workflow.errors}
        for one in (self.workflow, *self.others.values()):
            found |= {*one.errors, *(error for activity in one.activities for error in activity.errors)}
        return frozenset(found)

    def within(self, step: Step) -> frozenset[str]:
        """What a step may raise, before its own `catch` and `finally` are looked at."""
        found = set(self.itself(step))
        for holder, steps in held(step):
            if holder.role in ("steps", "leave"):
                found = found.union(*(self.after_catches(one) for one in steps))
        return frozenset(found)

    def after_catches(self, step: Step) -> frozenset[str]:
        """What of a step's errors comes out of it."""
        found = set(self.within(step))
        for catch in step.common.catches:
            found -= {*catch.on} if catch.on else found
        for holder, steps in held(step):
            if holder.role in ("catch", "finally"):
                found = found.union(*(self.after_catches(one) for one in steps))
        return frozenset(found)

    def itself(self, step: Step) -> frozenset[str]:
        """What a step raises by itself, not counting the steps inside of it."""
        found = {"ExpressionFailed"}
        if step.common.timeout is not None:
            found.add("TimedOut")
        match step:
            case Call():
                activity = self.workflow.activity(step.activity)
                found |= {"ActivityFailed", "InvalidResult", *(activity.errors if activity is not None else ())}
            case RunWorkflow():
                other = self.others.get(step.workflow, self.workflow)
                found |= {*BUILT_IN, *other.errors, *(name for one in other.activities for name in one.errors)}
            case Repeat():
                found |= {"RepeatExhausted"} if step.max_times is not None else set[str]()
            case Approval():
                found |= {"ApprovalTimedOut"} if step.on_timeout is None else set[str]()
                found |= {"ApprovalRejected"} if step.on_rejected is None and "Reject" in step.outcomes else set[str]()
            case WaitFor():
                found |= {"EventTimedOut"} if step.on_timeout is None else set[str]()
            case Raise():
                found.add(step.error)
            case ForEach() | Parallel() | Switch() | Block() | Wait() | Set() | Status() | Return():
                pass
            case _:
                assert_never(step)
        return frozenset(found)
