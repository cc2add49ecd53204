"""The Raise operation of an event: hands it over, and tells whether the workflow took it."""

from __future__ import annotations

import asyncio
import time
import uuid

import azure.functions as func

from .http import RefusedError, answer, read_body
from .operations import Instance, Workflow, find, find_run, hand_over, parts
from .sdk import Client

WAIT_SECONDS = 30.0


async def raise_event(workflow: Workflow, request: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Raises an event: 200 with `recorded`, `notMatched`, `tooLate` or `pending`; 400, 404, 409 or 410."""
    try:
        event = request.route_params["event"]
        if event not in workflow.events:
            raise RefusedError(404, "UnknownEvent", f"{workflow.name} has no event {event!r}.")
        body = read_body(request, workflow.events[event])
        instance = await find_run(workflow, client, request.route_params["instanceId"])
        if instance.ended:
            raise RefusedError(410, "Ended", f"The instance {instance.id!r} has ended: {instance.status}.")
        result = await _raise(client, instance, event, body)
        return answer({"instanceId": instance.id, "event": event, "result": result})
    except RefusedError as refused:
        return refused.answer()


async def _raise(client: Client, instance: Instance, event: str, body: dict[str, object]) -> str:
    answer_id = uuid.uuid4().hex
    deadline = time.monotonic() + WAIT_SECONDS
    raised, pause = "", 0.05
    # From here on only the part that waits is looked at: it tells what became of the event even when it has ended.
    part = await _listening(client, instance, event)
    while True:
        for one in part.board.get("received", {}).get(event, []):
            if one["answerId"] == answer_id:
                return one["result"]
        waiting = None if part.ended else part.board.get("events", {}).get(event)
        if waiting is None:
            return "tooLate"
        # The wait goes on under another name when something else came first.
        if waiting["event"] != raised:
            raised = waiting["event"]
            await hand_over(client, part.id, raised, {"raisedAs": answer_id, "value": body})
        if time.monotonic() > deadline:
            return "pending"
        await asyncio.sleep(pause)
        pause = min(1.0, pause * 1.5)
        part = await find(client, part.id) or part


async def _listening(client: Client, instance: Instance, event: str) -> Instance:
    """The part of the instance that waits for an event; RefusedError 409 if none does."""
    for part in await parts(client, instance):
        if not part.ended and event in part.board.get("events", {}):
            return part
    raise RefusedError(409, "NotWaiting", f"The instance {instance.id!r} does not wait for {event!r} now.")
