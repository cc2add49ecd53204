"""The operations of a workflow's connector: one small function each, from the plan to typed data.

They say what the generated app's HTTP operations take and answer (`runtime/start.py`, `status.py`, `decide.py` and
`stop.py`). What does not apply is absent from an answer, so only what is always there is required in its schema.
"""

from __future__ import annotations

from dataclasses import dataclass

from flowbridge.emit import labels
from flowbridge.emit.connector_schemas import (
    decision_taken,
    ended,
    event_raised,
    purged,
    reason,
    recorded,
    start_body,
    started,
    state,
)
from flowbridge.emit.swagger import Body, Operation, PathParameter
from flowbridge.emit.swagger_types import object_schema
from flowbridge.plan.nodes import AwaitedEvent
from flowbridge.plan.plan import ApprovalPlan, WorkflowPlan

_INVALID = ("400", "The request is not valid; the answer tells what is wrong where.")
_UNKNOWN = ("404", "There is no such instance.")
_ENDED = ("410", "The instance has ended.")
_TOO_LARGE = ("413", "The request is too large.")


@dataclass(frozen=True)
class _Naming:
    """How a workflow is called: `id` in operation ids, `title` inside a summary, `path` before its routes."""

    id: str
    title: str
    path: str


def workflow_operations(workflow: WorkflowPlan) -> tuple[Operation, ...]:
    """All operations of a workflow, in the order in which the designer shall list them."""
    shown = labels.summary_text(workflow.title) or " ".join(labels.words(workflow.name))
    title = labels.cut(labels.inside(shown), 40)
    naming = _Naming(labels.pascal(workflow.name), title, f"/api/{workflow.name}")
    taken: set[str] = set()
    first = (_start(workflow, naming, taken), _status(workflow, naming, taken))
    raised = tuple(_raise(approval, naming, taken) for approval in workflow.approvals)
    events = tuple(_event(event, naming, taken) for event in workflow.events)
    return (*first, *raised, *events, _terminate(naming, taken), _purge(naming, taken))


def _start(workflow: WorkflowPlan, naming: _Naming, taken: set[str]) -> Operation:
    return Operation(
        id=labels.operation_id(f"Start{naming.id}", taken),
        method="post",
        path=f"{naming.path}/start",
        summary=_summary(f"Start {naming.title}"),
        description=_told("Starts an instance and answers at once with its ID.", workflow.description),
        visibility="important",
        parameters=(),
        body=Body("The input of the workflow.", start_body(workflow)),
        answer="The instance that was started.",
        result=started(),
        refusals=(
            _INVALID,
            ("409", "The instance ID belongs to an instance with another input."),
            _TOO_LARGE,
            ("503", "The engine has not begun the instance yet; send the same request again."),
        ),
    )


def _status(workflow: WorkflowPlan, naming: _Naming, taken: set[str]) -> Operation:
    return Operation(
        id=labels.operation_id(f"Get{naming.id}Status", taken),
        method="get",
        path=f"{naming.path}/instances/{{instanceId}}",
        summary=_summary(f"Get the status of {naming.title}"),
        description="Tells where an instance stands, what it waits for, and its output or error once it has ended.",
        visibility="important",
        parameters=(_instance(),),
        body=None,
        answer="Where the instance stands.",
        result=state(workflow),
        refusals=(_UNKNOWN,),
    )


def _raise(approval: ApprovalPlan, naming: _Naming, taken: set[str]) -> Operation:
    title = labels.summary_text(approval.title) or " ".join(labels.words(approval.id))
    whole = _summary(f"Approve or reject {naming.title}")
    room = labels.SUMMARY_LIMIT - len(whole) - 3
    return Operation(
        id=labels.operation_id(f"Raise{naming.id}{labels.pascal(approval.id)}", taken),
        method="post",
        path=f"{naming.path}/instances/{{instanceId}}/approvals/{approval.id}",
        summary=f"{whole} ({labels.cut(title, room)})",
        description=f"Decides what an instance waits for ({labels.cut(title, 120)}) and tells what was recorded.",
        visibility="important",
        parameters=(_instance(),),
        body=Body("The decision.", decision_taken(approval)),
        answer="What the workflow recorded.",
        result=recorded(approval),
        refusals=(
            _INVALID,
            _UNKNOWN,
            ("409", "The instance does not wait for this approval now."),
            _ENDED,
            _TOO_LARGE,
        ),
    )


def _event(event: AwaitedEvent, naming: _Naming, taken: set[str]) -> Operation:
    name = " ".join(labels.words(event.name))
    whole = _summary(f"Raise an event of {naming.title}")
    room = labels.SUMMARY_LIMIT - len(whole) - 3
    return Operation(
        id=labels.operation_id(f"Raise{naming.id}{labels.pascal(event.name)}Event", taken),
        method="post",
        path=f"{naming.path}/instances/{{instanceId}}/events/{event.name}",
        summary=f"{whole} ({labels.cut(name, room)})",
        description=f"Tells an instance that {labels.cut(name, 120)} has come, and tells whether it was awaited.",
        visibility="important",
        parameters=(_instance(),),
        body=Body("What the event brings.", object_schema(event.payload.type.fields, "in")),
        answer="What the workflow made of the event.",
        result=event_raised(),
        refusals=(
            _INVALID,
            _UNKNOWN,
            ("409", "The instance does not wait for this event now."),
            _ENDED,
            _TOO_LARGE,
        ),
    )


def _terminate(naming: _Naming, taken: set[str]) -> Operation:
    return Operation(
        id=labels.operation_id(f"Terminate{naming.id}", taken),
        method="post",
        path=f"{naming.path}/instances/{{instanceId}}/terminate",
        summary=_summary(f"Terminate {naming.title}"),
        description="Ends an instance and everything that runs for it, at once and without an output.",
        visibility=None,
        parameters=(_instance(),),
        body=Body("Why the instance is ended.", reason(), required=False),
        answer="The instance has ended.",
        result=ended(),
        refusals=(
            _INVALID,
            _UNKNOWN,
            _ENDED,
            _TOO_LARGE,
            ("503", "A child is still at work; send the same request again."),
        ),
    )


def _purge(naming: _Naming, taken: set[str]) -> Operation:
    return Operation(
        id=labels.operation_id(f"Purge{naming.id}", taken),
        method="delete",
        path=f"{naming.path}/instances/{{instanceId}}",
        summary=_summary(f"Purge {naming.title}"),
        description="Deletes the history of an instance that has ended; it cannot be brought back.",
        visibility=None,
        parameters=(_instance(),),
        body=None,
        answer="The history is deleted.",
        result=purged(),
        refusals=(_UNKNOWN, ("409", "The instance, or one that runs for it, has not ended yet.")),
    )


def _instance() -> PathParameter:
    return PathParameter("instanceId", "Instance ID", "The ID that the start of the instance answered with.")


def _summary(text: str) -> str:
    return labels.cut(text, labels.SUMMARY_LIMIT)


def _told(first: str, description: str) -> str:
    return f"{first} {labels.sentence(description)}".strip()
