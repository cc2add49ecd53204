"""What keeps flows told: subscriptions until they are cancelled, deliveries until they arrive, farewells to the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from tests.behaviour.explore.instance import Counted, Json
from tests.behaviour.explore.workflows.asking import event
from tests.behaviour.explore.workflows.parts import TROUBLE, fine
from tests.behaviour.explore.world import Program, World

from flowbridge.runtime.callbacks import callbacks
from flowbridge.runtime.delivery import DELIVERY
from flowbridge.runtime.farewell import FAREWELL
from flowbridge.runtime.subscriptions import CANCEL, SUBSCRIPTION

LOST = RuntimeError("the worker was lost")
MOST_LOOKS, MOST_FAREWELLS = 3, 9
bp = callbacks()


def _looked(function: str, payload: Any) -> Mapping[str, object]:
    return {"ok": fine(None), "raise": LOST}


def _verify_subscription(world: World) -> Iterator[str]:
    looks = len(world.counted())
    if (world.root.status, world.root.value) != ("Completed", "cancelled"):
        yield f"it is {world.root.status} with {world.root.value}"
    if not 1 <= looks <= MOST_LOOKS:
        yield f"it looked {looks} times for what its subscriber came too late for"


def _sent(function: str, payload: Any) -> Mapping[str, object]:
    if function != "callback_send":
        return {"ok": fine(None), "raise": LOST}
    told = {name: fine({"told": name, "after": 0}) for name in ("delivered", "later", "early", "gone", "unwanted")}
    told["patience"] = fine({"told": "later", "after": 3_600})
    return {**told, "raise": LOST}


def _verify_delivery(world: World) -> Iterator[str]:
    calls = world.counted("callback_send")
    told = [_told(one) for one in calls]
    if world.root.status != "Completed" or not told or world.root.value != told[-1]:
        yield f"it is {world.root.status} with {world.root.value}, after {told}"
    if set(told[:-1]) - {"later", "early"} or told[-1] in ("later", "early"):
        yield f"it went on, or gave up, after {told}"
    for before, after, name in zip(calls, calls[1:], told, strict=False):
        least = 2 if name == "early" else 3_600 if before.outcome == "patience" else 5
        waited = (after.asked - (before.answered or 0)) / 1e6
        if "resend" not in world.spent and "early" not in world.spent and waited < min(least, 5) - 1:
            yield f"it tried again after {waited} s, {least} s are due"
    one_event = cast(Json, world.program.input)["target"].split(":")[2] == "run"
    due = told[-1] == "gone" or (one_event and told[-1] != "unwanted")
    if bool(world.counted("callback_close")) != due:
        yield f"it {'did not end' if due else 'ended'} the subscription after {told}"


def _told(call: Counted) -> str:
    value = _value(call)
    return str(cast(Json, value)["told"]) if isinstance(value, dict) else "later"


def _value(call: Counted) -> object:
    """What a call answered; None for one that was lost."""
    answer: object = call.answer
    return cast(Json, answer)["value"] if isinstance(answer, dict) else None


def _seen_off(function: str, payload: Any) -> Mapping[str, object]:
    return {"ok": fine(True), "not yet": fine(False), "raise": LOST}


def _verify_farewell(world: World) -> Iterator[str]:
    told = [_value(one) is True for one in world.counted()]
    due = "announced" if told[-1:] == [True] else "gaveUp"
    if (world.root.status, world.root.value) != ("Completed", due) or any(told[:-1]):
        yield f"it is {world.root.status} with {world.root.value}, after {told}"
    if due == "gaveUp" and len(told) != MOST_FAREWELLS:
        yield f"it gave up after {len(told)} looks"


def _subscription(kind: str) -> dict[str, object]:
    about = {"workflow": "w", "orchestrator": "w", "kind": kind, "target": f"_sub:w:{kind}:x"}
    return {**about, "instanceId": None, "callbackUrl": "https://nowhere.logic.azure.com/x"}


def _delivery(kind: str) -> dict[str, object]:
    told = {"id": "1", "kind": "finished", "workflow": "w", "instanceId": "i", "body": {"eventId": "1"}}
    return {"target": f"_sub:w:{kind}:x", "event": told}


CANCELLED = event("cancel", CANCEL, None, lambda world: world.root.begun)
SENT = {**TROUBLE, "later": 2, "early": 2, "gone": 1, "unwanted": 1, "patience": 1}
PROGRAMS = (
    Program(
        "subscription", SUBSCRIPTION, _subscription("approvals"), _looked, _verify_subscription, (CANCELLED,), TROUBLE
    ),
    Program("delivery", DELIVERY, _delivery("finished"), _sent, _verify_delivery, budget=SENT),
    Program("delivery-to-a-wait", DELIVERY, _delivery("run"), _sent, _verify_delivery, budget=SENT),
    Program(
        "farewell",
        FAREWELL,
        {"workflow": "w", "instanceId": "i"},
        _seen_off,
        _verify_farewell,
        budget={**TROUBLE, "not yet": 4},
    ),
)
