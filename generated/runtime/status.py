"""The GetStatus operation: one typed answer for every state, always 200 for a known instance."""

from __future__ import annotations

import asyncio
from typing import cast

import azure.functions as func

from .http import RefusedError, answer
from .operations import Instance, Workflow, find, find_run, parts
from .progress import FanOut, LaneStatus
from .sdk import Client
from .validation import without_absent
from .values import iso_if_known

# A GetStatus reads at most so many lanes at a time: each is a request to the engine.
LANES_AT_ONCE = 16


async def get_status(workflow: Workflow, request: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Tells where an instance stands: 200, or 404 for an id that is not known."""
    try:
        instance = await find_run(workflow, client, request.route_params["instanceId"])
    except RefusedError as refused:
        return refused.answer()
    board = instance.board
    running = await parts(client, instance)
    # What a part says that is at work is closer to what happens than what the run said when it began the part.
    messages = [
        one.board["message"] for one in running if "message" in one.board and (one is instance or not one.ended)
    ]
    fan_outs = [one.board["fanOut"] for one in running if "fanOut" in one.board]
    body = {
        "id": instance.id,
        "instanceId": instance.id,
        "workflow": workflow.name,
        "runtimeStatus": instance.status,
        "step": board["step"] or None,
        "stepTitle": board.get("title"),
        "message": messages[-1] if messages else None,
        "progress": await _progress(client, fan_outs[-1] if fan_outs else None),
        "pendingApprovals": [waiting for part in running for waiting in _pending(part)],
        "pendingEvents": [event for part in running for event in _awaited(part)],
        "output": instance.output if instance.status == "Completed" else None,
        "error": instance.error,
        "createdTime": iso_if_known(instance.created),
        "lastUpdatedTime": iso_if_known(instance.updated),
    }
    return answer(without_absent(body))


def _pending(instance: Instance) -> list[dict[str, object]]:
    return [
        {
            "approval": name,
            "title": one["title"],
            "details": one["details"] or None,
            "approvers": one["approvers"],
            "requestedAt": one["requestedAt"],
            "dueAt": one["dueAt"],
        }
        for name, one in instance.waiting.items()
    ]


def _awaited(instance: Instance) -> list[dict[str, object]]:
    if instance.ended:
        return []
    return [{"event": name, "dueAt": one["dueAt"]} for name, one in instance.board.get("events", {}).items()]


async def _progress(client: Client, fan_out: FanOut | None) -> dict[str, int] | None:
    """How many items of the last fan-out are done: the sum of what its lanes show."""
    if fan_out is None:
        return None
    completed = fan_out.get("completed")
    if completed is None:
        gate = asyncio.Semaphore(LANES_AT_ONCE)
        lanes = [_lane(client, gate, f"{fan_out['prefix']}:{number}") for number in range(fan_out["lanes"])]
        completed = sum(await asyncio.gather(*lanes))
    return {"completed": completed, "total": fan_out["total"]}


async def _lane(client: Client, gate: asyncio.Semaphore, instance_id: str) -> int:
    async with gate:
        lane = await find(client, instance_id)
    if lane is None:
        return 0
    shown = cast(LaneStatus, lane.board)
    segment = shown.get("segment")
    return shown.get("completed", 0) + (await _lane(client, gate, segment) if segment else 0)
