"""What explored workflows are made of: envelopes, usual troubles, and an account of calls apart from the runtime's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from tests.behaviour.explore.instance import Counted, Json
from tests.behaviour.explore.world import World

from flowbridge.runtime.retry import Retry

TROUBLE = {"fail": 2, "raise": 1, "crash": 1, "resend": 1, "again": 1, "early": 1, "slow": 1, "late": 1}
TICKS = 2.0


def start(value: object = None) -> dict[str, object]:
    """What the Start operation hands to a workflow."""
    return {"input": value, "token": "token"}


def given_to(world: World) -> Json:
    """The input of the explored workflow."""
    return cast(Json, cast(Json, world.program.input)["input"])


def fine(value: object) -> dict[str, object]:
    """An activity's envelope around a value."""
    return {"ok": True, "value": value}


def bad(code: str) -> dict[str, object]:
    """An activity's envelope around an error."""
    return {"ok": False, "error": {"code": code, "message": f"it is {code}"}}


def usual(function: str, payload: Any) -> Mapping[str, object]:
    """An activity that gives back what it was given, fails with a typed error, or raises."""
    return {"ok": fine(payload), "fail": bad("Flaky"), "raise": RuntimeError("worker lost")}


def _envelope(call: Counted) -> Json:
    answer: object = call.answer
    return cast(Json, answer) if isinstance(answer, dict) else bad("ActivityFailed")


def succeeded(call: Counted) -> bool:
    """Whether the answer that counted was a success."""
    return _envelope(call)["ok"] is True


def code(call: Counted) -> str:
    """The code of the failure that counted."""
    return str(_envelope(call)["error"]["code"])


def by_payload(calls: Iterable[Counted]) -> dict[str, list[Counted]]:
    """Calls grouped by what they were given."""
    groups: dict[str, list[Counted]] = {}
    for call in calls:
        groups.setdefault(repr(call.payload), []).append(call)
    return groups


def attempts(world: World, calls: list[Counted], policy: Retry) -> Iterator[str]:
    """What is wrong with the attempts at one call under a policy without jitter.

    The timer of a lost episode ends the pause of the repeated one, which begins later: a pause may then be too short.
    """
    exact = "resend" not in world.spent
    for number, call in enumerate(calls, 1):
        last = number == len(calls)
        if call.outcome is None:
            if not last:
                yield f"{call.function} was tried again before the answer to attempt {number}"
            continue
        if succeeded(call):
            if not last:
                yield f"{call.function} was tried again after its success in attempt {number}"
            continue
        delay = policy.initial_delay * policy.backoff ** (number - 1)
        delay = delay if policy.max_delay is None else min(delay, policy.max_delay)
        retried = number < policy.max_attempts and code(call) not in policy.never_on
        retried = retried and (not policy.only_on or code(call) in policy.only_on)
        assert call.answered is not None
        if policy.max_duration is not None:
            retried = retried and (call.answered - calls[0].asked) / 1e6 + delay <= policy.max_duration
        if not last and not retried:
            yield f"{call.function} was tried again after {code(call)} in attempt {number}"
        if not last:
            waited = (calls[number].asked - call.answered) / 1e6
            if exact and waited < delay - 1:
                yield f"{call.function} was tried again after {waited} s, {delay} s are due"


def outcome(world: World, value: object) -> Iterator[str]:
    """The root has completed with a value."""
    if world.root.status != "Completed" or world.root.value != value:
        yield f"it is {world.root.status} with {world.root.value!r}, {value!r} is due"


def failure(world: World, *codes: str) -> Iterator[str]:
    """The root has failed with one of the codes, in its text and on its board."""
    text = str(world.root.value)
    if world.root.status != "Failed" or not any(f"failed: {one}" in text for one in codes):
        yield f"it is {world.root.status} with {text!r}, a failure with {' or '.join(codes)} is due"
    elif world.root.board.get("error", {"code": None})["code"] not in codes:
        yield f"its board shows {world.root.board}, an error with {' or '.join(codes)} is due"
