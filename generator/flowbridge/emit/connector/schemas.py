"""What the operations of a connector take and answer, as schemas.

They mirror the generated app's HTTP operations (`runtime/start.py`, `status.py`, `decide.py` and `stop.py`). What does
not apply is absent from an answer, so only what is always there is required.
"""

from __future__ import annotations

from flowbridge.emit.connector.plan import ConnectorApproval, ConnectorWorkflow
from flowbridge.emit.connector.swagger_types import Schema, closed, enum_schema, important, labelled, object_schema
from flowbridge.emit.wire import USUAL_OUTCOMES

STATUSES = ("Pending", "Running", "Suspended", "ContinuedAsNew", "Completed", "Failed", "Terminated", "Canceled")
RESULTS = ("recorded", "alreadyDecided", "tooLate", "pending")
EVENT_RESULTS = ("recorded", "notMatched", "tooLate", "pending")
INSTANCE_ID_LIMIT = 100
INSTANCE_ID_PATTERN = "^[A-Za-z0-9][A-Za-z0-9_.:-]*$"
RESPONDER_LIMIT = 320
COMMENTS_LIMIT = 4_000
REASON_LIMIT = 1_000


def start_body(workflow: ConnectorWorkflow) -> Schema:
    """The workflow's input, field by field, and beside it an instance id that the caller may choose."""
    body = object_schema(workflow.input, "in")
    properties = body["properties"]
    assert isinstance(properties, dict)
    chosen = text(
        "Instance ID",
        "An ID of your choice: the same ID with the same input is the same instance, never a second one.",
        maxLength=INSTANCE_ID_LIMIT,
        pattern=INSTANCE_ID_PATTERN,
    )
    properties["instanceId"] = {**chosen, "x-ms-visibility": "advanced"}
    return body


def reason(told: str) -> Schema:
    """Why something is done to an instance."""
    return closed({"reason": text("Reason", told, maxLength=REASON_LIMIT)})


def ended() -> Schema:
    """How a terminated instance stands."""
    required = ("instanceId", "runtimeStatus")
    return closed({"instanceId": instance_id(), "runtimeStatus": runtime_status()}, required)


def purged() -> Schema:
    """What a purge removed."""
    deleted: Schema = {"type": "integer", "format": "int32"}
    told = "How many instances were deleted: this one and those that ran for it."
    properties = {"instanceId": instance_id(), "deleted": labelled(deleted, "Deleted Instances", told)}
    return closed(properties, tuple(properties))


def started() -> Schema:
    """Where a started instance is reached."""
    # `sendEventPostUri` holds `{approval}` where a workflow has several, which no URI may: it stays plain text.
    properties = {
        "id": text("ID", "The ID of the instance, under the name that Durable Functions gives it."),
        "instanceId": instance_id(),
        "statusQueryGetUri": text("Status URL", "Where a GET tells the status.", format="uri"),
        "sendEventPostUri": text("Approval URL", "Where a POST answers an approval."),
        "terminatePostUri": text("Terminate URL", "Where a POST ends the instance.", format="uri"),
        "purgeHistoryDeleteUri": text("Purge URL", "Where a DELETE removes the history.", format="uri"),
    }
    return closed(properties, tuple(properties))


def state(workflow: ConnectorWorkflow) -> Schema:
    """Where an instance stands."""
    properties = {
        "id": text("ID", "The ID of the instance, under the name that Durable Functions gives it."),
        "instanceId": instance_id(),
        "workflow": text("Workflow", "The name of the workflow."),
        "runtimeStatus": runtime_status(),
        "step": text("Step", "The ID of the step that runs, or that ran last."),
        "stepTitle": text("Step Title", "The title of that step."),
        "message": text("Message", "What the workflow says about its progress."),
        "progress": labelled(_progress(), "Progress", "How far the last list of items has come."),
        "pendingApprovals": _pending_approvals(),
        "pendingEvents": _pending_events(),
        "output": output(workflow),
        "error": error(),
        "createdTime": moment("Created Time", "When the instance was started."),
        "lastUpdatedTime": moment("Last Updated Time", "When the instance last changed."),
    }
    if workflow.output is None:
        del properties["output"]
    return closed(properties, ("id", "instanceId", "workflow", "runtimeStatus", "pendingApprovals", "pendingEvents"))


def output(workflow: ConnectorWorkflow) -> Schema:
    """What a workflow gives back."""
    fields = workflow.output or ()
    told = "What the workflow gave back; it is there once the status is Completed."
    return labelled(object_schema(fields, "out"), "Output", told)


