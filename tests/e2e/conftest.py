"""The flagship end to end: hosts in a process of their own or in this one, and data sources that fail and block."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Caller, Operations

from flowbridge.host.options import HostOptions
from flowbridge.host.server import HandClock, running

WORKFLOW = "data_processing"
BATCH = 25
DAY = 86_400.0
SKIPPING = 0.6
"""Seconds between two looks at a host that skips time: it does so only while nobody asks."""


def records(count: int) -> str:
    """A data source as CSV text; record n has the amount n, but every tenth has none that can be read."""
    rows = [f"SO-{number:05d},{'?' if number % 10 == 0 else number}" for number in range(1, count + 1)]
    return "\n".join(["order,amount", *rows]) + "\n"


def usable(count: int) -> int:
    """How many of so many records have an amount."""
    return count - count // 10


@dataclass(frozen=True)
class Flagship(Operations):
    """The operations of the flagship."""

    def begin(self, source: str, count: int, **more: Any) -> str:
        """Starts an instance on a data source that is said to hold so many records."""
        body = {"dataSource": source, "recordCount": count, "requestedBy": "ada@example.com"}
        return self.start({**body, **more})


@dataclass(frozen=True)
class Stage(Flagship):
    """The flagship on a host in this process, with its clock."""

    clock: HandClock


class HostProcess(Flagship):
    """The flagship on `flowbridge host` in a process of its own."""

    process: subprocess.Popen[str]

    def kill(self) -> None:
        """Ends the process as a power cut does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=10)


@dataclass
class Source:
    """A data source on a loopback server.

    `reads` counts its readers; those whose number is in `refused` are answered 503, and those whose number is above
    `free` wait until that is raised or `gate` is open.
    """

    text: str
    url: str = ""
    reads: int = 0
    refused: set[int] = field(default_factory=set[int])
    free: int = 1 << 30
    gate: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def read(self) -> str | None:
        """What the next reader gets; None for a refusal."""
        with self.lock:
            self.reads += 1
            number = self.reads
        deadline = time.monotonic() + 60
        while number > self.free and not self.gate.wait(0.01) and time.monotonic() < deadline:
            pass
        return None if number in self.refused else self.text


def _serving(source: Source) -> ThreadingHTTPServer:
    class Reader(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            text = source.read()
            try:
                self.send_response(503 if text is None else 200)
                self.send_header("Content-Type", "text/csv")
                self.end_headers()
                self.wfile.write((text or "not now").encode())
            except OSError:
                return  # the reader was killed

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Reader)
    server.daemon_threads = True
    return server


MakeSource = Callable[..., Source]
StartHost = Callable[..., HostProcess]
OnStage = Callable[..., Stage]


@pytest.fixture
def make_source() -> Iterator[MakeSource]:
    """Makes data sources of so many records on servers of their own."""
    with ExitStack() as stack:

        def make(count: int, **settings: Any) -> Source:
            source = Source(records(count), **settings)
            server = _serving(source)
            source.url = f"http://127.0.0.1:{server.server_port}/orders.csv"
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
            stack.callback(source.gate.set)
            return source

        yield make


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of the flagship's reports, for hosts in this process and in others."""
    folder = tmp_path_factory.mktemp("reports")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATA_PROCESSING_REPORTS", str(folder))
        yield folder


@pytest.fixture
def start_host(flagship_app: Path, reports: Path, tmp_path: Path) -> Iterator[StartHost]:
    """Starts `flowbridge host` on the flagship; the data folder is the test's own unless another is given."""
    started: list[HostProcess] = []

    def start(*flags: str, data: Path | None = None) -> HostProcess:
        folder = data or tmp_path / "data"
        command = [sys.executable, "-m", "flowbridge", "host", str(flagship_app), "--port", "0", "--data", str(folder)]
        log = (tmp_path / f"host{len(started)}.log").open("w")
        process = subprocess.Popen([*command, *flags], stdout=subprocess.PIPE, stderr=log, text=True, env=os.environ)
        log.close()
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"http://\S+", line)
        assert found, f"{line!r} {(tmp_path / f'host{len(started)}.log').read_text()}"
        host = HostProcess(Caller(found[0], (folder / "function.key").read_text()), WORKFLOW)
        object.__setattr__(host, "process", process)
        started.append(host)
        return host

    yield start
    for one in started:
        one.process.kill()
        one.process.communicate()


@pytest.fixture
def on_stage(flagship_app: Path, reports: Path, tmp_path: Path) -> Iterator[OnStage]:
    """Puts the flagship on a host in this process whose clock moves only when it is told to."""
    with ExitStack() as stack:

        def stage(**options: Any) -> Stage:
            given: dict[str, Any] = {"port": 0, "speed": 0.0, "durable": False, **options}
            host = stack.enter_context(running(HostOptions(flagship_app, tmp_path / "data", **given)))
            return Stage(Caller(host.base_url, host.function_key), WORKFLOW, host.clock)

        yield stage


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    """A file of 60 records: three batches."""
    path = tmp_path / "orders.csv"
    path.write_text(records(60), encoding="utf-8")
    return path
