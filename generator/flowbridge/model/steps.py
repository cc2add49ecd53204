"""The steps of a workflow: a closed union of frozen nodes, in the YAML's words.

Durations are whole or fractional seconds. A step's `id` is unique in its workflow; a step that was written without one
has `id=None` and no value that can be read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal as OneOf

from flowbridge.model.expression import Expression
from flowbridge.model.retry import Retry
from flowbridge.model.types import ObjectType
from flowbridge.model.yaml_data import Data, Text
from flowbridge.text.source import Span


@dataclass(frozen=True)
class Common:
    """What any step may carry; `condition` is its `if`, `status` the message shown while it runs.

    `timeout` in seconds. `retry` is that of a block; a call has its own, resolved. `finally_span` is the place of the
    key `finally`.
    """

    id: str | None
    title: str | None
    condition: Expression | None
    status: Text | None
    span: Span = field(compare=False, repr=False)
    id_span: Span | None = field(default=None, compare=False, repr=False)
    timeout: float | None = None
    catches: tuple[Catch, ...] = ()
    finally_: tuple[Step, ...] = ()
    compensate: Compensate | None = None
    retry: Retry | None = None
    timeout_span: Span | None = field(default=None, compare=False, repr=False)
    finally_span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Catch:
    """What happens on an error: `on` are the codes that it takes, none for any; `variable` is the error in `steps`."""

    on: tuple[str, ...]
    variable: str | None
    steps: tuple[Step, ...]
    span: Span = field(compare=False, repr=False)
    on_spans: tuple[Span, ...] = field(default=(), compare=False, repr=False)
    variable_span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Compensate:
    """The call that undoes a step; its data may read the step's own value."""

    activity: str
    arguments: Data | None
    span: Span = field(compare=False, repr=False)
    activity_span: Span | None = field(default=None, compare=False, repr=False)


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
    and `total`. Without `output` there is no `results`; with a tolerance (a count, or a fraction up to 1 as a float)
    there are `errors`. With `batch_size` the variable is a list of up to so many items.
    """

    common: Common
    variable: str
    items: Expression
    max_concurrency: int
    steps: tuple[Step, ...]
    output: Data | None
    variable_span: Span = field(compare=False, repr=False)
    batch_size: int | None = None
    tolerated_failures: int | float = 0


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
    """Steps that share an `if`, a `timeout`, a `catch` and the like."""

    common: Common
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Escalation:
    """Who else is asked after so many seconds; `to` is a text or a list of texts."""

    after: float
    to: Data


@dataclass(frozen=True)
class Approval:
    """Waits for people's decision, at most `timeout` seconds.

    Approved once `required` people (None: all approvers) have said so, rejected by the first who refuses. Its value is
    an object of `outcome`, `responder`, `comments`, `decidedAt`, `responses` and, where there is a form, `form`.
    `on_timeout` and `on_rejected` are a `Raise` or a `Return`; without `on_timeout` a timeout raises
    `ApprovalTimedOut`, without `on_rejected` a rejection raises `ApprovalRejected`. `outcomes` other than Approve and
    Reject are plain answers: the first that `required` people gave decides, and none of them is a rejection.
    """

    common: Common
    heading: Text
    details: Text | None
    approvers: Data | None
    timeout: float
    on_timeout: Raise | Return | None
    on_rejected: Raise | Return | None
    timeout_span: Span | None = field(default=None, compare=False, repr=False)
    required: int | None = 1
    remind_every: float | None = None
    escalation: Escalation | None = None
    form: ObjectType | None = None
    outcomes: tuple[str, ...] = ("Approve", "Reject")
    outcome_spans: tuple[Span, ...] = field(default=(), compare=False, repr=False)
    remind_span: Span | None = field(default=None, compare=False, repr=False)
    escalation_span: Span | None = field(default=None, compare=False, repr=False)
    rejected_span: Span | None = field(default=None, compare=False, repr=False)
    required_span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class RunWorkflow:
    """Runs another workflow as an instance of its own; its output is the step's value."""

    common: Common
    workflow: str
    arguments: Data | None
    workflow_span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class ParallelBranch:
    """One branch of a `parallel`: its name, its steps and what it gives."""

    name: str
    steps: tuple[Step, ...]
    output: Data | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Parallel:
    """Runs branches side by side until `wins` of them have succeeded (None: all).

    Its value is an object with a field for each branch that has an `output`; where not all have to succeed, each may be
    missing.
    """

    common: Common
    branches: tuple[ParallelBranch, ...]
    wins: int | None
    wins_span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Repeat:
    """Runs steps, then looks at `until`, then waits `every` seconds, and so on; `output` is the step's value.

    Bounded by `max_times`, by the step's `timeout`, or both.
    """

    common: Common
    steps: tuple[Step, ...]
    until: Expression
    every: float
    max_times: int | None
    output: Data | None
    every_span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Wait:
    """Waits for so many seconds, or until a time."""

    common: Common
    seconds: float | None
    until: Expression | None
    wait_span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Event:
    """An event from outside, and the type of its payload (None: it has none)."""

    name: str
    payload: ObjectType | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class WaitFor:
    """Waits for events from outside, at most `timeout` seconds.

    One event: its value is the payload, or with `count` above 1 a list of payloads. Several: an object with a field for
    each; with `any` all but one are missing. `match` reads the payload as `payload`.
    """

    common: Common
    events: tuple[Event, ...]
    mode: OneOf["one", "any", "all"]
    count: int
    match: Expression | None
    timeout: float
    on_timeout: Raise | Return | None
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
    """Ends the workflow with a typed error: its name, a message for people, and the error's declared fields."""

    common: Common
    error: str
    message: Text | None
    error_span: Span = field(compare=False, repr=False)
    arguments: Data | None = None


@dataclass(frozen=True)
class Return:
    """Ends the workflow with its output."""

    common: Common
    value: Data | None


Step = (
    Call
    | RunWorkflow
    | ForEach
    | Parallel
    | Switch
    | Block
    | Repeat
    | Wait
    | WaitFor
    | Approval
    | Set
    | Status
    | Raise
    | Return
)
