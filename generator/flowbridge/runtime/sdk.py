"""The part of azure-functions-durable that this app uses, with the types that the package does not carry.

The classes here are protocols: at run time every object is the package's own.
"""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import datetime
from typing import Any, Protocol, TypeVar, cast

import azure.durable_functions as df
import azure.functions as func
from azure.durable_functions.models.DurableOrchestrationStatus import DurableOrchestrationStatus

_Function = TypeVar("_Function", bound=Callable[..., object])


class Task(Protocol):
    """Something that the engine will complete; `result` is its value, or the winner of `task_any`."""

    @property
    def is_completed(self) -> bool:
        """True once it succeeded or failed."""
        ...

    @property
    def result(self) -> object:
        """The value; the exception if it failed."""
        ...


class Timer(Task, Protocol):
    """A durable timer."""

    def cancel(self) -> None:
        """Withdraws the timer; ValueError if it has fired."""
        ...


Orchestration = Generator[Task, object, object]


class Context(Protocol):
    """What an orchestrator sees of the engine; times are in UTC."""

    @property
    def instance_id(self) -> str: ...
    @property
    def current_utc_datetime(self) -> datetime: ...
    def get_input(self) -> object: ...
    def call_activity(self, name: str, input_: object) -> Task: ...
    def call_sub_orchestrator(self, name: str, input_: object, instance_id: str) -> Task: ...
    def create_timer(self, fire_at: datetime) -> Timer: ...
    def wait_for_external_event(self, name: str) -> Task: ...
    def task_all(self, activities: list[Task]) -> Task: ...
    def task_any(self, activities: list[Task]) -> Task: ...
    def set_custom_status(self, status: object) -> None: ...
    def continue_as_new(self, input_: object) -> None: ...


class Status(Protocol):
    """An instance as the engine shows it; every field is None for an instance that is not known."""

    name: str | None
    instance_id: str | None
    created_time: datetime | None
    last_updated_time: datetime | None

    @property
    def input_(self) -> object: ...
    @property
    def output(self) -> object: ...
    @property
    def runtime_status(self) -> object: ...
    @property
    def custom_status(self) -> object: ...


class Client(Protocol):
    """What an HTTP function sees of the engine."""

    async def start_new(
        self, orchestration_function_name: str, instance_id: str | None, client_input: object
    ) -> str: ...
    async def get_status(self, instance_id: str) -> Status: ...
    async def raise_event(self, instance_id: str, event_name: str, event_data: object) -> None: ...
    async def terminate(self, instance_id: str, reason: str) -> None: ...
    async def suspend(self, instance_id: str, reason: str) -> None: ...
    async def resume(self, instance_id: str, reason: str) -> None: ...
    async def purge_instance_history(self, instance_id: str) -> object: ...


class Blueprint(Protocol):
    """A set of functions that the app registers."""

    def orchestration_trigger(self, context_name: str) -> Callable[[_Function], _Function]: ...
    def activity_trigger(self, input_name: str) -> Callable[[_Function], _Function]: ...
    def durable_client_input(self, client_name: str) -> Callable[[_Function], _Function]: ...
    def timer_trigger(self, arg_name: str, schedule: str) -> Callable[[_Function], _Function]: ...
    def route(
        self, route: str, methods: list[str], auth_level: func.AuthLevel | None = None
    ) -> Callable[[_Function], _Function]: ...


def blueprint() -> Blueprint:
    """An empty blueprint; its HTTP functions ask for a function key."""
    return cast(Blueprint, df.Blueprint(http_auth_level=func.AuthLevel.FUNCTION))


def read_status(listed: dict[str, object]) -> Status:
    """An instance as the engine's HTTP interface lists it."""
    return cast(Status, DurableOrchestrationStatus.from_json(listed))


def register(app: df.DFApp, *blueprints: Blueprint) -> None:
    """Adds the functions of blueprints to the app."""
    for one in blueprints:
        app.register_functions(cast(Any, one))
