"""The intermediate representation between a checked workflow and the files that are made from it.

Every node keeps its place in the YAML. Expressions and data stay as the model has them; each statement carries the
scope in which they stand, so that an emitter can ask for their types.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from flowbridge.model.expression import Expression
from flowbridge.model.inference import Scope
from flowbridge.model.types import ObjectType, Type
from flowbridge.model.workflow import Data, Retry, Text


@dataclass(frozen=True)
class Place:
    """Where in the YAML something was written; the line is counted from 1."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True)
class Model:
    """An object type that generated code names: a TypedDict."""

    name: str
    type: ObjectType
    description: str


@dataclass(frozen=True)
class ActivityFunction:
    """An activity of the app: `implementation` in `activities/module` does the work.

    An object input is handed over field by field; any other travels as the one field `value`, and is handed over as
    `parameter`, which is None for an object input.
    """

    function: str
    constant: str
    module: str
    implementation: str
    is_async: bool
    payload: Model
    parameter: str | None
    output: Type | None
    errors: tuple[str, ...]
    description: str
    place: Place


# ---- statements of an orchestrator


@dataclass(frozen=True)
class Header:
    """What a step shows when it begins, and where it stands."""

    place: Place
    step: str
    title: str | None
    message: Text | None
    scope: Scope = field(repr=False)


@dataclass(frozen=True)
class CallActivity:
    """Calls an activity; `variable` is None where nothing reads the result."""

    header: Header
    variable: str | None
    activity: ActivityFunction
    payload: Data | None
    retry: Retry


@dataclass(frozen=True)
class RunLanes:
    """Runs a fan-out in lanes."""

    header: Header
    variable: str | None
    lane: LaneFunction
    items: Expression
    max_concurrency: int


@dataclass(frozen=True)
class AwaitApproval:
    """Waits for a decision; what happens on a timeout and on a rejection always ends the workflow."""

    header: Header
    variable: str
    heading: Text
    details: Text | None
    approvers: Data | None
    timeout: float
    on_timeout: Fail | Finish
    on_rejected: Fail | Finish


@dataclass(frozen=True)
class Assign:
    """Names a value of a known type; `declared` says that a `Declare` before has told the type."""

    header: Header
    variable: str
    type: Type
    value: Data
    declared: bool = False


@dataclass(frozen=True)
class Declare:
    """Names a value that is None unless a step that may be skipped gives it another."""

    variable: str
    type: Type


@dataclass(frozen=True)
class ShowStatus:
    """Shows a progress message."""

    header: Header
    message: Text


@dataclass(frozen=True)
class Fail:
    """Ends the workflow with a typed error."""

    header: Header
    error: str
    message: Text | None


@dataclass(frozen=True)
class Finish:
    """Ends the workflow with its output; `type` is the output's."""

    header: Header
    value: Data | None
    type: Type | None


@dataclass(frozen=True)
class Arm:
    """One condition of a branch and what runs under it."""

    header: Header
    condition: Expression
    body: tuple[Statement, ...]


@dataclass(frozen=True)
class Branch:
    """The first arm whose condition holds, else `otherwise`."""

    arms: tuple[Arm, ...]
    otherwise: tuple[Statement, ...]


Statement = CallActivity | RunLanes | AwaitApproval | Assign | Declare | ShowStatus | Fail | Finish | Branch

# ---- functions


@dataclass(frozen=True)
class Captured:
    """A value of the outer workflow that the steps of a fan-out read: its name in the YAML and in Python."""

    name: str
    variable: str
    type: Type


@dataclass(frozen=True)
class LaneFunction:
    """The orchestrator of a fan-out's lanes, and the steps that each item goes through."""

    function: str
    constant: str
    steps_function: str
    step: str
    variable: str
    item: Type
    result: Type | None
    scope_model: str
    captured: tuple[Captured, ...]
    body: tuple[Statement, ...]
    output: Finish | None
    place: Place


@dataclass(frozen=True)
class ApprovalPlan:
    """An approval of the workflow, as its operations know it."""

    id: str
    title: str
    place: Place


@dataclass(frozen=True)
class WorkflowPlan:
    """One workflow of the app: `names` maps the YAML's names to Python's in its orchestrators."""

    name: str
    version: int
    title: str
    description: str
    orchestrator: str
    steps_function: str
    place: Place
    names: tuple[tuple[str, str], ...]
    input: Model
    output: Model | None
    models: tuple[Model, ...]
    activities: tuple[ActivityFunction, ...]
    lanes: tuple[LaneFunction, ...]
    approvals: tuple[ApprovalPlan, ...]
    body: tuple[Statement, ...]


@dataclass(frozen=True)
class AppPlan:
    """The whole app: its workflows, and the files of its activities as they are (path below `activities/`, bytes)."""

    name: str
    title: str
    description: str
    version: int
    workflows: tuple[WorkflowPlan, ...]
    activity_files: tuple[tuple[str, bytes], ...] = field(repr=False)
