"""The runtime's own coroutines outside orchestrations, one step at a time: every call of the engine's client is a step.

So `stop_children` and the RaiseApproval operation meet every state of the world that they could meet on a real host.
"""
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterable
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace
from typing import Any, Protocol, cast
from unittest.mock import patch

import azure.durable_functions.models as untyped_models
from tests.behaviour.explore.instance import Json

Status = cast(Any, untyped_models).DurableOrchestrationStatus.DurableOrchestrationStatus


class Desk(Protocol):
    """What the engine's HTTP API does for a client."""

    now: int

    def name_answer(self, name: str) -> None:
        """Notes that the coroutine at work has named its answer."""
        ...

    def look(self, name: str) -> Json | None:
        """The status of an instance; None if there is none."""
        ...

    def post_event(self, name: str, event: str, payload: object) -> int:
        """Accepts an event for an instance: 202, 404 or 410."""
        ...

    def post_end(self, name: str, reason: str) -> int:
        """Accepts a termination: 202, 404 or 410."""
        ...


class Point:
    """A place where the world may move on; `asleep` if the coroutine waits for a while."""

    def __init__(self, asleep: bool = False) -> None:
        self.asleep = asleep

    def __await__(self) -> Generator[Point, None, None]:
        yield self


class Client:
    """The SDK's client as the runtime uses it, with the SDK's own answers to the status codes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def get_status(self, instance_id: str) -> Any:
        """The status; one without a name for an instance that is not known."""
        await Point()
        found = self._desk.look(instance_id)
        return Status(**found) if found else Status()

    async def raise_event(self, instance_id: str, event_name: str, event_data: object) -> None:
        """Raises an event; an exception if the instance is unknown or has ended."""
        await Point()
        # The SDK's client puts the payload into JSON twice, so that the orchestrator gets it as text.
        if (code := self._desk.post_event(instance_id, event_name, json.dumps(event_data))) != 202:
            raise RuntimeError(f"{code} for the instance {instance_id}")

    async def terminate(self, instance_id: str, reason: str) -> None:
        """Terminates an instance; an exception if it is unknown, silence if it has ended."""
        await Point()
        if self._desk.post_end(instance_id, reason) == 404:
            raise RuntimeError(f"No instance with ID '{instance_id}' found.")


class Actor:
    """A coroutine at work; `done` is called with its result, or with the exception that ended it."""

    def __init__(self, label: str, work: Coroutine[Any, Any, Any], done: Callable[[Any], None]) -> None:
        self.label = label
        self.asleep = False
        self.ended = False
        self.seen = -1
        self.since = 0
        self._work = work
        self._done = done

    def step(self) -> None:
        """Runs up to the next call of the engine, or to the end."""
        try:
            point = self._work.send(None)
        except StopIteration as stop:
            self.ended = True
            self._done(stop.value)
        except Exception as failure:
            self.ended = True
            self._done(failure)
        else:
            self.asleep = isinstance(point, Point) and point.asleep

    def close(self) -> None:
        """Ends it where it stands."""
        self._work.close()


class Clocks:
    """The world whose time the runtime's modules read; there is one at a time."""

    def __init__(self) -> None:
        self.desk: Desk | None = None
        self.number = 0

    def monotonic(self) -> float:
        """The world's time in seconds."""
        return self.desk.now / 1e6 if self.desk is not None else 0.0

    def uuid4(self) -> SimpleNamespace:
        """A name that is the same in every run of a schedule."""
        self.number += 1
        name = f"id{self.number}"
        if self.desk is not None:
            self.desk.name_answer(name)
        return SimpleNamespace(hex=name)


CLOCKS = Clocks()


async def _sleep(seconds: float) -> None:
    await Point(asleep=True)


async def _gather(*work: Awaitable[Any]) -> list[Any]:
    return [await one for one in work]


@contextmanager
def stepped(modules: Iterable[ModuleType]) -> Generator[None, None, None]:
    """Has modules of the runtime sleep, gather and tell the time in the explored world."""
    stand_ins = {
        "asyncio": SimpleNamespace(sleep=_sleep, gather=_gather),
        "time": SimpleNamespace(monotonic=CLOCKS.monotonic),
        "uuid": SimpleNamespace(uuid4=CLOCKS.uuid4),
    }
    patches = [
        patch.object(module, name, stand_in)
        for module in modules
        for name, stand_in in stand_ins.items()
        if hasattr(module, name)
    ]
    for one in patches:
        one.start()
    try:
        yield
    finally:
        for one in patches:
            one.stop()
