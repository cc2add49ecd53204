"""The operations that call a flow back: the triggers, and the action that waits until an instance has ended.

Each is alone on its path, because what stands beside it on the path holds for every method there. The address of the
flow is filled in by the platform; the maker never sees it. They mirror `runtime/subscribe.py` and `delivery.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowbridge.emit.connector import labels
from flowbridge.emit.connector.naming import EXISTS, INVALID, NOT_BEGUN, TOO_LARGE, Naming
from flowbridge.emit.connector.plan import ConnectorWorkflow
from flowbridge.emit.connector.schemas import error, moment, output, start_body, text
from flowbridge.emit.connector.swagger import Body, Notification, Operation, PathParameter
from flowbridge.emit.connector.swagger_types import Schema, closed, enum_schema, labelled
from flowbridge.emit.form_fields import FIELD_KINDS

OUTCOMES = ("Succeeded", "Failed", "TimedOut", "Terminated")
_CALLBACK = "callbackUrl"


def run_and_wait(workflow: ConnectorWorkflow, names: Naming) -> Operation:
    """The action that starts an instance and gives its result when it has ended."""
    body = start_body(workflow)
    properties, required = body["properties"], body.get("required", [])
    assert isinstance(properties, dict)
    assert isinstance(required, list)
    whole: Schema = {**body, "properties": {**properties, _CALLBACK: _callback()}, "required": [*required, _CALLBACK]}
    told = "Starts an instance and goes on when it has ended, days later if need be."
    return Operation(
        id=names.operation(f"Run{names.id}AndWait"),
        method="post",
        path=f"{names.path}/run-and-wait",
        summary=names.summary(f"Run {names.title} and wait for its end"),
        description=f"{told} {labels.sentence(workflow.description)}".strip(),
        visibility="important",
        parameters=(),
        body=Body("The input of the workflow.", whole),
        answer="The instance was started.",
        result=None,
        refusals=(INVALID, EXISTS, TOO_LARGE, NOT_BEGUN),
        notification=Notification("How the instance ended.", _end(workflow)),
    )


def triggers(workflow: ConnectorWorkflow, names: Naming) -> Iterator[Operation]:
    """The triggers of a workflow."""
    if workflow.approvals:
        yield _trigger(
            names,
            id_=f"When{names.id}ApprovalNeeded",
            path="approvals",
            shown=f"When an approval is needed for {names.title}",
            told="Triggers when an instance begins to wait for an approval, and at each reminder of it.",
            hint="To see it work now, start an instance that asks for an approval.",
            gives=Notification("The approval that is needed.", _approval(workflow)),
        )
    yield _trigger(
        names,
        id_=f"When{names.id}Finished",
        path="finished",
        shown=f"When {names.title} has finished",
        told="Triggers when an instance has ended, however it ended.",
        hint="To see it work now, start an instance and let it come to its end.",
        gives=Notification("How the instance ended.", _end(workflow)),
    )


def unsubscribes(workflow: ConnectorWorkflow, names: Naming) -> Iterator[Operation]:
    """What the platform calls, out of sight, when a flow is turned off or a run is cancelled."""
    if workflow.approvals:
        yield _unsubscribe(names, f"Unsubscribe{names.id}ApprovalNeeded", "subscriptions/approvals")
    yield _unsubscribe(names, f"Unsubscribe{names.id}Finished", "subscriptions/finished")
    yield _unsubscribe(names, f"CancelRun{names.id}AndWait", "run-and-wait")


def _trigger(names: Naming, *, id_: str, path: str, shown: str, told: str, hint: str, gives: Notification) -> Operation:
    return Operation(
        id=names.operation(id_),
        method="post",
        path=f"{names.path}/subscriptions/{path}",
        summary=names.summary(shown),
        description=told,
        visibility="important",
        parameters=(),
        body=Body("Where the flow is called back.", closed({_CALLBACK: _callback()}, (_CALLBACK,))),
        answer="The subscription; its address is in the header Location.",
        result=None,
        refusals=(INVALID, TOO_LARGE),
        notification=gives,
        trigger_hint=hint,
    )


def _unsubscribe(names: Naming, id_: str, path: str) -> Operation:
    return Operation(
        id=names.operation(id_),
        method="delete",
        path=f"{names.path}/{path}/{{token}}",
        summary=names.summary(f"Stop calling back for {names.title}"),
        description="Ends a subscription; it is no mistake if it has ended before.",
        visibility="internal",
        parameters=(PathParameter("token", "Token", "The last part of the address that the subscription gave."),),
        body=None,
        answer="There is no such subscription any more.",
        result=closed({"status": text("Status", "Always ended.")}, ("status",)),
    )


def _callback() -> Schema:
    shown = text("Callback URL", "Where the flow is called back; the platform fills it in.")
    return {**shown, "x-ms-visibility": "internal", "x-ms-notification-url": True}


def _end(workflow: ConnectorWorkflow) -> Schema:
    told = "Succeeded, failed, timed out (a wait had no answer in time), or terminated."
    properties = {
        **_event(),
        "outcome": labelled(enum_schema(OUTCOMES, displayed=True), "Outcome", told),
        "output": output(workflow),
        "error": error(),
        "endedAt": moment("Ended At", "When the instance ended."),
    }
    if workflow.output is None:
        del properties["output"]
    return closed(properties, ("eventId", "workflow", "instanceId", "outcome"))


def _approval(workflow: ConnectorWorkflow) -> Schema:
    approvers: Schema = {"type": "array", "items": {"type": "string"}}
    reminder: Schema = {"type": "integer", "format": "int32"}
    ids = [one.id for one in workflow.approvals]
    properties = {
        **_event(),
        "approval": labelled(enum_schema(ids, displayed=True), "Approval", "Which approval of the workflow it is."),
        "title": text("Title", "What is to be approved."),
        "details": text("Details", "What the approver should know."),
        "approvers": labelled(approvers, "Approvers", "Who is asked."),
        "requestedAt": moment("Requested At", "Since when the instance waits."),
        "dueAt": moment("Due At", "Until when an answer counts."),
        "reminder": labelled(reminder, "Reminder", "How often it has been reminded of; 0 at first."),
    }
    if any(one.form for one in workflow.approvals):
        properties["form"] = _form()
    always = ("eventId", "workflow", "instanceId", "approval", "title", "approvers", "requestedAt", "dueAt", "reminder")
    return closed(properties, always)


def _form() -> Schema:
    """The fields that an approver fills in, described: a flow can ask for them."""
    properties = {
        "name": text("Name", "The name of the field in the answer."),
        "title": text("Title", "The label of the field."),
        "description": text("Description", "What is to be filled in."),
        "type": labelled(enum_schema(FIELD_KINDS), "Type", "What the field takes."),
        "required": labelled({"type": "boolean"}, "Required", "Whether an answer must have it."),
        "choices": labelled({"type": "array", "items": {"type": "string"}}, "Choices", "What can be chosen."),
    }
    always = ("name", "title", "description", "type", "required")
    item = labelled(closed(properties, always), "Form Field", "A field that the approver fills in.")
    return labelled({"type": "array", "items": item}, "Form", "The fields that the approver fills in.")


def _event() -> dict[str, Schema]:
    return {
        "eventId": text("Event ID", "The same for an event that is told twice, to tell a repetition by."),
        "workflow": text("Workflow", "The name of the workflow."),
        "instanceId": text("Instance ID", "The ID of the instance, by which every other operation finds it."),
    }
