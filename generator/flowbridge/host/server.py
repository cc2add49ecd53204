"""The host as a whole: it loads the app, opens the store, starts the engine and listens on the loopback."""

import asyncio
import contextlib
import logging
import os
import secrets
import signal
import sys
import threading
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from .activities import ActivityPool
from .app import App, load_app, unload_app
from .bindings import MANAGEMENT, RPC, client_binding
from .clock import MICROS, Clock, stamp
from .engine import Engine
from .episode import make_stage
from .errors import HostError
from .listening import accept_no_more, bound
from .management import Management
from .options import HostOptions
from .store import Reader, Store
from .triggers import Triggers
from .worker import WorkerLoop

log = logging.getLogger("flowbridge.host")
KEY_FILE = "function.key"
LAST_WORDS = 0.25  # seconds in which callers still hear why the store failed
LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Host:
    """Every part of one running host."""

    def __init__(self, options: HostOptions) -> None:
        self.options = options
        self.app: App = load_app(options.app_dir)
        try:
            self._open()
        except BaseException:
            unload_app(self.app)
            raise

    def _open(self) -> None:
        options = self.options
        self.store = Store(options.data_dir, durable=options.durable)
        try:
            self.reader = Reader(options.data_dir)
            self.key = options.function_key or _key(options.data_dir)
            now = int(time.time() * MICROS)
            self.clock = Clock(max(now, self.store.clock()), options.speed)
            self.engine = Engine(make_stage(self.app, options), self.store, self.clock)
        except BaseException:
            self.store.close()
            raise
        self.port = 0
        self.stopped = asyncio.Event()
        settings = self.app.settings
        self.worker = WorkerLoop()
        self.pool = ActivityPool(
            self.app.activities,
            settings.activity_threads,
            self.worker,
            lambda: self._binding(self.base_url),
            self.engine.finished,
        )
        self.engine.submit = self.pool.submit
        self.management = Management(self.engine, self.reader, settings.hub, self.key)
        self.triggers = Triggers(self.app.http, settings.route_prefix, self.key, self.worker, self._binding)

    @property
    def base_url(self) -> str:
        """http://127.0.0.1:port"""
        return f"http://127.0.0.1:{self.port}"

    def _binding(self, origin: str) -> str:
        return client_binding(origin, self.app.settings.hub, self.key)

    def close(self) -> None:
        """Stop the engine after its turn and let go of everything."""
        self.engine.stop()
        self.pool.close()
        self.triggers.close()
        self.worker.close()
        self.reader.close()
        self.store.close()
        unload_app(self.app)

    # ---- HTTP
    def web_app(self) -> web.Application:
        """Every route in one table; the app's own functions take what is left."""
        application = web.Application(client_max_size=self.options.max_body, middlewares=[self._guard])
        application.add_routes(
            [
                web.get("/_host/health", self._health),
                web.get("/_host/clock", self._clock),
                web.post("/_host/clock", self._advance),
                *self.management.routes(MANAGEMENT),
                *self.management.routes(RPC.rstrip("/")),
                web.route("*", r"/{rest:[\s\S]*}", self.triggers.serve),
            ]
        )
        return application

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Only the loopback by its own name, and no other site's page; the engine counts what is being served."""
        if not _is_ours(request.host, self.port):
            return web.Response(status=403, text="This host answers to localhost alone.")
        origin = request.headers.get("Origin")
        private = request.path.startswith((MANAGEMENT, RPC, "/_host/"))
        if private and origin is not None and not _is_ours(urlsplit(origin).netloc, self.port):
            return web.Response(status=403, text="This address is not for pages of another site.")
        parked = "timeout" in request.query or request.path == "/_host/clock"
        self.engine.requests += not parked
        try:
            return await handler(request)
        except HostError as error:
            return web.Response(status=503, text=str(error))
        finally:
            self.engine.requests -= not parked
            if not self.engine.requests and (self.options.skip_time or self.engine.advancing):
                self.engine.poke()

    async def _health(self, _: web.Request) -> web.Response:
        failed = self.engine.failed
        content = {"status": "broken" if failed else "ok", "profile": self.options.profile, "pid": os.getpid()}
        return web.json_response(content, status=503 if failed else 200)

    async def _clock(self, _: web.Request) -> web.Response:
        return web.json_response({"now": stamp(self.clock.now()), "speed": self.options.speed})

    async def _advance(self, request: web.Request) -> web.Response:
        try:
            seconds = float((await request.json())["advance"])
        except (ValueError, KeyError, TypeError):
            return web.json_response({"message": 'send {"advance": seconds}'}, status=400)
        if not 0 <= seconds <= 100 * 366 * 86_400:
            return web.json_response({"message": "advance by 0 seconds to 100 years"}, status=400)
        await asyncio.wrap_future(self.engine.advance(seconds))
        return await self._clock(request)