def _progress() -> Schema:
    count: Schema = {"type": "integer", "format": "int32"}
    properties = {
        "completed": labelled(count, "Completed", "How many items are done."),
        "total": labelled(count, "Total", "How many items there are."),
    }
    return closed(properties, ("completed", "total"))


def error() -> Schema:
    """Why an instance ended without an output."""
    properties = {
        "code": text("Code", "The name of the error, to branch on."),
        "message": text("Message", "What went wrong, to read."),
        "step": text("Step", "The ID of the step that failed."),
    }
    told = "Why the instance ended without an output."
    return labelled(closed(properties, ("code", "message")), "Error", told)


def _pending_approvals() -> Schema:
    approvers: Schema = {"type": "array", "items": {"type": "string"}}
    properties = {
        "approval": text("Approval", "The ID of the approval."),
        "title": text("Title", "What is to be approved."),
        "details": text("Details", "What the approver should know."),
        "approvers": labelled(approvers, "Approvers", "Who is asked."),
        "requestedAt": moment("Requested At", "Since when the instance waits."),
        "dueAt": moment("Due At", "Until when an answer counts."),
    }
    item = closed(properties, ("approval", "title", "approvers", "requestedAt", "dueAt"))
    # The label of the items, and not that of the list, goes before the labels of the tokens inside.
    one = labelled(item, "Pending Approval", "An approval that waits for an answer.")
    return labelled({"type": "array", "items": one}, "Pending Approvals", "The approvals that wait for an answer.")


def _pending_events() -> Schema:
    properties = {
        "event": text("Event", "The name of the event."),
        "dueAt": moment("Due At", "Until when it is awaited."),
    }
    one = labelled(closed(properties, ("event", "dueAt")), "Pending Event", "An event that the instance waits for.")
    return labelled({"type": "array", "items": one}, "Pending Events", "The events that the instance waits for.")


def decision_taken(approval: ConnectorApproval, *, signed_in: bool = False) -> Schema:
    """An answer to an approval; a responder who is signed in need not be named."""
    decisions = enum_schema(approval.outcomes, displayed=True)
    properties = {
        "decision": important(labelled(decisions, "Decision", _choice(approval.outcomes))),
        "responder": important(
            text("Responder", "Who decides, such as an e-mail address.", minLength=1, maxLength=RESPONDER_LIMIT)
        ),
        "comments": important(text("Comments", "What the responder has to say.", maxLength=COMMENTS_LIMIT)),
    }
    required = ["decision", "responder"]
    if signed_in:
        del properties["responder"]
        required.remove("responder")
    if approval.form is not None:
        told = "What the approval asks for beside the decision."
        properties["form"] = important(labelled(object_schema(approval.form, "in"), "Form", told))
        if "Reject" not in approval.outcomes:
            required.append("form")
    return closed(properties, tuple(required))


def _choice(outcomes: tuple[str, ...]) -> str:
    return "Whether to approve or to reject." if outcomes == USUAL_OUTCOMES else f"One of {', '.join(outcomes)}."


def recorded(approval: ConnectorApproval) -> Schema:
    """What the workflow made of an answer."""
    decision = enum_schema(approval.outcomes, displayed=True)
    told = "Recorded: this answer counts; already decided: an earlier one does; too late: none; pending: not known yet."
    properties = {
        "instanceId": instance_id(),
        "approval": text("Approval", "The ID of the approval."),
        "result": labelled(enum_schema(RESULTS), "Result", told),
        "decision": labelled(decision, "Decision", "The decision that counts."),
        "responder": text("Responder", "Who made the decision that counts."),
        "comments": text("Comments", "What the responder had to say."),
        "decidedAt": moment("Decided At", "When the decision was recorded."),
    }
    return closed(properties, ("instanceId", "approval", "result"))


def event_raised() -> Schema:
    """What the workflow made of an event."""
    told = "Recorded: it was awaited; not matched: it is not the one; too late: nobody waits; pending: not known yet."
    properties = {
        "instanceId": instance_id(),
        "event": text("Event", "The name of the event."),
        "result": labelled(enum_schema(EVENT_RESULTS), "Result", told),
    }
    return closed(properties, tuple(properties))


def instance_id() -> Schema:
    """The id of an instance, as an answer shows it."""
    return text("Instance ID", "The ID of the instance, by which every other operation finds it.")


def runtime_status() -> Schema:
    """The state of an instance, in the words of Durable Functions."""
    return labelled(enum_schema(STATUSES), "Runtime Status", "What the instance is doing, or how it ended.")


def moment(label: str, description: str) -> Schema:
    """A date and time with its zone."""
    return text(label, description, format="date-time")


def text(label: str, description: str, **more: str | int) -> Schema:
    """A text with a label and a description; `more` are further keywords."""
    return labelled({"type": "string", **more}, label, description)
