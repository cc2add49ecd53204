"""What orchestrators are made of: statements, and the functions that hold them.

Every node keeps its place in the YAML. Expressions and data stay as the model has them; each statement carries the
scope in which they stand, so that an emitter can ask for their types.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal as OneOf

from flowbridge.model.expression import Expression
from flowbridge.model.inference import Scope
from flowbridge.model.types import ObjectType, Type
from flowbridge.model.workflow import Data, Escalation, Retry, Text


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
    tolerated_failures: int | float
    batch_size: int | None


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
    on_rejected: Fail | Finish | None
    required: int | None
    remind_every: float | None
    escalation: Escalation | None
    form: Model | None
    outcomes: tuple[str, ...]
    result: Model
    declared: bool


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
    """Ends the workflow with a typed error; `type` are the error's fields, None if it has none."""

    header: Header
    error: str
    message: Text | None
    details: Data | None = None
    type: ObjectType | None = None


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


@dataclass(frozen=True)
class Handler:
    """One `catch`: the codes that it takes (none: any), and what happens then.

    `variable` is None if nothing reads the error; `model` is its type where it is known to have details.
    """

    on: tuple[str, ...]
    variable: str | None
    model: Model | None
    body: tuple[Statement, ...]


@dataclass(frozen=True)
class Guarded:
    """Statements whose errors are caught."""

    step: str
    body: tuple[Statement, ...]
    handlers: tuple[Handler, ...]


@dataclass(frozen=True)
class Afterwards:
    """Statements, and others that run after them in any case."""

    step: str
    body: tuple[Statement, ...]
    cleanup: tuple[Statement, ...]


@dataclass(frozen=True)
class Tries:
    """Statements that are run again as a whole when they fail."""

    step: str
    retry: Retry
    body: tuple[Statement, ...]


@dataclass(frozen=True)
class Undo:
    """Registers the call that undoes a step."""

    header: Header
    activity: ActivityFunction
    payload: Data | None


@dataclass(frozen=True)
class RunWithin:
    """Runs steps as a child for a limited time; `exports` are the names that it gives back, with their variables."""

    header: Header
    branch: BranchFunction
    seconds: float
    variable: str


@dataclass(frozen=True)
class RunBranches:
    """Runs branches side by side; `result` is the model of what they give."""

    header: Header
    variable: str | None
    branches: tuple[BranchFunction, ...]
    wins: int | None
    result: Type


@dataclass(frozen=True)
class RunLoop:
    """Runs a loop to its end."""

    header: Header
    variable: str | None
    loop: LoopFunction
    seconds: float | None


@dataclass(frozen=True)
class RunChild:
    """Runs another workflow."""

    header: Header
    variable: str | None
    orchestrator: str
    payload: Data | None
    input: ObjectType
    output: Type | None
    compensates: bool


@dataclass(frozen=True)
class Sleep:
    """Waits for a duration, or until a moment."""

    header: Header
    seconds: float | None
    until: Expression | None


@dataclass(frozen=True)
class AwaitedEvent:
    """An event from outside: its name, the model of its payload, and the constant that holds the payload's schema."""

    name: str
    payload: Model
    schema: str


@dataclass(frozen=True)
class AwaitEvents:
    """Waits for events; `match` reads the payload as `payload` in `matching`."""

    header: Header
    variable: str
    is_read: bool
    events: tuple[AwaitedEvent, ...]
    mode: OneOf["one", "any", "all"]
    count: int
    match: Expression | None
    matching: Scope = field(repr=False)
    seconds: float
    on_timeout: Fail | Finish
    result: Type | None


Statement = (
    CallActivity
    | RunLanes
    | AwaitApproval
    | Assign
    | Declare
    | ShowStatus
    | Fail
    | Finish
    | Branch
    | Guarded
    | Afterwards
    | Tries
    | Undo
    | RunWithin
    | RunBranches
    | RunLoop
    | RunChild
    | Sleep
    | AwaitEvents
)

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
    compensates: bool
    place: Place


@dataclass(frozen=True)
class BranchFunction:
    """The orchestrator of steps that run once as a child, and the steps themselves.

    Gives `output`, or an object of `exports` (names of the YAML with their variables).
    """

    function: str
    constant: str
    steps_function: str
    label: str
    result: Type | None
    scope_model: str
    captured: tuple[Captured, ...]
    body: tuple[Statement, ...]
    output: Finish | None
    exports: tuple[Captured, ...]
    compensates: bool
    place: Place


@dataclass(frozen=True)
class LoopFunction:
    """The orchestrator of a loop, and the steps of one turn."""

    function: str
    constant: str
    steps_function: str
    step: str
    result: Type | None
    scope_model: str
    captured: tuple[Captured, ...]
    body: tuple[Statement, ...]
    until: Expression
    output: Finish | None
    end: Scope = field(repr=False)
    every: float
    max_turns: int | None
    compensates: bool
    place: Place


Child = LaneFunction | BranchFunction | LoopFunction
