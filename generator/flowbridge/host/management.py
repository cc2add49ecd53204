"""The durable HTTP API, for people and for the SDK's client: one handler under two addresses."""

import asyncio
import base64
import json
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any
from urllib.parse import quote

from aiohttp import web

from . import episode, history
from .bindings import MANAGEMENT, management_urls
from .clock import parse_stamp, stamp_seconds
from .commands import Commands, RefusedError
from .engine import Engine
from .instances import ENDED
from .store import Reader, Record

JSON = "application/json; charset=utf-8"
PAGE = 100
STATUSES = ("Running", "Completed", "ContinuedAsNew", "Failed", "Canceled", "Terminated", "Pending", "Suspended")
LONGEST_WAIT = 600.0
NO_ENTITIES = "Durable entities are not served by the local host."


class Management:
    """The API over one engine. `key` goes into the addresses it gives out."""

    def __init__(self, engine: Engine, reader: Reader, hub: str, key: str) -> None:
        self._engine = engine
        self._commands = Commands(engine.ledger)
        self._reader = reader
        self._hub = hub
        self._key = key

    def routes(self, base: str) -> list[web.RouteDef]:
        """The routes under `base`, which has no slash at its end."""
        one = f"{base}/instances/{{id}}"
        starts = f"{base}/orchestrators/{{function}}"
        return [
            web.post(starts, self.start),
            web.post(f"{starts}/{{id}}", self.start),
            web.get(f"{base}/instances", self.query, allow_head=False),
            web.get(f"{base}/instances/", self.query, allow_head=False),
            web.delete(f"{base}/instances", self.purge_many),
            web.delete(f"{base}/instances/", self.purge_many),
            web.get(one, self.status, allow_head=False),
            web.delete(one, self.purge),
            web.post(f"{one}/raiseEvent/{{event}}", self.raise_event),
            web.post(f"{one}/terminate", self.terminate),
            web.post(f"{one}/suspend", self.suspend),
            web.post(f"{one}/resume", self.resume),
            web.post(f"{one}/rewind", self.rewind),
            web.post(f"{one}/restart", self.restart),
            web.route("*", rf"{base}/entities{{rest:[\s\S]*}}", self.entities),
            web.route("*", rf"{base}{{rest:[\s\S]*}}", self.unknown),
        ]

    # ---- starting
    async def start(self, request: web.Request) -> web.Response:
        """Start an instance, at `scheduledStartTime` if given; with `timeout`, wait for its end."""
        name = _path(request, "id")
        if name is not None and "/" in name:
            return web.Response(status=404)
        text = await _text(request)
        refused = _not_json(text) if text.strip() else None
        if refused is not None:
            return refused
        raw = text if text.strip() else None
        if raw is not None and json.loads(raw) is None:
            raw = None
        function, version = _path(request, "function") or "", request.query.get("version")
        scheduled = _moment(request.query.get("scheduledStartTime"))
        made = await self._run(lambda: self._commands.start(function, name, raw, version, scheduled))
        if isinstance(made, web.Response):
            return made
        if "timeout" in request.query:
            return await self._wait(request, made)
        return self._accepted(request, made)

    async def _wait(self, request: web.Request, name: str) -> web.Response:
        seconds = min(_number(request.query.get("timeout"), 10.0), LONGEST_WAIT)
        waiting = asyncio.wrap_future(self._engine.wait(name))
        try:
            await asyncio.wait_for(waiting, seconds)
        except TimeoutError:
            return self._accepted(request, name)
        record = self._reader.record(name)
        if record is None:
            return web.Response(status=404)
        if record.status == "Completed":
            return _json(200, episode.as_json(record.status, record.output))
        return _json(200, _status(record, inputs=True))

    def _accepted(self, request: web.Request, name: str) -> web.Response:
        urls = management_urls(f"{request.scheme}://{request.host}", self._hub, name, self._key)
        del urls["rewindPostUri"]
        return _json(202, urls, {"Location": urls["statusQueryGetUri"], "Retry-After": "10"})

    # ---- reading
    async def status(self, request: web.Request) -> web.Response:
        """The status of one instance."""
        name = _path(request, "id") or ""
        record = self._reader.record(name)
        if record is None:
            return web.Response(status=404)
        inputs = _flag(request, "showInput", default=True)
        content = _status(record, inputs=inputs)
        if _flag(request, "showHistory"):
            outputs = _flag(request, "showHistoryOutput")
            try:
                content["historyEvents"] = history.shown(self._reader.past(name), inputs=inputs, outputs=outputs)
            except history.DuplicateEvents as error:
                return _error(400, "Invalid history", str(error), "System.ArgumentException")
        if record.status not in ENDED:
            location = f"{request.scheme}://{request.host}{MANAGEMENT}/instances/{quote(name, safe='')}"
            return _json(202, content, {"Location": location, "Retry-After": "5"})
        failed = record.status == "Failed" and _flag(request, "returnInternalServerErrorOnFailure")
        return _json(500 if failed else 200, content)

    async def query(self, request: web.Request) -> web.Response:
        """Instances by status, time and prefix, in pages."""
        top = int(_number(request.query.get("top"), PAGE))
        top = top if top > 0 else PAGE
        token = request.headers.get("x-ms-continuation-token", "").strip()
        inputs = _flag(request, "showInput", default=True)
        records = await asyncio.to_thread(
            self._reader.query, first=_decoded(token), limit=top + 1, prefix=_prefix(request), **_filter(request)
        )
        page = records[:top]
        following = base64.b64encode(records[top].id.encode()).decode() if len(records) > top else ""
        content = [_status(record, inputs=inputs) for record in page]
        return _json(200, content, {"x-ms-continuation-token": following})

    # ---- changing
    async def raise_event(self, request: web.Request) -> web.Response:
        """Give an event to an instance."""
        name, event = _path(request, "id") or "", _path(request, "event") or ""
        if "json" not in request.content_type:
            return _json(400, {"Message": "Only application/json request content is supported"})
        text = await _text(request)
        if self._reader.record(name) is None:
            return web.Response(status=404)
        refused = _not_json(text)
        if refused is not None:
            return refused
        raw = history.dump(json.loads(text))
        return await self._carry_out(lambda: self._commands.raise_event(name, event, raw))

    async def terminate(self, request: web.Request) -> web.Response:
        """End an instance."""
        name, reason = _path(request, "id") or "", request.query.get("reason", "")
        return await self._carry_out(lambda: self._commands.terminate(name, reason))

    async def suspend(self, request: web.Request) -> web.Response:
        """Hold an instance."""
        name, reason = _path(request, "id") or "", request.query.get("reason", "")
        return await self._carry_out(lambda: self._commands.suspend(name, reason))

    async def resume(self, request: web.Request) -> web.Response:
        """Let a held instance go on."""
        name, reason = _path(request, "id") or "", request.query.get("reason", "")
        return await self._carry_out(lambda: self._commands.resume(name, reason))

    async def rewind(self, request: web.Request) -> web.Response:
        """Take back the failures of a failed instance."""
        name, reason = _path(request, "id") or "", request.query.get("reason", "")
        return await self._carry_out(lambda: self._commands.rewind(name, reason))

    async def restart(self, request: web.Request) -> web.Response:
        """Start an instance's function and input again."""
        name, new_id = _path(request, "id") or "", _flag(request, "restartWithNewInstanceId", default=True)
        made = await self._run(lambda: self._commands.restart(name, new_id))
        return made if isinstance(made, web.Response) else self._accepted(request, made)

    async def purge(self, request: web.Request) -> web.Response:
        """Forget one ended instance."""
        name = _path(request, "id") or ""
        refused = await self._run(lambda: self._commands.purge(name))
        return refused if isinstance(refused, web.Response) else _json(200, {"instancesDeleted": 1})

    async def purge_many(self, request: web.Request) -> web.Response:
        """Forget the ended instances that match."""
        if not request.query.get("createdTimeFrom"):
            return _json(400, "Please provide value for 'createdTimeFrom' parameter.")
        records = await asyncio.to_thread(self._reader.query, **_filter(request))
        names = [record.id for record in records if record.status in ENDED]
        count = await self._run(lambda: self._commands.purge_all(names)) if names else 0
        if isinstance(count, web.Response):
            return count
        return _json(200, {"instancesDeleted": count}) if count else web.Response(status=404)

    async def entities(self, _: web.Request) -> web.Response:
        """Entities are not served."""
        return _json(501, {"Message": NO_ENTITIES})

    async def unknown(self, _: web.Request) -> web.Response:
        """Whatever else."""
        return web.Response(status=404)

    # ---- the engine
    async def _carry_out(self, command: Callable[[], None]) -> web.Response:
        refused = await self._run(command)
        return refused if isinstance(refused, web.Response) else web.Response(status=202)

    async def _run(self, command: Callable[[], Any]) -> Any:
        future: Future[Any] = self._engine.call(command)
        try:
            return await asyncio.wrap_future(future)
        except RefusedError as refused:
            return _refusal(refused)


