"""The operations of a workflow's connector that act on an instance: one small function each, from the plan to data.

They say what the generated app's HTTP operations take and answer (`runtime/start.py`, `status.py`, `decide.py`,
`stop.py` and `hold.py`). What does not apply is absent from an answer, so only what is always there is required in its
schema. The triggers and the wait are in `webhooks.py`, the lists in `lists.py`.
"""

from __future__ import annotations

from flowbridge.emit.connector import labels
from flowbridge.emit.connector.lists import choices, list_instances, tell_history
from flowbridge.emit.connector.naming import (
    ENDED,
    EXISTS,
    INVALID,
    NOT_BEGUN,
    TOO_LARGE,
    UNKNOWN,
    Naming,
    naming,
)
from flowbridge.emit.connector.plan import ConnectorApproval, ConnectorEvent, ConnectorWorkflow
from flowbridge.emit.connector.schemas import (
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
from flowbridge.emit.connector.swagger import Body, Operation
from flowbridge.emit.connector.swagger_types import Schema, object_schema
from flowbridge.emit.connector.webhooks import run_and_wait, triggers, unsubscribes


def workflow_operations(
    workflow: ConnectorWorkflow, taken: set[str] | None = None, *, signed_in: bool = False
) -> tuple[Operation, ...]:
    """All operations of a workflow, in the order in which the designer shall list them.

    `taken` are the operation ids that other workflows have; `signed_in` says that the platform tells who decides.
    """
    names = naming(workflow, set() if taken is None else taken)
    raised = tuple(_raise(approval, names, signed_in) for approval in workflow.approvals)
    events = tuple(_event(event, names) for event in workflow.events)
    return (
        _start(workflow, names),
        run_and_wait(workflow, names),
        _status(workflow, names),
        *raised,
        *events,
        *triggers(workflow, names),
        _terminate(names),
        _hold(names, "suspend", "Suspend", "Holds an instance: it goes on when it is resumed, and its time runs on."),
        _hold(names, "resume", "Resume", "Lets an instance that was suspended go on."),
        _purge(names),
        list_instances(names),
        tell_history(names),
        *choices(workflow, names),
        *unsubscribes(workflow, names),
    )


def _start(workflow: ConnectorWorkflow, names: Naming) -> Operation:
    return Operation(
        id=names.operation(f"Start{names.id}"),
        method="post",
        path=f"{names.path}/start",
        summary=names.summary(f"Start {names.title}"),
        description=_told("Starts an instance and answers at once with its ID.", workflow.description),
        visibility="important",
        parameters=(),
        body=_input(start_body(workflow)),
        answer="The instance that was started.",
        result=started(),
        refusals=(INVALID, EXISTS, TOO_LARGE, NOT_BEGUN),
    )


def _input(body: Schema) -> Body:
    return Body("The input of the workflow.", body, required="required" in body)


def _status(workflow: ConnectorWorkflow, names: Naming) -> Operation:
    return Operation(
        id=names.operation(f"Get{names.id}Status"),
        method="get",
        path=f"{names.path}/instances/{{instanceId}}",
        summary=names.summary(f"Get the status of {names.title}"),
        description="Tells where an instance stands, what it waits for, and its output or error once it has ended.",
        visibility="important",
        parameters=(names.instance(),),
        body=None,
        answer="Where the instance stands.",
        result=state(workflow),
        refusals=(UNKNOWN,),
    )


def _raise(approval: ConnectorApproval, names: Naming, signed_in: bool) -> Operation:
    title = labels.summary_text(approval.title) or " ".join(labels.words(approval.id))
    forbidden = (("403", "The signed-in user is not asked for this approval."),) if signed_in else ()
    return Operation(
        id=names.operation(f"Raise{names.id}{labels.pascal(approval.id)}"),
        method="post",
        path=f"{names.path}/instances/{{instanceId}}/approvals/{approval.id}",
        summary=names.summary(f"Approve or reject {names.title}", title),
        description=f"Decides what an instance waits for ({labels.cut(title, 120)}) and tells what was recorded.",
        visibility="important",
        parameters=(names.waiting(approval.id),),
        body=Body("The decision.", decision_taken(approval, signed_in=signed_in)),
        answer="What the workflow recorded.",
        result=recorded(approval),
        refusals=(
            INVALID,
            *forbidden,
            UNKNOWN,
            ("409", "The instance does not wait for this approval now."),
            ENDED,
            TOO_LARGE,
        ),
    )


def _event(event: ConnectorEvent, names: Naming) -> Operation:
    name = " ".join(labels.words(event.name))
    return Operation(
        id=names.operation(f"Raise{names.id}{labels.pascal(event.name)}Event"),
        method="post",
        path=f"{names.path}/instances/{{instanceId}}/events/{event.name}",
        summary=names.summary(f"Raise an event of {names.title}", name),
        description=f"Tells an instance that {labels.cut(name, 120)} has come, and tells whether it was awaited.",
        visibility="important",
        parameters=(names.instance(),),
        body=Body("What the event brings.", object_schema(event.payload, "in")) if event.payload else None,
        answer="What the workflow made of the event.",
        result=event_raised(),
        refusals=(
            INVALID,
            UNKNOWN,
            ("409", "The instance does not wait for this event now."),
            ENDED,
            TOO_LARGE,
        ),
    )


def _terminate(names: Naming) -> Operation:
    return Operation(
        id=names.operation(f"Terminate{names.id}"),
        method="post",
        path=f"{names.path}/instances/{{instanceId}}/terminate",
        summary=names.summary(f"Terminate {names.title}"),
        description="Ends an instance and everything that runs for it, at once and without an output.",
        visibility=None,
        parameters=(names.instance(),),
        body=Body("Why the instance is ended.", reason("Why the instance is ended; its status shows it."), False),
        answer="The instance has ended.",
        result=ended(),
        refusals=(
            INVALID,
            UNKNOWN,
            ENDED,
            TOO_LARGE,
            ("503", "A child is still at work; send the same request again."),
        ),
    )


def _hold(names: Naming, path: str, verb: str, told: str) -> Operation:
    return Operation(
        id=names.operation(f"{verb}{names.id}"),
        method="post",
        path=f"{names.path}/instances/{{instanceId}}/{path}",
        summary=names.summary(f"{verb} {names.title}"),
        description=told,
        visibility="advanced",
        parameters=(names.instance("Suspended") if path == "resume" else names.instance(),),
        body=Body("Why this is done.", reason("Why this is done; the history of the instance keeps it."), False),
        answer="How the instance stands.",
        result=ended(),
        refusals=(INVALID, UNKNOWN, ENDED, TOO_LARGE),
    )


def _purge(names: Naming) -> Operation:
    return Operation(
        id=names.operation(f"Purge{names.id}"),
        method="delete",
        path=f"{names.path}/instances/{{instanceId}}",
        summary=names.summary(f"Purge {names.title}"),
        description="Deletes the history of an instance that has ended; it cannot be brought back.",
        visibility=None,
        parameters=(names.instance("Completed,Failed,Terminated"),),
        body=None,
        answer="The history is deleted.",
        result=purged(),
        refusals=(UNKNOWN, ("409", "The instance, or one that runs for it, has not ended yet.")),
    )


def _told(first: str, description: str) -> str:
    return f"{first} {labels.sentence(description)}".strip()
