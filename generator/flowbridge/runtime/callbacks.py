"""The functions of every app whose connector has triggers: what keeps subscriptions, announces and delivers."""

from __future__ import annotations

from typing import TypedDict

from .activity import Envelope
from .announce import announce, announce_end, catch_up
from .delivery import DeliveryInput, Event, run_delivery, send
from .farewell import FarewellInput, run_farewell
from .operations import Workflow
from .sdk import Blueprint, Client, Context, Orchestration, blueprint
from .subscriptions import Look, close, run_subscription

# pyright: reportUnusedFunction=false


class CloseOrder(TypedDict):
    """Whose subscriptions are to be ended."""

    target: str


def callbacks(*workflows: Workflow) -> Blueprint:
    """A blueprint of these functions for the workflows of an app."""
    bp = blueprint()
    known = {one.name: one for one in workflows}
    _orchestrators(bp)

    @bp.activity_trigger(input_name="payload")
    @bp.durable_client_input(client_name="client")
    async def callback_announce(payload: Event, client: Client) -> Envelope:
        """Starts the deliveries of an event."""
        await announce(client, payload)
        return {"ok": True, "value": None}

    @bp.activity_trigger(input_name="payload")
    @bp.durable_client_input(client_name="client")
    async def callback_announce_end(payload: FarewellInput, client: Client) -> Envelope:
        """Announces the end of an instance, if it has ended."""
        return {"ok": True, "value": await announce_end(client, payload["workflow"], payload["instanceId"])}

    @bp.activity_trigger(input_name="payload")
    @bp.durable_client_input(client_name="client")
    async def callback_catch_up(payload: Look, client: Client) -> Envelope:
        """Starts the deliveries of what a new subscriber came too late for."""
        await catch_up(client, payload)
        return {"ok": True, "value": None}

    @bp.activity_trigger(input_name="payload")
    @bp.durable_client_input(client_name="client")
    async def callback_send(payload: DeliveryInput, client: Client) -> Envelope:
        """Tries once to deliver an event."""
        return {"ok": True, "value": await send(client, payload, known.get(payload["event"]["workflow"]))}

    @bp.activity_trigger(input_name="payload")
    @bp.durable_client_input(client_name="client")
    async def callback_close(payload: CloseOrder, client: Client) -> Envelope:
        """Ends the subscriptions of a target."""
        await close(client, payload["target"])
        return {"ok": True, "value": None}

    return bp


def _orchestrators(bp: Blueprint) -> None:
    @bp.orchestration_trigger(context_name="context")
    def callback_subscription(context: Context) -> Orchestration:
        """Keeps a subscription until it is cancelled."""
        return run_subscription(context)

    @bp.orchestration_trigger(context_name="context")
    def callback_delivery(context: Context) -> Orchestration:
        """Delivers one event to one target."""
        return run_delivery(context)

    @bp.orchestration_trigger(context_name="context")
    def callback_farewell(context: Context) -> Orchestration:
        """Announces the end of an instance that is terminated."""
        return run_farewell(context)
