"""The textbook traps as programs: what may come, and what their authors meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.behaviour.explore.workflows.asking import event
from tests.behaviour.explore.world import Program, World

NONE: Mapping[str, int] = {}


def _work(function: str, payload: Any) -> Mapping[str, object]:
    return {"ok": payload, "raise": ValueError("no")} if payload in ("a", "b") else {"ok": payload}


def _gives(*values: object) -> Any:
    def verify(world: World) -> Iterator[str]:
        if world.root.status != "Completed" or world.root.value not in values:
            yield f"it is {world.root.status} with {world.root.value!r}, one of {values} is due"

    return verify


def _caught(world: World) -> Iterator[str]:
    fates = [call.payload for call in world.counted("work") if call.outcome == "ok"]
    due = "done" if {"a", "b"} <= set(fates) else "undone"
    yield from _gives(due)(world)


def _program(name: str, orchestrator: str, verify: Any, *people: str, budget: Mapping[str, int] = NONE) -> Program:
    script = tuple(event(f"{one}{number}", one, f"{one}{number}") for number, one in enumerate(people))
    return Program(name, orchestrator, {}, _work, verify, script, budget, may_lag=name == "S3")


PROGRAMS = (
    _program("S1", "approval_of_seven_days", _gives("approved", "timed out"), "answer"),
    _program("S3", "retries_side_by_side", _caught, budget={"raise": 3}),
    _program("S6", "two_answers", _gives(["answer0", "answer1"], ["answer1", "answer0"]), "answer", "answer"),
    _program(
        "S8",
        "two_of_three",
        _gives(*([one, two] for one in ("ann0", "bob1") for two in ("ann0", "bob1", "cat2") if one != two)),
        "ann",
        "bob",
    ),
    _program("S9", "with_a_limit", _gives("in time", "timed out")),
)
