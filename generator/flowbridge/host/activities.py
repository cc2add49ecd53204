"""Activities at work: threads for plain functions, one event loop for async ones, results handed to the engine."""

import asyncio
import json
import queue
import threading
import traceback
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, cast

from azure.functions import meta
from azure.functions.durable_functions import ActivityTriggerConverter

from .answer import activity_reference_error
from .app import Function
from .bindings import InvocationContext
from .history import dump
from .shim import HTTP_ACTIVITY
from .worker import WorkerLoop

Converter = cast(Any, ActivityTriggerConverter)
Datum = cast(Any, meta).Datum
# the one-time advice to name a type is for callers of the codec; here the converter calls it, as in the worker
cast(Any, import_module("azure.functions._durable_functions"))._no_expected_type_notice_emitted = True


@dataclass(frozen=True, slots=True)
class Work:
    """One activity to run: its row, whose task it is, and its input as JSON text."""

    row: int
    instance: str
    execution: str
    task: int
    name: str
    raw_input: str | None


@dataclass(frozen=True, slots=True)
class Finished:
    """How it went: `result` is JSON text; a failure has a `reason` and `details` as Azure words them."""

    work: Work
    result: str | None = None
    reason: str | None = None
    details: str | None = None


class ActivityPool:
    """At most `limit` activities at one time; `done` is called from a worker thread with each result."""

    def __init__(
        self,
        functions: dict[str, Function],
        limit: int,
        worker: WorkerLoop,
        client_binding: Callable[[], str],
        done: Callable[[Finished], None],
    ) -> None:
        self._functions = functions
        self._limit = limit
        self._worker = worker
        self._client_binding = client_binding
        self._done = done
        self._queue: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._slots = asyncio.Semaphore(limit)

    def submit(self, items: Sequence[Work]) -> None:
        """Start these as soon as there is room."""
        plain = 0
        for work in items:
            function = self._functions.get(work.name.lower())
            if function is not None and function.is_async:
                self._worker.run(self._run_async(function, work))
            else:
                plain += 1
                self._queue.put(work)
        while plain and len(self._threads) < self._limit:
            thread = threading.Thread(target=self._serve, name="activity", daemon=True)
            self._threads.append(thread)
            thread.start()
            plain -= 1

    def close(self) -> None:
        """Take no more work; what runs is left to end or die with the process."""
        for _ in self._threads:
            self._queue.put(None)

    def _serve(self) -> None:
        while (work := self._queue.get()) is not None:
            if work.name == HTTP_ACTIVITY:
                self._done(request(work))
                continue
            function = self._functions.get(work.name.lower())
            if function is None:
                self._done(_failure(work, ValueError(f"the activity '{work.name}' is no longer in the app")))
                continue
            try:
                result = function.call(**self._arguments(function, work))
            except BaseException as error:
                self._done(_failure(work, error))
            else:
                self._done(_success(work, result))

    def _arguments(self, function: Function, work: Work) -> dict[str, Any]:
        text = "null" if work.raw_input is None else work.raw_input
        value = Converter.decode(Datum(text, "string"), trigger_metadata=None)
        arguments: dict[str, Any] = {function.parameter: value}
        for client in function.clients:
            arguments[client] = self._client_binding()
        if function.takes_context:
            arguments["context"] = InvocationContext(function.name, str(uuid.uuid4()))
        return arguments

    async def _run_async(self, function: Function, work: Work) -> None:
        async with self._slots:
            try:
                result = await function.call(**self._arguments(function, work))
            except asyncio.CancelledError:
                raise
            except BaseException as error:
                self._done(_failure(work, error))
            else:
                self._done(_success(work, result))


def _success(work: Work, result: Any) -> Finished:
    try:
        text: str = Converter.encode(result, expected_type=None).value
    except Exception as error:
        return _failure(work, error)
    if "NaN" in text or "Infinity" in text:
        text = json.dumps(json.loads(text, parse_constant=str))
    refused = activity_reference_error(text)
    if refused is not None:
        return _refused(work, refused)
    return Finished(work, result=text)


def _failure(work: Work, error: BaseException) -> Finished:
    message = f"{type(error).__name__}: {error}"
    stack = "".join(traceback.format_tb(error.__traceback__))
    return _wrapped(work, f" {message}", f"Result: Failure\nException: {message}\nStack: {stack}")


def _refused(work: Work, message: str) -> Finished:
    return _wrapped(work, message, message)


def _wrapped(work: Work, message: str, inner: str) -> Finished:
    kind = "System.Exception, System.Private.CoreLib"
    cause = {"$type": kind, "ClassName": "System.Exception", "Message": inner, "Data": None, "InnerException": None}
    details = {"$type": kind, "ClassName": "System.Exception", "Message": message, "Data": None}
    reason = f"Activity function '{work.name}' failed: {message}"
    return Finished(work, reason=reason, details=dump({**details, "InnerException": cause}))


def request(work: Work) -> Finished:
    """Perform a call_http: one request, its reply as the SDK expects it."""
    asked: dict[str, Any] = json.loads(work.raw_input or "{}")
    if not str(asked.get("uri", "")).startswith(("http://", "https://")):
        return _failure(work, ValueError(f"unsupported address {asked.get('uri')!r}"))
    content = asked.get("content")
    call = urllib.request.Request(
        asked["uri"],
        data=None if content is None else str(content).encode(),
        method=asked["method"],
        headers=asked.get("headers") or {},
    )
    try:
        with urllib.request.urlopen(call, timeout=100) as reply:
            return Finished(work, result=_reply(reply.status, dict(reply.headers), reply.read()))
    except urllib.error.HTTPError as reply:
        with reply:
            return Finished(work, result=_reply(reply.code, dict(reply.headers), reply.read()))
    except Exception as error:
        return _failure(work, error)


def _reply(status: int, headers: dict[str, str], content: bytes) -> str:
    return dump({"statusCode": status, "headers": headers, "content": content.decode("utf-8", "replace")})
