"""Waits: for a while, until a moment, and for events from outside, with what does not fit coming first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from tests.behaviour.explore.instance import Json
from tests.behaviour.explore.machine import START
from tests.behaviour.explore.workflows.asking import event, listens, raises
from tests.behaviour.explore.workflows.parts import TROUBLE, failure, fine, given_to, outcome, start
from tests.behaviour.explore.world import Program, World

from flowbridge.runtime.collect import Reader, collect
from flowbridge.runtime.commands import Steps
from flowbridge.runtime.errors import StepError
from flowbridge.runtime.orchestrate import run_workflow
from flowbridge.runtime.run import Activity, Run
from flowbridge.runtime.sdk import Context, Orchestration, blueprint

WORK = Activity[object, object]("work")
PAID = Reader[Json](
    {"type": "object", "required": ["sum"], "properties": {"sum": {"type": "integer"}}},
    lambda value: value["sum"] > 10,
)
bp = blueprint()


@bp.orchestration_trigger(context_name="context")
def waiting(context: Context) -> Orchestration:
    return run_workflow(context, "waiting", 1, _waiting)


def _waiting(run: Run, input_: dict[str, Any]) -> Steps[object]:
    run.step("wait")
    yield from run.wait(timedelta(days=11))
    run.step("until")
    yield from run.wait_until("2026-01-20T00:00:00Z")
    run.step("past")
    yield from run.wait_until("2025-01-20T00:00:00")
    return (yield from run.call(WORK, "after", step="after"))


def _work(function: str, payload: Any) -> Mapping[str, object]:
    return {"ok": fine(payload)}


def _verify_waiting(world: World) -> Iterator[str]:
    yield from outcome(world, "after")
    asked = (world.counted("work")[0].asked - START) / 86_400e6
    if not 18.99 < asked < 19.01:
        yield f"it went on after {asked} days, 19 are due"


@bp.orchestration_trigger(context_name="context")
def listening(context: Context) -> Orchestration:
    return run_workflow(context, "listening", 1, _listening)


def _listening(run: Run, input_: dict[str, Any]) -> Steps[object]:
    run.step("pay")
    readers = dict.fromkeys(input_["events"], PAID)
    due = run.moment + timedelta(days=6)
    found = yield from collect(
        run, readers, step="pay", timeout=due - run.moment, enough=input_["enough"], each=input_["each"]
    )
    if found is None:
        raise StepError("EventTimedOut", "no event came", "pay")
    run.step("after")
    yield from run.call(WORK, "after", step="after")
    return found


def _verify_listening(world: World) -> Iterator[str]:
    given = given_to(world)
    if world.root.status != "Completed":
        yield from failure(world, "EventTimedOut")
        recorded: list[str] = []
    else:
        found = world.root.value
        full = [name for name, values in found.items() if len(values) == given["each"]]
        if len(full) < given["enough"] or any(len(values) > given["each"] for values in found.values()):
            yield f"it gave {found}, {given} is due"
        if any(value["sum"] <= 10 for values in found.values() for value in values):
            yield f"it took what does not match: {found}"
        recorded = [value.get("from") for values in found.values() for value in values]
    if len(set(recorded)) != len(recorded):
        yield f"an event counts twice: {recorded}"
    if world.root.board.get("events"):
        yield f"it has ended and shows that it waits: {world.root.board}"
    yield from told_truly(world, recorded)


def told_truly(world: World, recorded: list[str]) -> Iterator[str]:
    """What the operation told agrees with what counted; an event of a wait that timed out may have been recorded."""
    for label, told in world.told.items():
        result = told.get("result")
        if "approval" in told:
            continue
        if result == "recorded" and label not in recorded and world.root.status == "Completed":
            yield f"{label} was told {told}, and {recorded} count"
        if (result in ("tooLate", "notMatched") or told["code"] in (409, 410)) and label in recorded:
            yield f"{label} was told {told}, and it counts"
        if told["code"] not in (200, 409, 410):
            yield f"{label} was told {told}"


PAYS, SHIPS = listens("paid"), listens("shipped")
BY_NAME = (
    raises("few", "paid", {"sum": 3, "from": "few"}, PAYS),
    raises("one", "paid", {"sum": 11, "from": "one"}, PAYS),
    raises("two", "paid", {"sum": 12, "from": "two"}, PAYS),
    event("junk", "pay.paid.1", "junk", PAYS),
    event("early", "pay.paid.2", {"sum": 20, "from": "early"}, lambda world: world.root.begun),
    event("case", "PAY.paid.1", {"sum": 20, "from": "case"}, PAYS),
)
MIXED = (
    raises("one", "paid", {"sum": 11, "from": "one"}, PAYS),
    raises("ship", "shipped", {"sum": 12, "from": "ship"}, SHIPS),
    raises("more", "paid", {"sum": 13, "from": "more"}, PAYS),
    raises("late", "shipped", {"sum": 1, "from": "late"}, SHIPS),
)
MILD = {**TROUBLE, "fail": 0, "raise": 0}


def _program(name: str, script: Any, events: list[str], enough: int, each: int) -> Program:
    given = start({"events": events, "enough": enough, "each": each})
    return Program(name, "listening", given, _work, _verify_listening, script, MILD)


PROGRAMS = (
    Program("wait", "waiting", start(), _work, _verify_waiting, budget=TROUBLE),
    _program("event", BY_NAME, ["paid"], 1, 1),
    _program("event-two-times", BY_NAME, ["paid"], 1, 2),
    _program("events-all", MIXED, ["paid", "shipped"], 2, 1),
    _program("events-any", MIXED, ["paid", "shipped"], 1, 1),
)