def _status(record: Record, *, inputs: bool) -> dict[str, Any]:
    return {
        "name": record.name,
        "instanceId": record.id,
        "runtimeStatus": record.status,
        "input": history.token(record.input) if inputs else None,
        "customStatus": history.token(record.custom),
        "output": episode.as_json(record.status, record.output),
        "createdTime": stamp_seconds(record.created),
        "lastUpdatedTime": stamp_seconds(record.updated),
    }


def _refusal(refused: RefusedError) -> web.Response:
    match refused.status:
        case 409:
            return _json(409, {"Message": refused.text})
        case 400:
            return _error(400, "InstanceId does not match a valid orchestration instance.", refused.text, refused.kind)
        case 500:
            return _error(500, "Something went wrong while processing your request", refused.text, refused.kind)
        case _:
            return _json(refused.status, refused.text) if refused.text else web.Response(status=refused.status)


def _error(status: int, message: str, text: str, kind: str) -> web.Response:
    content = {"Message": message, "ExceptionMessage": text, "ExceptionType": kind, "StackTrace": ""}
    return _json(status, content)


def _not_json(text: str) -> web.Response | None:
    try:
        json.loads(text)
    except (ValueError, RecursionError) as error:
        return _error(400, "Invalid JSON content", str(error), "Newtonsoft.Json.JsonReaderException")
    return None


