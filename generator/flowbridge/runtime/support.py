"""The functions that every app has beside its own: what orchestrators need done from outside an orchestration."""

from __future__ import annotations

import os
from typing import TypedDict

from .activity import Envelope
from .drive import STOP_EVENT
from .errors import MESSAGE_LIMIT
from .sdk import Blueprint, Client, blueprint
from .settings import ConfigInvalidError, read_config
from .stop import end_tree, signal_all
from .validation import Schema


class StopOrder(TypedDict):
    """Which children to stop, and how."""

    instanceIds: list[str]
    how: str


class SettingsOrder(TypedDict):
    """Which settings to read: the beginning of their names, and the schema of the configuration."""

    prefix: str
    schema: Schema


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

    @bp.activity_trigger(input_name="payload")
    def read_settings(payload: SettingsOrder) -> Envelope:  # pyright: ignore[reportUnusedFunction]
        """Reads the configuration of a workflow from the app's settings."""
        try:
            return {"ok": True, "value": read_config(os.environ, payload["prefix"], payload["schema"])}
        except ConfigInvalidError as failure:
            return {"ok": False, "error": {"code": "ConfigInvalid", "message": str(failure)[:MESSAGE_LIMIT]}}

    return bp
