"""The functions that every app has beside its own: what orchestrators need done from outside an orchestration."""

from __future__ import annotations

from typing import TypedDict

from .activity import Envelope
from .drive import STOP_EVENT
from .sdk import Blueprint, Client, blueprint
from .stop import end_tree, signal_all


class StopOrder(TypedDict):
    """Which children to stop, and how."""

    instanceIds: list[str]
    how: str


def support() -> Blueprint:
    """A blueprint with the functions that the runtime calls by name."""
    bp = blueprint()

    @bp.activity_trigger(input_name="payload")
    @bp.durable_client_input(client_name="client")
    async def stop_children(payload: StopOrder, client: Client) -> Envelope:  # pyright: ignore[reportUnusedFunction]
        """Stops children: at once and with their own children, or after the work that they are at."""
        ids, reason = payload["instanceIds"], "stopped: its outcome is not needed any more"
        if payload["how"] == "signal":
            stopped = await signal_all(client, ids, STOP_EVENT)
        else:
            stopped = all([await end_tree(client, instance_id, reason) for instance_id in ids])
        if not stopped:
            return {"ok": False, "error": {"code": "NotStopped", "message": "not all have ended in time"}}
        return {"ok": True, "value": None}

    return bp
