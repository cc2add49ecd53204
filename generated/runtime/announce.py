"""Announces what happens to a run: that an approval is needed, and that the run ends.

An announcement is an activity: it looks who has subscribed and starts a delivery for each. The engine repeats it if the
app is lost meanwhile, so nothing is lost, and deliveries that are there already are not started again. Without
subscriptions it is a question to the engine, and two about an end.
"""

from __future__ import annotations

import asyncio

from .commands import Steps
from .delivery import Event, approval_event, deliver, end_event, outcome_of
from .engine import BEGUN, runs
from .errors import StepError
from .operations import Instance, find, parts, settled
from .progress import Waiting
from .retry import Retry
from .run import Activity, Run
from .sdk import Client
from .subscriptions import Look, digest, prefix, targets

ANNOUNCE = Activity[Event, None]("callback_announce")
# The run waits for its announcement: long enough for an engine that restarts, not for one that is broken.
_RETRY = Retry(max_attempts=6, initial_delay=1, backoff=3, max_delay=60)
_AT_ONCE = 16


def approval_needed(run: Run, step: str, waiting: Waiting) -> Steps[None]:
    """Announces an approval that the board shows."""
    yield from _announce(run, approval_event(run.info["id"], run.info["name"], step, waiting))


def notice_id(run: Run, step: str, waiting: Waiting, number: int) -> str | None:
    """The id of an approval's so-manieth announcement; None if the run announces nothing."""
    token = run.info.get("token")
    return None if token is None else digest(f"{token}|{step}|{waiting['requestedAt']}|{number}")


def ending(run: Run, error: StepError | None) -> Steps[None]:
    """Announces that the run ends, with an error or without."""
    token = run.info.get("token")
    if token is not None:
        value = None if error is None else error.shown()
        outcome = outcome_of("Completed" if value is None else "Failed", value)
        yield from _announce(run, end_event(run.info["id"], run.info["name"], token, outcome, value))


def _announce(run: Run, event: Event) -> Steps[None]:
    try:
        yield from run.call(ANNOUNCE, event, step="announce", retry=_RETRY)
    except StepError:
        # Whoever looks can still see it; a workflow must not fail because nobody could be told.
        return


# ---- what the activities do


async def announce(client: Client, event: Event) -> None:
    """Starts the deliveries of an event to all who have subscribed."""
    wanted = [prefix(event["workflow"], event["kind"])]
    if event["kind"] == "finished":
        wanted.append(prefix(event["workflow"], "run", event["instanceId"]))
    found = await asyncio.gather(*(targets(client, one) for one in wanted))
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(target: str) -> None:
        async with gate:
            await deliver(client, event, target)

    await asyncio.gather(*(one(target) for some in found for target in some))


async def catch_up(client: Client, given: Look) -> None:
    """Starts the deliveries of what a new subscriber came too late for."""
    if given["instanceId"] is not None:
        event = _end_of(await find(client, given["instanceId"]), given["workflow"])
        if event is not None:
            await deliver(client, event, given["target"])
        return
    async for one in runs(client, given["orchestrator"], statuses=BEGUN):
        for part in await parts(client, one):
            for approval, waiting in part.waiting.items():
                if "notice" in waiting:
                    event = approval_event(one.id, given["workflow"], approval, waiting)
                    await deliver(client, event, given["target"])


async def announce_end(client: Client, workflow: str, instance_id: str) -> bool:
    """Announces the end of an instance that could not do it itself; False if it has not ended."""
    event = _end_of(await settled(client, instance_id), workflow)
    if event is not None:
        await announce(client, event)
    return event is not None


def _end_of(instance: Instance | None, workflow: str) -> Event | None:
    if instance is None or not instance.ended:
        return None
    token = str(instance.input.get("token", instance.id))
    return end_event(instance.id, workflow, token, outcome_of(instance.status, instance.error), instance.error)
