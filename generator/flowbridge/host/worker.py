"""The event loop of the app's own coroutines, apart from the host's: a function that blocks does not stop the API."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from importlib import import_module
from typing import Any

import aiohttp

http_utils: Any = import_module("azure.durable_functions.models.utils.http_utils")
GOODBYE_SECONDS = 1.0
_sessions: dict[asyncio.AbstractEventLoop, aiohttp.ClientSession] = {}


async def _session_of_loop() -> aiohttp.ClientSession:
    """The SDK's client session, one for each event loop: the SDK's own is one for the process."""
    loop = asyncio.get_running_loop()
    found = _sessions.get(loop)
    if found is None or found.closed:
        timeout = aiohttp.ClientTimeout(total=240, sock_connect=10)
        found = _sessions[loop] = aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=30))
    return found


async def close_session() -> None:
    """Close the running loop's session, if it has one."""
    found = _sessions.pop(asyncio.get_running_loop(), None)
    if found is not None:
        await found.close()


http_utils._get_session = _session_of_loop
http_utils._handle_request_error = close_session


class WorkerLoop:
    """One event loop on one thread, started when it is first needed."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def run(self, work: Coroutine[Any, Any, Any]) -> Future[Any]:
        """Run a coroutine there."""
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._serve, args=(self._loop,), name="worker", daemon=True)
                self._thread.start()
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def close(self) -> None:
        """Cancel what runs there and end the thread; one that blocks is left behind."""
        with self._lock:
            loop, thread = self._loop, self._thread
        if loop is not None and thread is not None:
            loop.call_soon_threadsafe(loop.stop)
            thread.join(timeout=2)

    @staticmethod
    def _serve(loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_forever()
        finally:
            tasks = asyncio.all_tasks(loop)
            for task in tasks:
                task.cancel()
            loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
            loop.run_until_complete(close_session())
            loop.run_until_complete(_connections_gone(loop))
            loop.close()


async def _connections_gone(loop: asyncio.AbstractEventLoop) -> None:
    """Waits a moment for connections that were closed: over TLS both sides take leave first."""
    await asyncio.sleep(0)
    selector: Any = getattr(loop, "_selector", None)
    deadline = loop.time() + GOODBYE_SECONDS
    # The loop itself waits for one thing, that it is woken up from another thread.
    while selector is not None and len(selector.get_map()) > 1 and loop.time() < deadline:
        await asyncio.sleep(0.005)