def _json(status: int, content: Any, headers: dict[str, str] | None = None) -> web.Response:
    body = json.dumps(content).encode()
    return web.Response(status=status, body=body, headers={**(headers or {}), "Content-Type": JSON})


def _path(request: web.Request, key: str) -> str | None:
    return request.match_info.get(key)


async def _text(request: web.Request) -> str:
    """The body as text; what is no UTF-8 shows as such, and is no JSON."""
    return (await request.read()).decode("utf-8", "replace")


def _flag(request: web.Request, key: str, *, default: bool = False) -> bool:
    value = request.query.get(key)
    return default if value is None else value.lower() == "true"


def _number(text: str | None, default: float) -> float:
    try:
        return default if text is None else float(text)
    except ValueError:
        return default


def _prefix(request: web.Request) -> str:
    return request.query.get("instanceIdPrefix", "")


def _filter(request: web.Request) -> dict[str, Any]:
    wanted = {text.strip().lower() for text in ",".join(request.query.getall("runtimeStatus", [])).split(",")}
    return {
        "statuses": [status for status in STATUSES if status.lower() in wanted],
        "created_from": _moment(request.query.get("createdTimeFrom")),
        "created_to": _moment(request.query.get("createdTimeTo")),
    }


def _moment(text: str | None) -> int | None:
    try:
        return None if not text else parse_stamp(text)
    except ValueError:
        return None


def _decoded(token: str) -> str:
    try:
        return base64.b64decode(token).decode()
    except ValueError:
        return ""
