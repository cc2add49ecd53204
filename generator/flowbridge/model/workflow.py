"""The workflow as the author meant it: bound from the document, read by the checks and the plan.

The words are the YAML's. Durations are whole or fractional seconds. A step's `id` is unique in its workflow; a step
that was written without one has `id=None` and no result that can be read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal as OneOf

from flowbridge.model.expression import Expression
from flowbridge.model.types import ObjectType, Type
from flowbridge.text.source import Span

# ---- data: YAML with `${ … }` leaves


@dataclass(frozen=True)
class Scalar:
    """A YAML scalar without an expression."""

    value: bool | int | float | str | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Computed:
    """A scalar that is one whole `${ … }`: it keeps the expression's type."""

    expression: Expression
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Template:
    """Text with `${ … }` in it: always text; the parts are in order."""

    parts: tuple[str | Expression, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Mapping:
    """A YAML map; the names keep their order, `name_spans` is parallel to `fields`."""

    fields: tuple[tuple[str, Data], ...]
    span: Span = field(compare=False, repr=False)
    name_spans: tuple[Span, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True)
class Sequence:
    """A YAML list."""

    items: tuple[Data, ...]
    span: Span = field(compare=False, repr=False)


Data = Scalar | Computed | Template | Mapping | Sequence
Text = Scalar | Computed | Template

# ---- declarations


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
class Retry:
    """How a call is tried again: seconds, and attempts that include the first."""

    max_attempts: int = 1
    initial_delay: float = 1.0
    backoff: float = 1.0
    max_delay: float | None = None
    max_duration: float | None = None
    jitter: OneOf["full", "none"] = "none"
    only_on: tuple[str, ...] = ()
    never_on: tuple[str, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)


# ---- steps


@dataclass(frozen=True)
class Common:
    """What any step may carry; `condition` is its `if`, `status` the message shown while it runs."""

    id: str | None
    title: str | None
    condition: Expression | None
    status: Text | None
    span: Span = field(compare=False, repr=False)
    id_span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Call:
    """Runs an activity; its result is the step's value. `retry` is resolved: own, the workflow's default, or none."""

    common: Common
    activity: str
    arguments: Data | None
    retry: Retry
    activity_span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class ForEach:
    """Runs `steps` for every item of a list, at most `max_concurrency` items at a time.

    Its value is an object of `results` (the `output` of each item, in the order of the list), `succeeded`, `failed`
    and `total`. Without `output` there is no `results`.
    """

    common: Common
    variable: str
    items: Expression
    max_concurrency: int
    steps: tuple[Step, ...]
    output: Data | None
    variable_span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Case:
    """One `when` of a switch and its steps."""

    when: Expression
    steps: tuple[Step, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Switch:
    """Runs the steps of the first case that holds, else those of `default` (None: nothing)."""

    common: Common
    cases: tuple[Case, ...]
    default: tuple[Step, ...] | None


@dataclass(frozen=True)
class Block:
    """Steps that share an `if`."""

    common: Common
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Approval:
    """Waits for one person's decision, at most `timeout` seconds.

    Its value is an object of `outcome` (`Approved` or `Rejected`), `responder`, `comments` and `decidedAt`.
    `on_timeout` and `on_rejected` are a `Raise` or a `Return`; without `on_timeout` a timeout raises
    `ApprovalTimedOut`, without `on_rejected` a rejection raises `ApprovalRejected`.
    """

    common: Common
    heading: Text
    details: Text | None
    approvers: Data | None
    timeout: float
    on_timeout: Raise | Return | None
    on_rejected: Raise | Return | None
    timeout_span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Set:
    """Names a value."""

    common: Common
    value: Data


@dataclass(frozen=True)
class Status:
    """Shows a progress message."""

    common: Common
    message: Text


@dataclass(frozen=True)
class Raise:
    """Ends the workflow with a typed error: its name and a message for people."""

    common: Common
    error: str
    message: Text | None
    error_span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Return:
    """Ends the workflow with its output."""

    common: Common
    value: Data | None


Step = Call | ForEach | Switch | Block | Approval | Set | Status | Raise | Return

# ---- the whole


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
