"""The operations of approval_alone; each HTTP function asks for a function key."""

import azure.functions as func

from runtime import decide, start, status, stop
from runtime.operations import Workflow
from runtime.sdk import Client

from .blueprint import bp
from .schemas import APPROVAL_ANSWER, INPUT, START

WORKFLOW = Workflow(
    name="approval_alone",
    orchestrator="approval_alone",
    input=INPUT,
    start=START,
    answers={"approval": APPROVAL_ANSWER},
    announces=True,
)


@bp.route(route="approval_alone/start", methods=["POST"])
@bp.durable_client_input(client_name="client")
async def approval_alone_start(req: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Starts an instance."""
    return await start.start(WORKFLOW, req, client)


@bp.route(route="approval_alone/instances/{instanceId}", methods=["GET"])
@bp.durable_client_input(client_name="client")
async def approval_alone_get_status(req: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Tells where an instance stands."""
    return await status.get_status(WORKFLOW, req, client)


@bp.route(route="approval_alone/instances/{instanceId}/approvals/{approval}", methods=["POST"])
@bp.durable_client_input(client_name="client")
async def approval_alone_raise_approval(req: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Answers an approval, and tells what was recorded."""
    return await decide.raise_approval(WORKFLOW, req, client)


@bp.route(route="approval_alone/instances/{instanceId}/terminate", methods=["POST"])
@bp.durable_client_input(client_name="client")
async def approval_alone_terminate(req: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Ends an instance and its children."""
    return await stop.terminate(WORKFLOW, req, client)


@bp.route(route="approval_alone/instances/{instanceId}", methods=["DELETE"])
@bp.durable_client_input(client_name="client")
async def approval_alone_purge(req: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Deletes an ended instance and its children."""
    return await stop.purge(WORKFLOW, req, client)
