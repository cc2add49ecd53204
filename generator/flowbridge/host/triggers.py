"""The app's own HTTP functions, with the routes, keys and replies of the Functions host."""

import asyncio
import hmac
import inspect
import logging
import re
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, cast

from aiohttp import web
from azure.functions import HttpRequest, HttpResponse

from .app import Function
from .bindings import InvocationContext
from .worker import WorkerLoop

log = logging.getLogger("flowbridge.host")
CONSTRAINTS = {
    "int": r"-?\d+",
    "long": r"-?\d+",
    "bool": r"(?i:true|false)",
    "guid": r"[0-9a-fA-F-]{32,38}",
    "alpha": r"[A-Za-z]+",
    "decimal": r"-?\d+(?:\.\d+)?",
    "double": r"-?\d+(?:\.\d+)?",
    "float": r"-?\d+(?:\.\d+)?",
}


@dataclass(frozen=True)
class Route:
    """One function's address: a pattern over the decoded path after the prefix."""

    function: Function
    pattern: re.Pattern[str]
    rank: tuple[int, ...]


def compile_route(function: Function) -> Route:
    """A route template ({name}, {name:int}, {name?}, {*rest}) as a pattern; literal segments rank first."""
    pattern, rank = "", list[int]()
    for segment in [s for s in function.route.split("/") if s]:
        text, parameters = "", 0
        for part in re.split(r"(\{[^}]*\})", segment):
            if not part.startswith("{"):
                text += re.escape(part)
                continue
            parameters += 1
            name, _, constraint = part[1:-1].partition(":")
            bare = name.strip("*?")
            if name.startswith("*"):
                text += f"(?P<{bare}>.*)"
                parameters = 9
            else:
                text += f"(?P<{bare}>{CONSTRAINTS.get(constraint.rstrip('?'), '[^/]+')})"
        optional = (segment.startswith("{") and segment.endswith(("?}", "*}"))) or segment.startswith("{*")
        pattern += f"(?:/{text})?" if optional else f"/{text}"
        rank.append(parameters)
    return Route(function, re.compile(pattern + "/?", re.IGNORECASE | re.DOTALL), tuple(rank))


class Triggers:
    """All HTTP functions of an app. `binding` gives the durable client's JSON for a request's origin."""

    def __init__(
        self, functions: list[Function], prefix: str, key: str, worker: WorkerLoop, binding: Callable[[str], str]
    ) -> None:
        self._routes = sorted((compile_route(f) for f in functions), key=lambda r: r.rank)
        self._prefix = f"/{prefix}" if prefix else ""
        self._key = key
        self._worker = worker
        self._binding = binding
        self._threads = ThreadPoolExecutor(max_workers=16, thread_name_prefix="http")

    def close(self) -> None:
        """Take no more requests."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer a request with the function whose route and method it has."""
        path = request.path
        if not path.lower().startswith(self._prefix.lower()):
            return web.Response(status=404)
        rest = path[len(self._prefix) :] or "/"
        for route in self._routes:
            found = route.pattern.fullmatch(rest)
            if found is None and not (rest == "/" and not route.pattern.pattern.strip("/?")):
                continue
            function = route.function
            if function.methods is not None and request.method not in function.methods:
                # The Functions host, too, knows no route of that method: it answers 404, not 405.
                continue
            if not self._may(function, request):
                return web.Response(status=401)
            parameters = {k: v for k, v in (found.groupdict() if found else {}).items() if v is not None}
            return await self._invoke(function, request, parameters)
        return web.Response(status=404)

    def _may(self, function: Function, request: web.Request) -> bool:
        if function.auth == "ANONYMOUS":
            return True
        given = request.headers.get("x-functions-key") or request.query.get("code") or ""
        return hmac.compare_digest(given.encode(), self._key.encode())

    async def _invoke(self, function: Function, request: web.Request, parameters: dict[str, str]) -> web.StreamResponse:
        body = await request.read()
        arguments: dict[str, Any] = {function.parameter: _request(request, parameters, body)}
        for client in function.clients:
            arguments[client] = self._binding(f"{request.scheme}://{request.host}")
        if function.takes_context:
            arguments["context"] = InvocationContext(function.name, str(uuid.uuid4()))
        try:
            if inspect.iscoroutinefunction(function.call):
                result = await asyncio.wrap_future(self._worker.run(function.call(**arguments)))
            else:
                loop = asyncio.get_running_loop()
                result = await loop.run_in_executor(self._threads, lambda: function.call(**arguments))
            return _response(result)
        except Exception:
            log.exception("function '%s' failed", function.name)
            return web.Response(status=500)


def _request(request: web.Request, parameters: dict[str, str], body: bytes) -> HttpRequest:
    return HttpRequest(
        method=request.method,
        url=str(request.url),
        headers={key.lower(): value for key, value in request.headers.items()},
        params=dict(request.query),
        route_params=parameters,
        body=body,
    )


def _response(result: Any) -> web.Response:
    if result is None:
        return web.Response(status=204)
    if isinstance(result, str):
        return web.Response(text=result)
    if not isinstance(result, HttpResponse):
        raise TypeError(f"an HTTP function must return HttpResponse or str, not {type(result).__name__}")
    answer = cast(Any, result)
    response = web.Response(status=int(answer.status_code), body=answer.get_body() or b"")
    for name, value in answer.headers.items():
        if name.lower() == "content-type":
            response.headers["Content-Type"] = value
        else:
            response.headers.add(name, value)
    if "content-type" not in answer.headers:
        kind = answer.mimetype
        response.headers["Content-Type"] = f"{kind}; charset={answer.charset}" if kind.startswith("text/") else kind
    return response
