"""People and systems that answer from outside: through the app's own operations, step by step, or past them."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from typing import Any

import azure.functions as func
from tests.behaviour.explore.actors import Actor, Client
from tests.behaviour.explore.instance import Instance
from tests.behaviour.explore.world import Scripted, World

Where = Callable[[World], Instance | None]


def root(world: World) -> Instance | None:
    """The root."""
    return world.root


def child(function: str) -> Where:
    """The latest instance of a function that has begun."""

    def find(world: World) -> Instance | None:
        return next((one for one in reversed(world.instances.values()) if one.function == function and one.begun), None)

    return find


def shows(where: Where, part: str, name: str) -> Callable[[World], bool]:
    """Whether an instance shows that it waits."""

    def ask(world: World) -> bool:
        one = where(world)
        return one is not None and not one.ended and name in one.board.get(part, {})

    return ask


def waits(approval: str) -> Callable[[World], bool]:
    """Whether anything in the world shows that it waits for an approval."""
    return lambda world: any(
        not one.ended and approval in one.board.get("waiting", {}) for one in world.instances.values()
    )


def listens(event: str) -> Callable[[World], bool]:
    """Whether anything in the world shows that it waits for an event."""
    return lambda world: any(not one.ended and event in one.board.get("events", {}) for one in world.instances.values())


def answers(
    label: str, approval: str, decision: str, responder: str, when: Callable[[World], bool], **more: Any
) -> Scripted:
    """A person who uses the RaiseApproval operation; what the operation told is in `told`."""
    body = {"decision": decision, "responder": responder, **more}

    def act(world: World) -> None:
        workflow = _workflow(world, {approval: {"type": "object"}}, {})
        request = _request(world, {"approval": approval}, body)
        _begin(world, label, _part(world, "decide").raise_approval(workflow, request, Client(world)))

    return Scripted(label, act, when)


def raises(label: str, event: str, payload: object, when: Callable[[World], bool]) -> Scripted:
    """A system that uses the Raise operation of an event."""

    def act(world: World) -> None:
        workflow = _workflow(world, {}, {event: {"type": "object"}})
        _begin(
            world,
            label,
            _part(world, "raise_event").raise_event(
                workflow, _request(world, {"event": event}, payload), Client(world)
            ),
        )

    return Scripted(label, act, when)


def ends(label: str, when: Callable[[World], bool]) -> Scripted:
    """Somebody who uses the Terminate operation, again when it says so."""

    async def end(world: World) -> Any:
        while True:
            request = _request(world, {}, {})
            reply = await _part(world, "stop").terminate(_workflow(world, {}, {}), request, Client(world))
            if reply.status_code != 503:
                return reply

    return Scripted(label, lambda world: _begin(world, label, end(world)), when)


def _part(world: World, name: str) -> Any:
    """A module of the runtime that the explored app stands on."""
    return importlib.import_module(f"{world.program.runtime}.{name}")


def _workflow(world: World, approvals: dict[str, Any], events: dict[str, Any]) -> Any:
    name = world.root.function
    return _part(world, "operations").Workflow(name, name, {}, {}, approvals, events)


def _request(world: World, route: dict[str, str], body: object) -> func.HttpRequest:
    params = {"instanceId": world.root.name, **route}
    return func.HttpRequest("POST", "http://host/api/w/x", route_params=params, body=json.dumps(body).encode())


def _begin(world: World, label: str, work: Any) -> None:
    def done(out: func.HttpResponse | Exception) -> None:
        if isinstance(out, Exception):
            world.told[label] = {"code": repr(out)}
            return
        body = json.loads(out.get_body())
        world.told[label] = {"code": out.status_code, **body}

    world.act(Actor(label, work, done))


def event(
    label: str, name: str, payload: object, when: Callable[[World], bool] | None = None, where: Where = root
) -> Scripted:
    """An event past the operations, under a name of the engine's."""

    def act(world: World) -> None:
        to = where(world)
        if to is not None:
            world.post_event(to.name, name, payload)

    return Scripted(label, act, lambda world: where(world) is not None and (when is None or when(world)))
