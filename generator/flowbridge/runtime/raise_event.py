"""The Raise operation of an event: hands it over, and tells whether the workflow took it."""

from __future__ import annotations

import asyncio
import time
import uuid

import azure.functions as func

from .http import RefusedError, answer, read_body
from .operations import Instance, Workflow, find_run, hand_over, parts
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
        result = await _raise(workflow, client, instance, event, body)
        return answer({"instanceId": instance.id, "event": event, "result": result})
    except RefusedError as refused:
        return refused.answer()


async def _raise(workflow: Workflow, client: Client, instance: Instance, event: str, body: dict[str, object]) -> str:
    answer_id = uuid.uuid4().hex
    deadline = time.monotonic() + WAIT_SECONDS
    raised, pause = "", 0.05
    while True:
        running = await parts(client, instance)
        for part in running:
            for one in part.board.get("received", {}).get(event, []):
                if one["answerId"] == answer_id:
                    return one["result"]
        listening = [part for part in running if not part.ended and event in part.board.get("events", {})]
        if listening:
            name = listening[0].board.get("events", {})[event]["event"]
            # The wait goes on under another name when something else came first.
            if name != raised:
                raised = name
                await hand_over(client, listening[0].id, name, {"raisedAs": answer_id, "value": body})
        elif instance.ended or (raised and not listening):
            return "tooLate"
        else:
            raise RefusedError(409, "NotWaiting", f"The instance {instance.id!r} does not wait for {event!r} now.")
        if time.monotonic() > deadline:
            return "pending"
        await asyncio.sleep(pause)
        pause = min(1.0, pause * 1.5)
        instance = await find_run(workflow, client, instance.id)
