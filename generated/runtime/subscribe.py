"""The operations behind the connector's triggers, and RunAndWait: they keep a callback and answer how to give it up.

The answer is 201 with a Location that authorises itself: the platform sends its DELETE without the connection's key.
"""

from __future__ import annotations

from typing import cast

import azure.functions as func

from .callback import problem
from .http import Address, RefusedError, answer, read_body
from .operations import Workflow
from .sdk import Client
from .start import start_chosen
from .subscriptions import Kind, digest, subscribe, unsubscribe
from .validation import Schema, complete

# Its bounds are checked apart: what is wrong with a value is told with the value, and this one is a secret.
CALLBACK: Schema = {"type": "string"}
_SUBSCRIBE: Schema = {
    "type": "object",
    "properties": {"callbackUrl": CALLBACK},
    "required": ["callbackUrl"],
    "additionalProperties": False,
}


async def when_approval_needed(workflow: Workflow, request: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Subscribes to approvals that begin to wait: 201, or 400 for an address that may not be called back."""
    return await _keep(workflow, request, client, "approvals", "subscriptions/approvals")


async def when_finished(workflow: Workflow, request: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Subscribes to the ends of instances: 201, or 400 for an address that may not be called back."""
    return await _keep(workflow, request, client, "finished", "subscriptions/finished")


async def run_and_wait(workflow: Workflow, request: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Starts an instance and subscribes to its end: 201; 400, 409, 413 and 503 as for Start.

    A request that is repeated finds the instance that it has started: without an id of the caller's choice the id is
    made of the callback's address, which is another for every action of every flow run.
    """
    try:
        body = read_body(request, _with_callback(workflow.start))
        url = _address(workflow, body)
        chosen = body.pop("instanceId", None)
        instance_id = chosen if isinstance(chosen, str) else digest(f"run|{url}")
        # Subscribed first: an instance may end as soon as it is started.
        token = await subscribe(client, workflow.name, workflow.orchestrator, "run", url, instance_id)
        try:
            await start_chosen(workflow, client, instance_id, complete(workflow.input, body))
        except BaseException:
            await unsubscribe(client, workflow.name, "run", token)
            raise
    except RefusedError as refused:
        return refused.answer()
    return _created(request, workflow, "run-and-wait", token, {"instanceId": instance_id})


async def cancel_approvals(workflow: Workflow, request: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Ends a subscription to approvals: 200, also when there is none."""
    return await _give_up(workflow, request, client, "approvals")


async def cancel_finished(workflow: Workflow, request: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Ends a subscription to the ends of instances: 200, also when there is none."""
    return await _give_up(workflow, request, client, "finished")


async def cancel_wait(workflow: Workflow, request: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Ends the wait of a RunAndWait, while the instance runs on: 200, also when nobody waits."""
    return await _give_up(workflow, request, client, "run")


async def _keep(
    workflow: Workflow, request: func.HttpRequest, client: Client, kind: Kind, path: str
) -> func.HttpResponse:
    try:
        url = _address(workflow, read_body(request, _SUBSCRIBE))
        token = await subscribe(client, workflow.name, workflow.orchestrator, kind, url)
    except RefusedError as refused:
        return refused.answer()
    return _created(request, workflow, path, token, {})


async def _give_up(workflow: Workflow, request: func.HttpRequest, client: Client, kind: Kind) -> func.HttpResponse:
    await unsubscribe(client, workflow.name, kind, request.route_params["token"])
    return answer({"status": "ended"})


def _address(workflow: Workflow, body: dict[str, object]) -> str:
    url = str(body.pop("callbackUrl"))
    if wrong := problem(url, workflow.callback_hosts):
        raise RefusedError(400, "InvalidCallback", f"The callback {wrong}.")
    return url


def _with_callback(schema: Schema) -> Schema:
    """The schema of a Start body with the callback's address beside the fields."""
    properties = cast(dict[str, object], schema.get("properties", {}))
    required = cast(list[str], schema.get("required", []))
    return {
        **schema,
        "properties": {**properties, "callbackUrl": CALLBACK},
        "required": [*required, "callbackUrl"],
    }


def _created(
    request: func.HttpRequest, workflow: Workflow, path: str, token: str, body: dict[str, str]
) -> func.HttpResponse:
    made = answer(body, 201)
    made.headers["Location"] = f"{Address.of(request, workflow.name).base}/{workflow.name}/{path}/{token}"
    return made
