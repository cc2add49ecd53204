"""Tells of the end of an instance that is terminated: it cannot do that itself, and the app may be lost meanwhile.

The Terminate operation starts a farewell before it ends the instance; the engine keeps it until the end is announced.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TypedDict, cast

from .commands import Work
from .drive import Driver
from .engine import start_once
from .operations import Workflow, find
from .sdk import Client, Context, Orchestration
from .subscriptions import digest

FAREWELL = "callback_farewell"
ANNOUNCE_END = "callback_announce_end"
_PAUSES = (1, 1, 2, 5, 10, 30, 60, 300, 3_600)


class FarewellInput(TypedDict):
    """Whose end is to be announced."""

    workflow: str
    instanceId: str


async def see_off(workflow: Workflow, client: Client, instance_id: str) -> None:
    """Has the end of an instance announced as soon as it has ended."""
    farewell_id = f"_end:{digest(instance_id)}"
    found = await find(client, farewell_id)
    if found is not None and found.ended:
        # An earlier run of that id was seen off, too.
        await client.purge_instance_history(farewell_id)
    await start_once(client, FAREWELL, farewell_id, FarewellInput(workflow=workflow.name, instanceId=instance_id))


def run_farewell(context: Context) -> Orchestration:
    """Waits until the instance has ended, announces it, and gives up after an hour."""
    given = cast(FarewellInput, context.get_input())
    driver = Driver(context)
    for pause in _PAUSES:
        envelope = cast(Mapping[str, object], (yield from driver.perform(Work(ANNOUNCE_END, given))))
        if envelope.get("ok") and envelope.get("value"):
            return "announced"
        yield from driver.sleep(timedelta(seconds=pause))
    return "gaveUp"
