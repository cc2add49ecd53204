"""What tests of several folders share: options of the run, callers of a workflow's operations, and compiled apps."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from flowbridge.compiler import Compiled, compile_app
from flowbridge.write import write

ROOT = Path(__file__).resolve().parents[1]
FLAGSHIP = ROOT / "spec" / "data_processing.yaml"
MANAGEMENT = "/runtime/webhooks/durabletask"
LIMIT_SECONDS = 60.0
ENDED = ("Completed", "Failed", "Terminated")

Json = dict[str, Any]

HOSTILE = [
    "",
    "plain",
    "both \" and '",
    '"""',
    "'''",
    "\\",
    'ends with \\"',
    "\\N{BULLET}",
    "\N{BULLET}",
    "line\nbreak\r\ttab",
    "\x00\x07\x1b[31m",
    "\u2028\u2029\u0085",
    "\u202e\u2066 right to left",
    "\ud800 lone",
    "{{ 7 * 7 }} {% raw %} {# c #}",
    "${input.x} $${",
    "{braces} {{doubled}} {0!r:>10}",
    "__import__('os').system('true')",
    '" + __import__("os").system("true") + "',
    "# type: ignore",
    "# noqa",
    "%s %(a)d %%",
    "x" * 500,
    "word " * 100,
    "\U0001f600" * 90,
]
"""Texts that would do harm if they were ever taken for code, for markup or for the end of something."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the options that rewrite what tests expect, for a reviewer to read as a diff."""
    parser.addoption("--update-broken", action="store_true", help="rewrite the expected messages of tests/broken")
    parser.addoption("--update-golden", action="store_true", help="rewrite the expected trees of tests/golden")


@dataclass(frozen=True)
class Reply:
    """An HTTP answer; `body` is its JSON, None where there is none."""

    status: int
    body: Any
    text: str = field(repr=False)


@dataclass(frozen=True)
class Caller:
    """Calls a host over HTTP with its function key."""

    base: str
    key: str | None

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        raw: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """One request; `path` may be a whole address, `raw` stands for a body that is not JSON."""
        data = raw if raw is not None else None if body is None else json.dumps(body).encode()
        given = {"Content-Type": "application/json", **({"x-functions-key": self.key} if self.key else {})}
        address = path if path.startswith("http") else self.base + path
        request = urllib.request.Request(address, data=data, method=method, headers={**given, **(headers or {})})
        try:
            with urllib.request.urlopen(request, timeout=LIMIT_SECONDS) as answer:
                return _reply(answer.status, answer.read())
        except urllib.error.HTTPError as refused:
            with refused:
                return _reply(refused.code, refused.read())


def _reply(status: int, content: bytes) -> Reply:
    text = content.decode()
    try:
        return Reply(status, json.loads(text) if text else None, text)
    except ValueError:
        return Reply(status, None, text)


@dataclass(frozen=True)
class Operations:
    """The operations of one workflow, as its connector calls them, and a look behind them."""

    caller: Caller
    workflow: str

    def start(self, body: object) -> str:
        """Starts an instance, which must be accepted, and gives its id."""
        reply = self.try_start(body)
        assert reply.status == 200, reply
        return str(reply.body["instanceId"])

    def try_start(self, body: object) -> Reply:
        """The Start operation."""
        return self.caller.call("POST", f"/api/{self.workflow}/start", body)

    def try_status(self, instance: str) -> Reply:
        """The GetStatus operation."""
        return self.caller.call("GET", self.path(instance))

    def status(self, instance: str) -> Json:
        """The status of an instance that must be known."""
        reply = self.try_status(instance)
        assert reply.status == 200, reply
        return dict(reply.body)

    def answer(self, instance: str, decision: str = "Approve", approval: str = "approval", **more: object) -> Reply:
        """The RaiseApproval operation."""
        body = {"decision": decision, "responder": "grace@example.com", **more}
        return self.caller.call("POST", f"{self.path(instance)}/approvals/{approval}", body)

    def terminate(self, instance: str, body: object = None) -> Reply:
        """The Terminate operation."""
        return self.caller.call("POST", f"{self.path(instance)}/terminate", body)

    def purge(self, instance: str) -> Reply:
        """The Purge operation."""
        return self.caller.call("DELETE", self.path(instance))

    def path(self, instance: str) -> str:
        """The path of an instance."""
        return f"/api/{self.workflow}/instances/{instance}"

    def until(self, instance: str, condition: Callable[[Json], bool], pause: float = 0.01) -> Json:
        """The first status that fulfils a condition, looked at every so many seconds."""
        deadline = time.monotonic() + LIMIT_SECONDS
        while not condition(status := self.status(instance)):
            assert time.monotonic() < deadline, f"nothing came of it: {status}"
            time.sleep(pause)
        return status

    def ended(self, instance: str, pause: float = 0.01) -> Json:
        """The status of an instance once it has ended."""
        return self.until(instance, lambda status: status["runtimeStatus"] in ENDED, pause)

    def waiting(self, instance: str) -> Json:
        """The first approval for which an instance waits, once it does."""
        status = self.until(instance, lambda status: bool(status["pendingApprovals"]) or "error" in status)
        return dict(status["pendingApprovals"][0])

    # ---- behind the operations: what the engine itself tells

    def engine(self, instance: str) -> Json:
        """An instance with its history, as the engine's management API shows it."""
        reply = self.caller.call("GET", f"{MANAGEMENT}/instances/{instance}?showHistory=true&showHistoryOutput=true")
        assert reply.status in (200, 202), reply
        return dict(reply.body)

    def family(self, instance: str) -> list[Json]:
        """An instance and its children, as the engine shows them."""
        reply = self.caller.call("GET", f"{MANAGEMENT}/instances?instanceIdPrefix={instance}&top=1000")
        assert reply.status == 200, reply
        return list(reply.body)

    def raise_event(self, instance: str, event: str, payload: object) -> None:
        """Sends an event past the operations."""
        raw = json.dumps(payload).encode()
        reply = self.caller.call("POST", f"{MANAGEMENT}/instances/{instance}/raiseEvent/{event}", raw=raw)
        assert reply.status == 202, reply


def build(spec: Path, folder: Path) -> Compiled:
    """Compiles a workflow file, and writes its app into `folder`; the YAML is named as it is from its folder."""
    compiled = compile_app(spec, f"spec/{spec.name}")
    write(compiled.app, folder)
    return compiled


@pytest.fixture(scope="session")
def flagship_app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The flagship's app, compiled once."""
    folder = tmp_path_factory.mktemp("flagship") / "generated"
    build(FLAGSHIP, folder)
    return folder
