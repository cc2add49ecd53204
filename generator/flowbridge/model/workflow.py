"""The workflow as the author meant it: bound from the document, read by the checks and the plan.

The words are the YAML's. Its steps and its data are in modules of their own; both are found here as well.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from flowbridge.model.steps import (
    Approval,
    Block,
    Call,
    Case,
    Catch,
    Common,
    Compensate,
    Escalation,
    Event,
    ForEach,
    Parallel,
    ParallelBranch,
    Raise,
    Repeat,
    Retry,
    Return,
    RunWorkflow,
    Set,
    Status,
    Step,
    Switch,
    Wait,
    WaitFor,
)
from flowbridge.model.types import ObjectType, Type
from flowbridge.model.yaml_data import Computed, Data, Mapping, Scalar, Sequence, Template, Text
from flowbridge.text.source import Span

__all__ = [
    "Activity",
    "Approval",
    "Block",
    "Call",
    "Case",
    "Catch",
    "Common",
    "Compensate",
    "Computed",
    "Data",
    "Escalation",
    "Event",
    "ForEach",
    "Mapping",
    "Parallel",
    "ParallelBranch",
    "Raise",
    "Repeat",
    "Retry",
    "Return",
    "RunWorkflow",
    "Scalar",
    "Sequence",
    "Set",
    "Status",
    "Step",
    "Switch",
    "Template",
    "Text",
    "Wait",
    "WaitFor",
    "Workflow",
]


@dataclass(frozen=True)
class Activity:
    """A Python function that a step calls: its contract.

    `input` is an object type (its fields become the function's parameters' names) or any other type;
    None is an activity without input or without result. `errors` are the names it may raise.
    """

    name: str
    input: Type | None
    output: Type | None
    errors: tuple[str, ...]
    idempotent: bool
    title: str | None
    description: str | None
    span: Span = field(compare=False, repr=False)
    error_spans: tuple[Span, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True)
class Workflow:
    """One workflow file, bound and complete."""

    name: str
    version: int
    title: str
    description: str
    input: ObjectType
    output: ObjectType | None
    types: tuple[ObjectType, ...]
    errors: tuple[str, ...]
    activities: tuple[Activity, ...]
    steps: tuple[Step, ...]
    span: Span = field(compare=False, repr=False)
    name_span: Span | None = field(default=None, compare=False, repr=False)
    type_spans: tuple[tuple[str, Span], ...] = field(default=(), compare=False, repr=False)
    error_spans: tuple[Span, ...] = field(default=(), compare=False, repr=False)

    def activity(self, name: str) -> Activity | None:
        """The activity declared under that name, or None."""
        return next((one for one in self.activities if one.name == name), None)
