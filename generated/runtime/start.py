"""The Start operation: at most one instance for one id, and the caller is told the truth about whose it is.

The engine accepts parallel starts of one id and drops all but one in silence, so each start carries a token, and the
answer waits until the engine shows whose input became the instance.
"""

from __future__ import annotations

import asyncio
import time
import uuid

import azure.functions as func

from .http import Address, RefusedError, answer, read_body
from .operations import Instance, Workflow, find
from .orchestrate import StartInput
from .sdk import Client
from .validation import complete

# Well under the 120 seconds after which Power Automate gives up on an action.
SETTLE_SECONDS = 40.0


async def start(workflow: Workflow, request: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Starts an instance: 200 with its id and addresses; 400, 409 (another input has this id) or 413."""
    try:
        body = read_body(request, workflow.start)
        chosen = body.pop("instanceId", None)
        value = complete(workflow.input, body)
        if isinstance(chosen, str):
            instance_id = chosen
            await start_chosen(workflow, client, chosen, value)
        else:
            instance_id = uuid.uuid4().hex
            await client.start_new(workflow.orchestrator, instance_id, StartInput(input=value, token=instance_id))
    except RefusedError as refused:
        return refused.answer()
    return answer(_addresses(Address.of(request, workflow.name).base, workflow, instance_id))


async def start_chosen(workflow: Workflow, client: Client, instance_id: str, value: object) -> None:
    """Starts an instance of a chosen id, or finds that this very input has started it before."""
    found = await find(client, instance_id)
    if found is None:
        try:
            await client.start_new(workflow.orchestrator, instance_id, StartInput(input=value, token=uuid.uuid4().hex))
        except Exception:
            # Another start of this id was quicker, or the engine is not there: its instance tells which.
            found = await find(client, instance_id)
            if found is None:
                raise
    settled = await _settled(client, instance_id)
    # The same input is the same instance, whoever's token it carries.
    if settled.input.get("input") != value:
        raise RefusedError(
            409, "InstanceExists", f"The instance {instance_id!r} exists with another input: choose another id."
        )


async def _settled(client: Client, instance_id: str) -> Instance:
    """The instance once the engine has begun it: until then the input that it shows may still be replaced."""
    deadline = time.monotonic() + SETTLE_SECONDS
    pause = 0.05
    while True:
        found = await find(client, instance_id)
        if found is not None and found.status != "Pending":
            return found
        if time.monotonic() > deadline:
            raise RefusedError(
                503, "NotSettled", f"The engine has not begun {instance_id!r} yet: send the same request again."
            )
        await asyncio.sleep(pause)
        pause = min(1.0, pause * 1.5)


def _addresses(base: str, workflow: Workflow, instance_id: str) -> dict[str, str]:
    here = f"{base}/{workflow.name}/instances/{instance_id}"
    only = next(iter(workflow.answers)) if len(workflow.answers) == 1 else "{approval}"
    return {
        "id": instance_id,
        "instanceId": instance_id,
        "statusQueryGetUri": here,
        "sendEventPostUri": f"{here}/approvals/{only}",
        "terminatePostUri": f"{here}/terminate",
        "purgeHistoryDeleteUri": here,
    }
