"""The operations behind the triggers, waits and lists of calls."""

import azure.functions as func

from runtime import browse, hold, subscribe
from runtime.sdk import Client

from .blueprint import bp
from .operations import WORKFLOW


@bp.route(route="calls/run-and-wait", methods=["POST"])
@bp.durable_client_input(client_name="client")
async def calls_run_and_wait(req: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Starts an instance and tells of its end."""
    return await subscribe.run_and_wait(WORKFLOW, req, client)


@bp.route(route="calls/run-and-wait/{token}", methods=["DELETE"], auth_level=func.AuthLevel.ANONYMOUS)
@bp.durable_client_input(client_name="client")
async def calls_cancel_wait(req: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Ends a wait for an instance."""
    return await subscribe.cancel_wait(WORKFLOW, req, client)


@bp.route(route="calls/subscriptions/finished", methods=["POST"])
@bp.durable_client_input(client_name="client")
async def calls_when_finished(req: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Subscribes to the ends of instances."""
    return await subscribe.when_finished(WORKFLOW, req, client)


@bp.route(route="calls/subscriptions/finished/{token}", methods=["DELETE"], auth_level=func.AuthLevel.ANONYMOUS)
@bp.durable_client_input(client_name="client")
async def calls_cancel_finished(req: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Ends a subscription to the ends of instances."""
    return await subscribe.cancel_finished(WORKFLOW, req, client)


@bp.route(route="calls/instances", methods=["GET"])
@bp.durable_client_input(client_name="client")
async def calls_list_instances(req: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Tells which instances there are."""
    return await browse.list_instances(WORKFLOW, req, client)


@bp.route(route="calls/instances/{instanceId}/history", methods=["GET"])
@bp.durable_client_input(client_name="client")
async def calls_get_history(req: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Tells what has happened."""
    return await browse.get_history(WORKFLOW, req, client)


@bp.route(route="calls/instances/{instanceId}/suspend", methods=["POST"])
@bp.durable_client_input(client_name="client")
async def calls_suspend(req: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Holds an instance and its children."""
    return await hold.suspend(WORKFLOW, req, client)


@bp.route(route="calls/instances/{instanceId}/resume", methods=["POST"])
@bp.durable_client_input(client_name="client")
async def calls_resume(req: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Lets an instance and its children go on."""
    return await hold.resume(WORKFLOW, req, client)


@bp.route(route="calls/choices/instances", methods=["GET"])
@bp.durable_client_input(client_name="client")
async def calls_choose_instance(req: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Offers instances to pick from."""
    return await browse.choose_instance(WORKFLOW, req, client)
