"""The Suspend and Resume operations: an instance together with the children that run for it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

import azure.functions as func

from .http import RefusedError, answer, read_body_if_any
from .operations import Instance, Workflow, find_run, parts
from .sdk import Client
from .stop import REASON

WAIT_SECONDS = 20.0


async def suspend(workflow: Workflow, request: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Holds an instance and its children: 200 once it is held, also if it was before; 404, or 410 if it has ended."""
    return await _change(workflow, request, client, client.suspend, held=True)


async def resume(workflow: Workflow, request: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Lets an instance and its children go on: 200, also if nothing held them; 404, or 410 if it has ended."""
    return await _change(workflow, request, client, client.resume, held=False)


async def _change(
    workflow: Workflow,
    request: func.HttpRequest,
    client: Client,
    order: Callable[[str, str], Awaitable[None]],
    *,
    held: bool,
) -> func.HttpResponse:
    try:
        instance = await find_run(workflow, client, request.route_params["instanceId"])
        body = read_body_if_any(request, REASON)
        if instance.ended:
            raise RefusedError(410, "Ended", f"The instance {instance.id!r} has ended: {instance.status}.")
        reason = body.get("reason")
        told = reason if isinstance(reason, str) and reason else ("Suspended" if held else "Resumed")
        for part in await parts(client, instance):
            if not part.ended and (part.status == "Suspended") != held:
                await _order(order, part.id, told)
        changed = await _settled(workflow, client, instance.id, held)
    except RefusedError as refused:
        return refused.answer()
    return answer({"instanceId": changed.id, "runtimeStatus": changed.status})


async def _order(order: Callable[[str, str], Awaitable[None]], instance_id: str, reason: str) -> None:
    try:
        await order(instance_id, reason)
    except Exception as failure:
        # It may have ended or changed by itself meanwhile; the caller is told what it shows.
        logging.getLogger(__name__).warning("suspending or resuming %s: %s", instance_id, failure)


async def _settled(workflow: Workflow, client: Client, instance_id: str, held: bool) -> Instance:
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        instance = await find_run(workflow, client, instance_id)
        if instance.ended or (instance.status == "Suspended") == held or time.monotonic() > deadline:
            return instance
        await asyncio.sleep(0.1)
