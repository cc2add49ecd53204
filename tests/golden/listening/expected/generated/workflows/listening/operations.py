"""The operations of listening; each HTTP function asks for a function key."""

import azure.functions as func

from runtime import decide, raise_event, start, status, stop
from runtime.operations import Workflow
from runtime.sdk import Client

from .blueprint import bp
from .schemas import (
    CANCELLED_EVENT,
    INPUT,
    PAID_EVENT,
    PARCEL_PACKED_EVENT,
    REVIEW_ANSWER,
    REVIEW_FIELDS,
    SHIPPED_EVENT,
    START,
)

WORKFLOW = Workflow(
    name="listening",
    orchestrator="listening",
    input=INPUT,
    start=START,
    answers={"review": REVIEW_ANSWER},
    events={
        "paid": PAID_EVENT,
        "parcel_packed": PARCEL_PACKED_EVENT,
        "shipped": SHIPPED_EVENT,
        "cancelled": CANCELLED_EVENT,
    },
    forms={"review": REVIEW_FIELDS},
    announces=True,
)


@bp.route(route="listening/start", methods=["POST"])
@bp.durable_client_input(client_name="client")
async def listening_start(req: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Starts an instance."""
    return await start.start(WORKFLOW, req, client)


@bp.route(route="listening/instances/{instanceId}", methods=["GET"])
@bp.durable_client_input(client_name="client")
async def listening_get_status(req: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Tells where an instance stands."""
    return await status.get_status(WORKFLOW, req, client)


@bp.route(route="listening/instances/{instanceId}/approvals/{approval}", methods=["POST"])
@bp.durable_client_input(client_name="client")
async def listening_raise_approval(req: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Answers an approval, and tells what was recorded."""
    return await decide.raise_approval(WORKFLOW, req, client)


@bp.route(route="listening/instances/{instanceId}/events/{event}", methods=["POST"])
@bp.durable_client_input(client_name="client")
async def listening_raise_event(req: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Raises an event, and tells whether the workflow took it."""
    return await raise_event.raise_event(WORKFLOW, req, client)


@bp.route(route="listening/instances/{instanceId}/terminate", methods=["POST"])
@bp.durable_client_input(client_name="client")
async def listening_terminate(req: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Ends an instance and its children."""
    return await stop.terminate(WORKFLOW, req, client)


@bp.route(route="listening/instances/{instanceId}", methods=["DELETE"])
@bp.durable_client_input(client_name="client")
async def listening_purge(req: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Deletes an ended instance and its children."""
    return await stop.purge(WORKFLOW, req, client)
