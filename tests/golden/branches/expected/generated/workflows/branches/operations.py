"""The operations of branches; each HTTP function asks for a function key."""

import azure.functions as func

from runtime import start, status, stop
from runtime.operations import Workflow
from runtime.sdk import Client

from .blueprint import bp
from .schemas import INPUT, START

WORKFLOW = Workflow(name="branches", orchestrator="branches", input=INPUT, start=START, answers={}, announces=True)


@bp.route(route="branches/start", methods=["POST"])
@bp.durable_client_input(client_name="client")
async def branches_start(req: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Starts an instance."""
    return await start.start(WORKFLOW, req, client)


@bp.route(route="branches/instances/{instanceId}", methods=["GET"])
@bp.durable_client_input(client_name="client")
async def branches_get_status(req: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Tells where an instance stands."""
    return await status.get_status(WORKFLOW, req, client)


@bp.route(route="branches/instances/{instanceId}/terminate", methods=["POST"])
@bp.durable_client_input(client_name="client")
async def branches_terminate(req: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Ends an instance and its children."""
    return await stop.terminate(WORKFLOW, req, client)


@bp.route(route="branches/instances/{instanceId}", methods=["DELETE"])
@bp.durable_client_input(client_name="client")
async def branches_purge(req: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Deletes an ended instance and its children."""
    return await stop.purge(WORKFLOW, req, client)
