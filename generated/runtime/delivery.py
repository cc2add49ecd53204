"""Deliveries: one event on its way to one target, kept by the engine until it has arrived or nobody wants it.

A delivery is an orchestration whose id is made of the event and the target, so that an event that is announced twice is
delivered once. It tries again after 408, 429, 5xx and whatever else may pass, for a day; 404 and 410 end the
subscription. The receiver can tell a repeated delivery by its `eventId`.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Literal, NotRequired, TypedDict, cast

from .callback import Answer, post
from .commands import Work
from .drive import Driver
from .engine import every, start_once
from .errors import ErrorShown
from .operations import Instance, Workflow, settled
from .progress import Waiting
from .retry import Retry
from .sdk import Client, Context, Orchestration
from .subscriptions import Kind, digest, running
from .validation import without_absent
from .values import iso_if_known

DELIVERY = "callback_delivery"
SEND, CLOSE = "callback_send", "callback_close"
RETRY = Retry(max_attempts=100, initial_delay=5, backoff=2, max_delay=3_600, max_duration=86_400, jitter=False)
# An instance announces its end just before it ends. One that is suspended then takes longer; after so many looks its
# end is told as it was announced.
END_LOOKS = 60
TIMED_OUT = frozenset({"TimedOut", "ApprovalTimedOut", "EventTimedOut"})

Outcome = Literal["Succeeded", "Failed", "TimedOut", "Terminated"]


class Event(TypedDict):
    """Something to tell: `body` is what the receiver gets; of an end it is completed when the instance has ended."""

    id: str
    kind: Kind
    workflow: str
    instanceId: str
    body: dict[str, object]


class DeliveryInput(TypedDict):
    """The input of a delivery; `late` says that the end of the instance need not be waited for any more."""

    target: str
    event: Event
    late: NotRequired[bool]


class SendResult(TypedDict):
    """What came of one attempt; `after` in seconds."""

    told: str
    after: float


async def deliver(client: Client, event: Event, target: str) -> None:
    """Starts a delivery, unless that event has been on its way to that target before."""
    delivery_id = f"{deliveries_of(event['instanceId'])}{digest(event['id'] + target)}"
    await start_once(client, DELIVERY, delivery_id, DeliveryInput(target=target, event=event))


def deliveries_of(instance_id: str) -> str:
    """The beginning of the ids of all deliveries that are about an instance."""
    return f"_dlv:{digest(instance_id)}:"


async def purge_deliveries(client: Client, instance_id: str) -> None:
    """Deletes the deliveries about an instance that have ended."""
    for one in await every(client, prefix=deliveries_of(instance_id), statuses=("Completed", "Failed", "Terminated")):
        await client.purge_instance_history(one.instance.id)


def approval_event(instance_id: str, workflow: str, approval: str, waiting: Waiting) -> Event:
    """The event of an approval that waits, as its board shows it."""
    notice = waiting.get("notice", "")
    body: dict[str, object] = {
        "eventId": notice,
        "workflow": workflow,
        "instanceId": instance_id,
        "approval": approval,
        "title": waiting["title"],
        "details": waiting["details"],
        "approvers": waiting["approvers"],
        "requestedAt": waiting["requestedAt"],
        "dueAt": waiting["dueAt"],
        "reminder": waiting["reminders"],
    }
    return Event(id=notice, kind="approvals", workflow=workflow, instanceId=instance_id, body=body)


def end_event(instance_id: str, workflow: str, token: str, outcome: Outcome, error: ErrorShown | None) -> Event:
    """The event of an instance's end; `token` is the one that started it, so a second run of one id is another."""
    event_id = digest(f"{token}|end")
    body: dict[str, object] = {
        "eventId": event_id,
        "workflow": workflow,
        "instanceId": instance_id,
        "outcome": outcome,
        "error": error,
    }
    return Event(id=event_id, kind="finished", workflow=workflow, instanceId=instance_id, body=body)


def outcome_of(status: str, error: ErrorShown | None) -> Outcome:
    """How an ended instance ended, as makers branch on it."""
    if status == "Completed":
        return "Succeeded"
    if status != "Failed":
        return "Terminated"
    return "TimedOut" if error is not None and error["code"] in TIMED_OUT else "Failed"


async def send(client: Client, given: DeliveryInput, workflow: Workflow | None) -> SendResult:
    """One attempt to deliver: looks who still wants it, and calls back; `workflow` is None for one that is gone."""
    event = given["event"]
    wanted = await running(client, given["target"])
    if not wanted:
        return {"told": "unwanted", "after": 0}
    body = event["body"]
    if event["kind"] == "approvals":
        form = workflow.forms.get(str(body["approval"])) if workflow is not None else None
        body = {**body, "form": form}
    else:
        instance = await settled(client, event["instanceId"])
        if instance is not None and not instance.ended and not given.get("late"):
            return {"told": "early", "after": 2}
        body = _completed(body, instance)
    hosts = () if workflow is None else workflow.callback_hosts
    told: Answer = await post(wanted[0]["callbackUrl"], without_absent(body), hosts)
    logging.getLogger(__name__).info("delivery of event %s: %s (%s)", event["id"], told.told, told.why)
    return {"told": told.told, "after": told.after}


def _completed(body: dict[str, object], instance: Instance | None) -> dict[str, object]:
    """What is told of an end: how the instance ended, and its output or error."""
    if instance is None or not instance.ended:
        return body
    error = instance.error
    return {
        **body,
        "outcome": outcome_of(instance.status, error),
        "output": instance.output if instance.status == "Completed" else None,
        "error": error,
        "endedAt": iso_if_known(instance.updated),
    }


def run_delivery(context: Context) -> Orchestration:
    """Delivers one event to one target; the output says what came of it."""
    given = cast(DeliveryInput, context.get_input())
    driver = Driver(context)
    begun = context.current_utc_datetime
    attempt, early = 1, 0
    while True:
        envelope = cast(Mapping[str, object], (yield from driver.perform(Work(SEND, given))))
        sent = cast(SendResult, envelope["value"] if envelope.get("ok") else {"told": "later", "after": 0})
        told, pause = sent["told"], sent["after"]
        if told == "early":
            early += 1
            if early >= END_LOOKS:
                given["late"] = True
        elif told == "later":
            elapsed = (context.current_utc_datetime - begun).total_seconds()
            delay = RETRY.delay("", attempt, context.instance_id)
            attempt += 1
            if delay is None or RETRY.is_over(elapsed + delay):
                told = "gaveUp"
            pause = max(pause, delay or 0)
        if told not in ("early", "later"):
            break
        yield from driver.sleep(timedelta(seconds=pause))
    if told == "gone" or (told != "unwanted" and _is_for_one(given["target"])):
        yield from driver.perform(Work(CLOSE, {"target": given["target"]}))
    return told


def _is_for_one(target: str) -> bool:
    """Whether a subscription was for this one event."""
    return target.split(":")[2] == "run"