def _is_ours(netloc: str, port: int) -> bool:
    host, separator, given = netloc.rpartition(":")
    if not separator or not given.isdecimal():
        return netloc.lower() in LOOPBACK and port == 80
    return host.lower() in LOOPBACK and int(given) == port


def _key(folder: Path) -> str:
    path = folder / KEY_FILE
    with contextlib.suppress(FileNotFoundError):
        found = path.read_text(encoding="ascii").strip()
        if found:
            return found
    made = secrets.token_urlsafe(32)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(handle, "w", encoding="ascii") as file:
        file.write(made)
    return made


@contextlib.asynccontextmanager
async def _listening(options: HostOptions) -> AsyncGenerator[Host]:
    host = Host(options)
    runner = web.AppRunner(host.web_app(), access_log=None, handle_signals=False, shutdown_timeout=2)
    try:
        listening = bound(options.port)
        await runner.setup()
        await web.SockSite(runner, listening).start()
        host.port = runner.addresses[0][1]
        host.engine.start()
        try:
            yield host
        finally:
            await accept_no_more(listening)
    finally:
        await runner.cleanup()
        host.close()


def serve(options: HostOptions, *, ready: Callable[[str], None] | None = None) -> int:
    """Run until SIGINT or SIGTERM; `ready` gets the base URL once it listens. Returns the exit code.

    Raises HostError when it cannot start; a store that fails later is printed, and the code is 1.
    """
    return asyncio.run(_serve(options, ready))


async def _serve(options: HostOptions, ready: Callable[[str], None] | None) -> int:
    async with _listening(options) as host:
        loop = asyncio.get_running_loop()

        def stop(_: HostError) -> None:
            loop.call_soon_threadsafe(host.stopped.set)

        host.engine.on_failure = stop
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError):
                loop.add_signal_handler(number, host.stopped.set)
        if ready is not None:
            ready(host.base_url)
        await host.stopped.wait()
        failed = host.engine.failed
        if failed is not None:
            await asyncio.sleep(LAST_WORDS)
    if failed is not None:
        print(failed, file=sys.stderr)
        return 1
    return 0


@dataclass(frozen=True)
class HandClock:
    """The clock of a host in the same process."""

    host: Host

    def now(self) -> int:
        """The virtual time in microseconds since 1970."""
        return self.host.clock.now()

    def advance(self, seconds: float, timeout: float = 60.0) -> None:
        """Move ahead through every timer on the way; returns when nothing is left to do there."""
        self.host.engine.advance(seconds).result(timeout)

    def sleep(self, seconds: float) -> None:
        """What an activity under test calls in place of time.sleep."""
        self.host.clock.sleep(seconds)


@dataclass(frozen=True)
class RunningHost:
    """A host on a thread of its own."""

    base_url: str
    function_key: str
    clock: HandClock
    host: Host


@contextlib.contextmanager
def running(options: HostOptions) -> Generator[RunningHost]:
    """Run a host beside the caller, with a thread and an event loop of its own. Raises HostError.

    A store that fails later does not end it: requests are answered with 503 and the reason.
    """
    started: Future[RunningHost] = Future()
    loop = asyncio.new_event_loop()

    async def main() -> None:
        async with _listening(options) as host:
            started.set_result(RunningHost(host.base_url, host.key, HandClock(host), host))
            await host.stopped.wait()

    def work() -> None:
        try:
            loop.run_until_complete(main())
        except BaseException as error:
            if started.done():
                log.exception("the host broke")
            else:
                started.set_exception(error)
        finally:
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()

    thread = threading.Thread(target=work, name="host", daemon=True)
    thread.start()
    made = started.result()
    try:
        yield made
    finally:
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(made.host.stopped.set)
        thread.join(timeout=20)
