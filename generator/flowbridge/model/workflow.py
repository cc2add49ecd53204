"""The workflow as the author meant it: bound from the document, read by the checks and the plan.

The words are the YAML's. Its steps and its data are in modules of their own; both are found here as well.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from flowbridge.model.retry import Retry
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
    "Ignored",
    "Mapping",
    "Parallel",
    "ParallelBranch",
    "Raise",
    "Repeat",
    "Retry",
    "Return",
    "RunWorkflow",
    "Scalar",
    "Schedule",
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
class Ignored:
    """A comment that silences warnings: their codes, the reason, and the line (counted from 1) that it is about."""

    codes: tuple[str, ...]
    reason: str
    line: int
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Schedule:
    """When a workflow starts by itself: a cron expression of five fields, or six that begin with the second, in UTC.

    `arguments` is the input that it starts with.
    """

    cron: str
    arguments: Data | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Workflow:
    """One workflow file, bound and complete; `timeout` in seconds.

    `errors` are the names of the declared errors, `error_types` the fields of those that have any. `finally_` are the
    steps after any end.
    """

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
    config: ObjectType | None = None
    schedule: Schedule | None = None
    timeout: float | None = None
    on_failure: tuple[Step, ...] = ()
    finally_: tuple[Step, ...] = ()
    error_types: tuple[tuple[str, ObjectType], ...] = ()
    timeout_span: Span | None = field(default=None, compare=False, repr=False)
    ignored: tuple[Ignored, ...] = field(default=(), compare=False, repr=False)

    @property
    def all_steps(self) -> tuple[Step, ...]:
        """The steps, those after a failure, and those after any end."""
        return (*self.steps, *self.on_failure, *self.finally_)

    def error_type(self, name: str) -> ObjectType | None:
        """The fields of a declared error; None where it has none."""
        return next((fields for one, fields in self.error_types if one == name), None)

    def activity(self, name: str) -> Activity | None:
        """The activity declared under that name, or None."""
        return next((one for one in self.activities if one.name == name), None)
