"""A workflow that starts by itself: one instance for each tick, however often the tick is reported."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import azure.functions as func

from .operations import Workflow, find
from .orchestrate import StartInput
from .sdk import Client
from .validation import complete


async def start(workflow: Workflow, payload: object, timer: func.TimerRequest, client: Client) -> None:
    """Starts the instance of this tick; its id is made of the minute, so a tick that comes twice starts one."""
    log = logging.getLogger(__name__)
    # The platform reports a tick within seconds of its time; one that was missed is reported late, and counts as now.
    instance_id = f"{workflow.name[:60]}-{datetime.now(UTC):%Y%m%dT%H%M}"
    if timer.past_due:
        log.warning("the tick of %s is late", workflow.name)
    if await find(client, instance_id) is not None:
        log.info("%s has been started by this tick before", workflow.name)
        return
    value = complete(workflow.input, payload)
    await client.start_new(workflow.orchestrator, instance_id, StartInput(input=value, token=instance_id))
