"""Starts of one id at the same moment, on an engine that does what the real one was seen to do.

The real engine accepts each of ten parallel starts of one id, runs one of them, and drops the others without a word;
until the instance has begun, the input that it shows may be that of a start which loses. `Engine` does the same, on
purpose in the worst order. The local host refuses the second start at once, so this cannot be shown on it.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import azure.functions as func
import pytest

from flowbridge.runtime import start
from flowbridge.runtime.operations import Workflow
from flowbridge.runtime.sdk import Client
from flowbridge.runtime.validation import Schema

INPUT: Schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
START: Schema = {**INPUT, "properties": {"n": {"type": "integer"}, "instanceId": {"type": "string"}}}


@dataclass
class Engine:
    """Accepts every start; shows the newest until `looks` looks later the one that wins is running."""

    wins: int
    looks: int = 25
    accepted: list[Any] = field(default_factory=list[Any])

    async def start_new(self, orchestration_function_name: str, instance_id: str, client_input: Any) -> str:
        await asyncio.sleep(0)
        self.accepted.append(json.loads(json.dumps(client_input)))
        return instance_id

    async def get_status(self, instance_id: str) -> Any:
        await asyncio.sleep(0)
        if not self.accepted:
            return None
        self.looks -= 1
        begun = self.looks < 0
        given = self.accepted[min(self.wins, len(self.accepted) - 1)] if begun else self.accepted[-1]
        return SimpleNamespace(
            name="w",
            runtime_status="Running" if begun else "Pending",
            input_=json.dumps(given),
            output=None,
            custom_status=None,
            created_time=None,
            last_updated_time=None,
        )


def workflow() -> Workflow:
    """A workflow that takes a number."""
    return Workflow(name="w", orchestrator="w", input=INPUT, start=START, answers={})


def request(number: int) -> func.HttpRequest:
    """A Start of the one id with that number."""
    body = json.dumps({"n": number, "instanceId": "one"}).encode()
    return func.HttpRequest("POST", "http://127.0.0.1/api/w/start", body=body)


def together(engine: Engine, numbers: list[int]) -> list[int]:
    """The statuses of starts that are made at the same moment."""

    async def all_of_them() -> list[func.HttpResponse]:
        client = cast(Client, engine)
        return await asyncio.gather(*(start.start(workflow(), request(number), client) for number in numbers))

    return [one.status_code for one in asyncio.run(all_of_them())]


@pytest.mark.parametrize("wins", [0, 4, 9])
def test_of_ten_accepted_starts_only_the_winner_is_told_that_it_has_started(wins: int) -> None:
    engine = Engine(wins)
    statuses = together(engine, list(range(10)))
    assert len(engine.accepted) == 10, "the engine has accepted them all"
    assert statuses == [200 if number == wins else 409 for number in range(10)]


def test_equal_inputs_are_all_told_that_it_has_started_whoever_won() -> None:
    assert together(Engine(3), [7] * 10) == [200] * 10


def test_mixed_inputs_are_told_the_truth() -> None:
    assert together(Engine(1), [1, 2] * 5) == [409, 200] * 5


def test_a_refused_start_reads_the_instance_that_was_quicker() -> None:
    class Refusing(Engine):
        async def start_new(self, orchestration_function_name: str, instance_id: str, client_input: Any) -> str:
            if self.accepted:
                raise RuntimeError("An Orchestration instance with the status Running already exists.")
            return await super().start_new(orchestration_function_name, instance_id, client_input)

    assert together(Refusing(0), [1, 1, 2]) == [200, 200, 409]


def test_an_engine_that_does_not_begin_is_told_to_be_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "SETTLE_SECONDS", 0.1)
    assert together(Engine(0, looks=10_000), [1]) == [503]


def test_an_engine_that_is_not_there_is_no_start(monkeypatch: pytest.MonkeyPatch) -> None:
    class Absent(Engine):
        async def start_new(self, orchestration_function_name: str, instance_id: str, client_input: Any) -> str:
            raise ConnectionError("no engine")

    with pytest.raises(ConnectionError):
        together(Absent(0), [1])
