"""The Terminate and Purge operations: an instance together with the children that run for it.

The engine ends only the instance that it is told to end; its children would run on.
"""

from __future__ import annotations

import asyncio
import logging
import time

import azure.functions as func

from .delivery import purge_deliveries
from .farewell import see_off
from .http import RefusedError, answer, read_body_if_any
from .operations import Instance, Workflow, find, find_run, hand_over
from .sdk import Client
from .validation import Schema

WAIT_SECONDS = 20.0
REASON: Schema = {
    "type": "object",
    "properties": {"reason": {"type": ["string", "null"], "maxLength": 1000}},
    "additionalProperties": False,
}


async def terminate(workflow: Workflow, request: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Ends an instance and its children: 200 once they have ended; 404, or 410 if they had ended before.

    503 if not all have ended in time: the same request then ends the rest.
    """
    try:
        instance = await find_run(workflow, client, request.route_params["instanceId"])
        body = read_body_if_any(request, REASON)
        if instance.ended and await _is_over(client, instance):
            raise RefusedError(410, "Ended", f"The instance {instance.id!r} has ended: {instance.status}.")
        reason = body.get("reason")
        if workflow.announces and not instance.ended:
            await see_off(workflow, client, instance.id)
        if not await end_tree(client, instance.id, reason if isinstance(reason, str) and reason else "Terminated"):
            message = f"Not all that runs for {instance.id!r} has ended yet: send the same request again."
            raise RefusedError(503, "NotEnded", message)
        ended = await find_run(workflow, client, instance.id)
    except RefusedError as refused:
        return refused.answer()
    return answer({"instanceId": ended.id, "runtimeStatus": ended.status})


async def purge(workflow: Workflow, request: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Deletes an ended instance and its children: 200 with their number; 404, or 409 if it has not ended."""
    try:
        instance = await find_run(workflow, client, request.route_params["instanceId"])
        if not instance.ended:
            message = f"The instance {instance.id!r} is {instance.status}: terminate it first."
            raise RefusedError(409, "NotEnded", message)
        deleted = await _purge_tree(client, instance)
        if workflow.announces:
            await purge_deliveries(client, instance.id)
    except RefusedError as refused:
        return refused.answer()
    return answer({"instanceId": instance.id, "deleted": deleted})


async def end_tree(client: Client, instance_id: str, reason: str) -> bool:
    """Ends an instance first, so that it neither starts more children nor fails with one, then those it has shown.

    False if not all have ended in time: then the same is to be asked for again.
    """
    deadline = time.monotonic() + WAIT_SECONDS
    instance = await _begun(client, instance_id, deadline)
    if instance is None:
        return False
    # Whatever ended by itself has awaited its children.
    if instance.status in ("Completed", "Failed"):
        return True
    if not instance.ended:
        await _end(client, instance_id, reason)
    while not instance.ended and time.monotonic() < deadline:
        await asyncio.sleep(0.1)
        instance = await find(client, instance_id) or instance
    if not instance.ended:
        return False
    return all([await end_tree(client, child, reason) for child in instance.running_children])


async def signal_all(client: Client, instance_ids: list[str], event: str) -> bool:
    """Raises an event at instances; one that has ended meanwhile needs none. False if one has not begun in time."""
    deadline = time.monotonic() + WAIT_SECONDS
    found = [await _begun(client, instance_id, deadline) for instance_id in instance_ids]
    for instance in found:
        if instance is not None and not instance.ended:
            await hand_over(client, instance.id, event, None)
    return None not in found


async def _is_over(client: Client, instance: Instance) -> bool:
    """Whether nothing runs any more for an instance that has ended."""
    if instance.status in ("Completed", "Failed"):
        return True
    children = [await find(client, child) for child in instance.running_children]
    return all([one is not None and one.ended and await _is_over(client, one) for one in children])


async def _begun(client: Client, instance_id: str, deadline: float) -> Instance | None:
    """The instance; a child that has been asked for but not begun appears a moment later, and cannot be ended yet."""
    found = await find(client, instance_id)
    while found is None and time.monotonic() < deadline:
        await asyncio.sleep(0.1)
        found = await find(client, instance_id)
    return found


async def _end(client: Client, instance_id: str, reason: str) -> None:
    try:
        await client.terminate(instance_id, reason)
    except Exception as failure:
        # It may have ended by itself meanwhile; the caller looks at what it shows.
        logging.getLogger(__name__).warning("terminating %s: %s", instance_id, failure)


async def _purge_tree(client: Client, instance: Instance) -> int:
    deleted = 0
    for child in instance.children:
        found = await find(client, child)
        if found is not None and not found.ended:
            raise RefusedError(409, "NotEnded", f"A child of {instance.id!r} has not ended yet: try again.")
        if found is not None:
            deleted += await _purge_tree(client, found)
    result = await client.purge_instance_history(instance.id)
    return deleted + int(getattr(result, "instances_deleted", 0) or 0)
