"""Questions to the engine that the SDK's client has no method for: instances by the beginning of their id, in pages.

The client talks to the engine over HTTP, at an address that its binding carries; these questions go to the same place.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import quote

import aiohttp

from .operations import Instance, find, read
from .sdk import Client, read_status

PAGE = 100
OPEN = ("Pending", "Running", "ContinuedAsNew", "Suspended")
BEGUN = ("Running", "Suspended")
_TOKEN = "x-ms-continuation-token"
_LIMIT = aiohttp.ClientTimeout(total=60, connect=10)


@dataclass(frozen=True)
class Found:
    """An instance with the name of its orchestrator."""

    name: str
    instance: Instance


@dataclass(frozen=True)
class Page:
    """Some instances, and the token that asks for those after them; empty on the last page."""

    found: list[Found]
    token: str


async def start_once(client: Client, orchestrator: str, instance_id: str, given: object) -> None:
    """Starts an instance unless there is one of that id, also if another caller starts it in the same moment."""
    if await find(client, instance_id) is not None:
        return
    try:
        await client.start_new(orchestrator, instance_id, given)
    except Exception:
        # The engine refuses an id that is in use; with no instance of it, something else is wrong.
        if await find(client, instance_id) is None:
            raise


async def page(
    client: Client,
    *,
    prefix: str = "",
    statuses: tuple[str, ...] = (),
    created_from: str = "",
    created_to: str = "",
    size: int = PAGE,
    token: str = "",
    inputs: bool = False,
) -> Page:
    """One page of the instances that match; times in ISO 8601, `inputs` says whether their inputs are read, too."""
    asked = {
        "instanceIdPrefix": prefix,
        "runtimeStatus": ",".join(statuses),
        "createdTimeFrom": created_from,
        "createdTimeTo": created_to,
    }
    given = {name: value for name, value in asked.items() if value}
    params = {**given, "top": str(size), "showInput": "true" if inputs else "false"}
    headers = {_TOKEN: token} if token else {}
    async with (
        aiohttp.ClientSession(timeout=_LIMIT) as session,
        session.get(f"{_base(client)}instances/", params=params, headers=headers) as answer,
    ):
        answer.raise_for_status()
        listed = cast(list[dict[str, Any]], await answer.json(content_type=None))
        following = answer.headers.get(_TOKEN, "")
    return Page([_found(one) for one in listed], following)


async def every(client: Client, *, prefix: str, statuses: tuple[str, ...] = OPEN, inputs: bool = False) -> list[Found]:
    """All instances that match, page after page."""
    return [one async for one in walk(client, prefix=prefix, statuses=statuses, inputs=inputs)]


async def walk(
    client: Client, *, prefix: str = "", statuses: tuple[str, ...] = OPEN, inputs: bool = False
) -> AsyncIterator[Found]:
    """The instances that match, one after the other; a page is asked for when the one before it is used up."""
    token = ""
    while True:
        got = await page(client, prefix=prefix, statuses=statuses, token=token, inputs=inputs)
        for one in got.found:
            yield one
        token = got.token
        if not token:
            return


async def runs(client: Client, orchestrator: str, *, statuses: tuple[str, ...]) -> AsyncIterator[Instance]:
    """The instances of one orchestrator, one after the other."""
    async for one in walk(client, statuses=statuses):
        if one.name.lower() == orchestrator.lower():
            yield one.instance


async def history(client: Client, instance_id: str) -> list[dict[str, object]]:
    """The history of an instance as the engine tells it, without inputs and results; empty if there is none."""
    address = f"{_base(client)}instances/{quote(instance_id, safe='')}"
    params = {"showHistory": "true", "showInput": "false"}
    async with aiohttp.ClientSession(timeout=_LIMIT) as session, session.get(address, params=params) as answer:
        if answer.status not in (200, 202):
            return []
        body = cast(dict[str, Any], await answer.json(content_type=None))
    return cast(list[dict[str, object]], body.get("historyEvents") or [])


def _found(listed: dict[str, object]) -> Found:
    return Found(str(listed.get("name") or ""), read(str(listed["instanceId"]), read_status(listed)))


def _base(client: Client) -> str:
    """The address of the engine's HTTP interface, with a slash at its end."""
    return str(cast(Any, client)._orchestration_bindings.rpc_base_url)
