"""The operations that list: instances in pages, the history of one, and what a designer offers to pick from."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from typing import cast

import azure.functions as func

from . import engine
from .http import RefusedError, answer
from .operations import Instance, Workflow, find_run, parts
from .sdk import Client
from .validation import without_absent
from .values import iso_if_known

STATUSES = ("Pending", "Running", "Suspended", "ContinuedAsNew", "Completed", "Failed", "Terminated", "Canceled")
TOP, TOP_LIMIT = 50, 100
# Instances of other workflows, children and subscriptions are in the engine's pages, too: after so many of them the
# caller gets what was found and a token to go on with.
PAGES_AT_MOST = 20
CHOICES = 100
EVENTS = 1_000
TITLE_LIMIT = 120


async def list_instances(workflow: Workflow, request: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Tells the workflow's instances that match, a page of them: 200, or 400 for a filter that says nothing."""
    try:
        statuses = _statuses(request.params.get("status", ""))
        created_from, created_to = _moment(request, "createdFrom"), _moment(request, "createdTo")
        top = _top(request.params.get("top", ""))
        token, skip = _read_token(request.params.get("continuationToken", ""))
    except RefusedError as refused:
        return refused.answer()
    found: list[Instance] = []
    for _ in range(PAGES_AT_MOST):
        page = await engine.page(
            client, statuses=statuses, created_from=created_from, created_to=created_to, size=engine.PAGE, token=token
        )
        ours = [one.instance for one in page.found if one.name.lower() == workflow.orchestrator.lower()]
        room = top - len(found)
        found += ours[skip : skip + room]
        if len(ours) > skip + room:
            return _listed(found, token, skip + room)
        token, skip = page.token, 0
        if not token:
            return _listed(found, "", 0)
        if len(found) == top:
            break
    return _listed(found, token, 0)


def _listed(found: list[Instance], token: str, skip: int) -> func.HttpResponse:
    text = json.dumps([token, skip]) if token or skip else ""
    body = {
        "instances": [_shown(one) for one in found],
        "continuationToken": base64.urlsafe_b64encode(text.encode()).decode() or None,
    }
    return answer(without_absent(body))


def _shown(instance: Instance) -> dict[str, object]:
    return {
        "instanceId": instance.id,
        "runtimeStatus": instance.status,
        "step": instance.board["step"] or None,
        "stepTitle": instance.board.get("title"),
        "message": instance.board.get("message"),
        "createdTime": iso_if_known(instance.created),
        "lastUpdatedTime": iso_if_known(instance.updated),
    }


async def get_history(workflow: Workflow, request: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Tells what has happened in an instance, oldest first, without inputs and results: 200, or 404."""
    try:
        instance = await find_run(workflow, client, request.route_params["instanceId"])
    except RefusedError as refused:
        return refused.answer()
    events = await engine.history(client, instance.id)
    shown = [_event(one) for one in events[-EVENTS:]]
    body = {"instanceId": instance.id, "events": shown, "total": len(events)}
    return answer(without_absent(body))


def _event(one: Mapping[str, object]) -> dict[str, object]:
    name = one.get("FunctionName") or one.get("Name")
    reason = one.get("Reason")
    return {
        "timestamp": _time(one.get("Timestamp")),
        "type": str(one.get("EventType")),
        "name": name if isinstance(name, str) and name else None,
        "startedTime": _time(one.get("ScheduledTime")),
        "message": reason[:1_000] if isinstance(reason, str) and reason else None,
    }


async def choose_instance(workflow: Workflow, request: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Offers instances, at most 100: those that have not ended, or those of the statuses that the request names."""
    try:
        statuses = _statuses(request.params.get("status", "")) or engine.OPEN
    except RefusedError as refused:
        return refused.answer()
    offered: list[dict[str, object]] = []
    async for one in engine.runs(client, workflow.orchestrator, statuses=statuses):
        told = one.board.get("message") or one.board.get("title") or one.board["step"] or one.status
        offered.append({"instanceId": one.id, "title": _title(told, one.id)})
        if len(offered) >= CHOICES:
            break
    return answer({"value": offered})


async def choose_approval(workflow: Workflow, request: func.HttpRequest, client: Client) -> func.HttpResponse:
    """Offers the approvals that wait, at most 100; those of one step if the request names an `approval`."""
    wanted = request.params.get("approval", "")
    offered: list[dict[str, object]] = []
    async for one in engine.runs(client, workflow.orchestrator, statuses=engine.BEGUN):
        for part in await parts(client, one):
            for approval, waiting in part.waiting.items():
                if wanted in ("", approval):
                    title = _title(waiting["title"], one.id)
                    offered.append({"instanceId": one.id, "approval": approval, "title": title})
        if len(offered) >= CHOICES:
            break
    return answer({"value": offered[:CHOICES]})


def _title(text: str, instance_id: str) -> str:
    return f"{text[:TITLE_LIMIT]} ({instance_id})"


def _statuses(text: str) -> tuple[str, ...]:
    known = {one.casefold(): one for one in STATUSES}
    given = [one.strip(" ") for one in text.split(",")] if text else []
    if wrong := [one for one in given if one.casefold() not in known]:
        raise RefusedError(400, "InvalidStatus", f"There is no status {wrong[0]!r}.")
    return tuple(known[one.casefold()] for one in given)


def _moment(request: func.HttpRequest, name: str) -> str:
    text = request.params.get(name, "")
    if not text:
        return ""
    try:
        # A plus sign that was not encoded arrives as a space.
        moment = datetime.fromisoformat(text.strip(" ").replace(" ", "+") if "T" in text else text.strip(" "))
    except ValueError:
        raise RefusedError(400, "InvalidTime", f"{name} is not a time in ISO 8601.") from None
    return moment.isoformat() if moment.tzinfo is not None else f"{moment.isoformat()}Z"


def _top(text: str) -> int:
    if not text:
        return TOP
    if not text.isdecimal() or len(text) > 4 or not 1 <= int(text) <= TOP_LIMIT:
        raise RefusedError(400, "InvalidTop", f"top is not a number from 1 to {TOP_LIMIT}.")
    return int(text)


def _read_token(text: str) -> tuple[str, int]:
    if not text:
        return "", 0
    try:
        read = cast(object, json.loads(base64.urlsafe_b64decode(text.encode())))
        if isinstance(read, list):
            match cast(list[object], read):
                case [str(token), int(skip)] if 0 <= skip <= engine.PAGE and token.isascii() and token.isprintable():
                    return token, skip
                case _:
                    pass
    except (ValueError, UnicodeError):
        pass
    raise RefusedError(400, "InvalidToken", "The continuation token is not one that this operation has given.")


def _time(value: object) -> str | None:
    """A time of the engine's history as ISO 8601 with its zone, or None."""
    if not isinstance(value, str) or not value:
        return None
    return value if value.endswith("Z") or "+" in value[10:] else f"{value}Z"
