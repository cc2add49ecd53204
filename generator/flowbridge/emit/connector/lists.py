"""The operations of a connector that list: instances, a history, what a designer offers; and the test of a connection.

They mirror `runtime/browse.py` and `runtime/ping.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowbridge.emit.connector.naming import INVALID, UNKNOWN, Naming
from flowbridge.emit.connector.plan import ConnectorWorkflow
from flowbridge.emit.connector.schemas import STATUSES, instance_id, moment, runtime_status, text
from flowbridge.emit.connector.swagger import Operation, QueryParameter
from flowbridge.emit.connector.swagger_types import Schema, closed, enum_schema, labelled


def list_instances(names: Naming) -> Operation:
    """The list of a workflow's instances, in pages."""
    time: Schema = {"type": "string", "format": "date-time"}
    top: Schema = {"type": "integer", "format": "int32", "minimum": 1, "maximum": 100}
    after = "What the list before answered with; the list goes on from there."
    return Operation(
        id=names.operation(f"List{names.id}Instances"),
        method="get",
        path=f"{names.path}/instances",
        summary=names.summary(f"List instances of {names.title}"),
        description="Tells which instances there are, those of a status or a time if you like, in pages.",
        visibility="advanced",
        parameters=(),
        body=None,
        answer="A page of instances.",
        result=_instances(),
        refusals=(INVALID,),
        queries=(
            QueryParameter("status", "Status", "Only instances of this status.", enum_schema(STATUSES)),
            QueryParameter("createdFrom", "Created From", "Only instances started at this time or later.", time),
            QueryParameter("createdTo", "Created To", "Only instances started at this time or before.", time),
            QueryParameter("top", "Top", "How many instances a page has at most; 50 unless told.", top, advanced=True),
            QueryParameter("continuationToken", "Continuation Token", after, {"type": "string"}, advanced=True),
        ),
    )


def tell_history(names: Naming) -> Operation:
    """What has happened in an instance."""
    return Operation(
        id=names.operation(f"Get{names.id}History"),
        method="get",
        path=f"{names.path}/instances/{{instanceId}}/history",
        summary=names.summary(f"Get the history of {names.title}"),
        description="Tells what has happened in an instance, the oldest first, without inputs and results.",
        visibility="advanced",
        parameters=(names.instance(),),
        body=None,
        answer="What has happened.",
        result=_history(),
        refusals=(UNKNOWN,),
    )


def choices(workflow: ConnectorWorkflow, names: Naming) -> Iterator[Operation]:
    """What the designer asks for its pick lists."""
    status = QueryParameter("status", "Status", "Only instances of these statuses.", {"type": "string"})
    yield _choice(names, names.chooser, "instances", "an instance", status, ("instanceId", "title"))
    if workflow.approvals:
        approval = QueryParameter("approval", "Approval", "Only this approval of the workflow.", {"type": "string"})
        fields = ("instanceId", "approval", "title")
        yield _choice(names, names.approval_chooser, "approvals", "an approval", approval, fields)


def ping(taken: set[str]) -> Operation:
    """The operation that tests a connection."""
    properties = {
        "status": text("Status", "Always ok."),
        "host": text("Host", "The host that answered."),
    }
    taken.add("testconnection")
    return Operation(
        id="TestConnection",
        method="get",
        path="/api/connector/ping",
        summary="Test the connection",
        description="Answers if the address and the credentials of the connection are right.",
        visibility="internal",
        parameters=(),
        body=None,
        answer="The connection works.",
        result=closed(properties, tuple(properties)),
    )


def _choice(names: Naming, id_: str, path: str, what: str, query: QueryParameter, fields: tuple[str, ...]) -> Operation:
    known = {
        "instanceId": instance_id(),
        "approval": text("Approval", "The ID of the approval."),
        "title": text("Title", "What is shown in the list."),
    }
    item = closed({name: known[name] for name in fields}, fields)
    shown = labelled(item, "Choice", "One that can be picked.")
    value = labelled({"type": "array", "items": shown}, "Value", "What can be picked.")
    return Operation(
        id=id_,
        method="get",
        path=f"{names.path}/choices/{path}",
        summary=names.summary(f"Choose {what} of {names.title}"),
        description="Offers what can be picked at the moment, for the designer's lists.",
        visibility="internal",
        parameters=(),
        body=None,
        answer="What can be picked.",
        result=closed({"value": value}, ("value",)),
        refusals=(INVALID,) if path == "instances" else (),
        queries=(query,),
    )


def _instances() -> Schema:
    properties = {
        "instanceId": text("ID", "The ID of the instance, by which every other operation finds it."),
        "runtimeStatus": runtime_status(),
        "step": text("Step", "The ID of the step that runs, or that ran last."),
        "stepTitle": text("Step Title", "The title of that step."),
        "message": text("Message", "What the workflow says about its progress."),
        "createdTime": moment("Created Time", "When the instance was started."),
        "lastUpdatedTime": moment("Last Updated Time", "When the instance last changed."),
    }
    item = labelled(closed(properties, ("instanceId", "runtimeStatus")), "Instance", "An instance of the workflow.")
    listed = labelled({"type": "array", "items": item}, "Instances", "The instances of this page.")
    told = "Asks for the page after this one; it is absent on the last."
    return closed({"instances": listed, "continuationToken": text("Continuation Token", told)}, ("instances",))


def _history() -> Schema:
    properties = {
        "timestamp": moment("Timestamp", "When it happened."),
        "type": text("Type", "What happened, in the words of Durable Functions."),
        "name": text("Name", "What it happened to, such as the name of an activity."),
        "startedTime": moment("Started Time", "When it was begun."),
        "message": text("Message", "What was said of it, such as the reason of a failure."),
    }
    item = labelled(closed(properties, ("timestamp", "type")), "Event", "Something that happened.")
    events = labelled({"type": "array", "items": item}, "Events", "The last 1,000 events, the oldest first.")
    total = labelled({"type": "integer", "format": "int32"}, "Total", "How many events there are in all.")
    return closed({"instanceId": instance_id(), "events": events, "total": total}, ("instanceId", "events", "total"))
