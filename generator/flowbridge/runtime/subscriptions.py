"""Subscriptions: who is to be called back when something happens, each kept by the engine as an instance of its own.

A subscription is an orchestration that holds the callback's address in its input and waits to be cancelled; the engine
keeps it, and its id tells what it is for, so that one question by the beginning of the id finds all that are concerned.
Its last part is a digest of the token that cancels it: whoever lists instances learns no token.

    _sub:WORKFLOW:approvals:ADDRESS:TOKEN      an approval is needed
    _sub:WORKFLOW:finished:ADDRESS:TOKEN       an instance has ended
    _sub:WORKFLOW:run:INSTANCE-ADDRESS:TOKEN   this one instance has ended

What stands before the token is the target: a flow that subscribes twice with one address is called once. An id that a
caller chooses for an instance never begins with an underscore.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from datetime import timedelta
from typing import Literal, TypedDict, cast

from .commands import Work
from .drive import Driver
from .engine import every
from .operations import find, settled
from .sdk import Client, Context, Orchestration

Kind = Literal["approvals", "finished", "run"]

SUBSCRIPTION = "callback_subscription"
CATCH_UP = "callback_catch_up"
CANCEL = "cancel"

# A new subscriber is told at once what it came too late for. That is looked for again a little later: an approval that
# began in the same moment may not have been to be seen yet. A flow waits for a run for 30 days at most.
_LOOKS: dict[Kind, list[timedelta]] = {
    "approvals": [timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10)],
    "finished": [],
    "run": [*(timedelta(seconds=one) for one in (5, 60, 3_600, 21_600)), *[timedelta(days=1)] * 31],
}


class Look(TypedDict):
    """What a new subscription asks for: whatever it came too late for.

    `instanceId` is None unless it is for one instance only.
    """

    workflow: str
    orchestrator: str
    kind: Kind
    target: str
    instanceId: str | None


class Subscription(Look):
    """The input of a subscription."""

    callbackUrl: str


def digest(text: str, length: int = 32) -> str:
    """A text as so many hexadecimal digits that tell nothing about it."""
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def prefix(workflow: str, kind: Kind, instance_id: str | None = None) -> str:
    """The beginning of the ids of all subscriptions of a kind; for one instance if it is given."""
    return f"_sub:{workflow}:{kind}:" + (f"{digest(instance_id)}-" if instance_id is not None else "")


async def subscribe(
    client: Client, workflow: str, orchestrator: str, kind: Kind, url: str, instance_id: str | None = None
) -> str:
    """Keeps a subscription and gives the token that cancels it: 40 or more letters, digits, `-`, `_` and one `.`."""
    place = prefix(workflow, kind, instance_id).rpartition(":")[2] + digest(url)
    secret = secrets.token_urlsafe(32)
    target = f"_sub:{workflow}:{kind}:{place}"
    given = Subscription(
        workflow=workflow,
        orchestrator=orchestrator,
        kind=kind,
        target=target,
        instanceId=instance_id,
        callbackUrl=url,
    )
    await client.start_new(SUBSCRIPTION, f"{target}:{digest(secret)}", given)
    return f"{place}.{secret}"


async def unsubscribe(client: Client, workflow: str, kind: Kind, token: str) -> None:
    """Ends the subscription that a token is of; nothing happens if there is none."""
    place, _, secret = token.partition(".")
    await end(client, f"_sub:{workflow}:{kind}:{place}:{digest(secret)}")


async def running(client: Client, target: str) -> list[Subscription]:
    """The subscriptions of a target that have not been cancelled."""
    found = await every(client, prefix=f"{target}:", inputs=True)
    return [cast(Subscription, one.instance.input) for one in found if _is_subscription(one.name)]


async def targets(client: Client, beginning: str) -> list[str]:
    """The targets of the subscriptions whose ids begin like this, each once."""
    found = await every(client, prefix=beginning)
    return sorted({one.instance.id.rpartition(":")[0] for one in found if _is_subscription(one.name)})


async def close(client: Client, target: str) -> None:
    """Ends all subscriptions of a target."""
    for one in await every(client, prefix=f"{target}:"):
        await end(client, one.instance.id)


async def end(client: Client, subscription_id: str) -> None:
    """Cancels one subscription and deletes what the engine kept of it: the address is a secret."""
    found = await find(client, subscription_id)
    if found is None:
        return
    log = logging.getLogger(__name__)
    if not found.ended:
        try:
            await client.raise_event(subscription_id, CANCEL, None)
        except Exception as failure:
            log.info("cancelling a subscription: %s", type(failure).__name__)
        found = await settled(client, subscription_id)
    if found is not None and found.ended:
        await client.purge_instance_history(subscription_id)


def run_subscription(context: Context) -> Orchestration:
    """Keeps a subscription until it is cancelled; one for a single instance ends by itself after 31 days."""
    given = cast(Subscription, context.get_input())
    driver = Driver(context)
    cancelled = driver.event(CANCEL)
    look = {name: value for name, value in given.items() if name != "callbackUrl"}
    for pause in _LOOKS[given["kind"]]:
        # What fails is looked for again at the next opportunity.
        yield from driver.perform(Work(CATCH_UP, look))
        if (yield from driver.race([cancelled], pause)):
            return "cancelled"
    if given["kind"] == "run":
        return "expired"
    yield cancelled
    return "cancelled"


def _is_subscription(name: str) -> bool:
    return name.lower() == SUBSCRIPTION
