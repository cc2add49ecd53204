"""What flows are made of, for tests: a listener that is called back over https on loopback, and a workflow to run."""

from __future__ import annotations

import json
import os
import shutil
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from flowbridge.compiler import compile_app
from flowbridge.host.options import HostOptions
from flowbridge.host.server import RunningHost, running
from flowbridge.write import write

LIMIT_SECONDS = 30.0

SPEC = """\
workflow: order
version: 1
title: Order
description: Asks for an order to be approved, and tells what came of it.
input:
  item: {type: string, title: Item, description: What is ordered., minLength: 1}
  mode: {enum: [approve, fail, quick], title: Mode, description: What the order does., default: approve}
output:
  item: {type: string, title: Item, description: What was ordered.}
  approved: {type: boolean, title: Approved, description: Whether it was approved.}
errors: [OutOfStock]
activities:
  look_up:
    description: Looks an item up.
    input: {item: string}
    output: {found: boolean}
    idempotent: true
steps:
  - id: found
    title: Look the item up
    call: look_up
    with: {item: '${input.item}'}
  - id: sold_out
    if: input.mode == 'fail'
    raise: {error: OutOfStock, message: 'no ${input.item}'}
  - id: at_once
    if: input.mode == 'quick'
    return: {item: '${input.item}', approved: true}
  - id: sign_off
    title: Sign the order off
    approval:
      title: Order ${input.item}
      details: Somebody wants ${input.item}.
      approvers: [ada@example.com]
      timeout: 3d
      on_timeout: {raise: ApprovalTimedOut}
      on_rejected:
        return: {item: '${input.item}', approved: false}
  - return: {item: '${input.item}', approved: true}
"""
ACTIVITIES = '''\
"""The order's activity."""


def look_up(item: str) -> dict[str, bool]:
    """Finds whatever is asked for."""
    return {"found": bool(item)}
'''


@dataclass
class Hook:
    """One address that a flow is called back at: what it answers in turn (the last for ever), and what it was sent."""

    url: str
    path: str
    answers: list[int] = field(default_factory=lambda: [202])
    headers: dict[str, str] = field(default_factory=dict[str, str])
    calls: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    taken: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def wait(self, count: int = 1, taken: bool = True, seconds: float = LIMIT_SECONDS) -> list[dict[str, Any]]:
        """The calls, or those that it has taken, once there are so many."""
        deadline = time.monotonic() + seconds
        while len(got := self.taken if taken else self.calls) < count:
            assert time.monotonic() < deadline, f"{len(got)} calls came instead of {count}: {self.calls}"
            time.sleep(0.01)
        return list(got)


class Flows:
    """A flow engine's side of the callbacks: an https listener with a certificate of its own authority."""

    def __init__(self, folder: Path) -> None:
        self.authority = folder / "ca.pem"
        self.hooks: dict[str, Hook] = {}
        certify(folder)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "server.pem", folder / "server.key")
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.base = f"https://localhost:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def hook(self, *answers: int, **headers: str) -> Hook:
        """A new address, as secret as the platform's."""
        path = f"/workflows/{len(self.hooks)}/triggers/run?sv=1.0&sig=SECRET{len(self.hooks):04}"
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        made = Hook(self.base + path, path, list(answers) or [202], given)
        self.hooks[path] = made
        return made

    def close(self) -> None:
        """Listens no more."""
        self.server.shutdown()
        self.server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        hooks = self.hooks

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))) or b"null")
                hook = hooks.get(self.path)
                status = 404 if hook is None else hook.answers[0]
                if hook is not None:
                    if len(hook.answers) > 1:
                        hook.answers.pop(0)
                    assert self.headers["Content-Type"] == "application/json"
                    hook.calls.append(body)
                    if 200 <= status < 300:
                        hook.taken.append(body)
                self.send_response(status)
                for name, value in (hook.headers if hook else {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        return Handler


def certify(folder: Path) -> None:
    """Makes an authority and a certificate for localhost."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("openssl is not on PATH: no test certificate can be made")
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    # Python 3.13 checks certificates to the letter: an authority has to say what its key may be used for.
    signs = ["-addext", "keyUsage=critical,keyCertSign,cRLSign"]
    commands = [
        ["req", "-x509", *curve, "-subj", "/CN=test authority", *signs, "-keyout", "ca.key", "-out", "ca.pem"],
        ["req", *curve[:-2], "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr"],
        [
            *["x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"],
            *["-days", "2", "-extfile", "names.txt", "-out", "server.pem"],
        ],
    ]
    (folder / "names.txt").write_text(
        "subjectAltName=DNS:localhost,IP:127.0.0.1\n"
        "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n"
        "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
    )
    for arguments in commands:
        subprocess.run([program, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="session")
def flows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flows]:
    """The flow engine's listener; apps on this machine may call it back."""
    made = Flows(tmp_path_factory.mktemp("flows"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FLOWBRIDGE_CALLBACK_TEST_CA", str(made.authority))
        yield made
    made.close()


@pytest.fixture(scope="session")
def order_spec(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workflow's YAML, with its activity beside it."""
    folder = tmp_path_factory.mktemp("order") / "spec"
    (folder / "activities").mkdir(parents=True)
    (folder / "activities" / "__init__.py").write_text(ACTIVITIES)
    (folder / "order.yaml").write_text(SPEC)
    return folder / "order.yaml"


@pytest.fixture(scope="session")
def order_app(order_spec: Path) -> Path:
    """The app of a workflow with an approval, compiled; its approver is reminded every day."""
    made = order_spec.parents[1] / "generated"
    write(compile_app(order_spec).app, made)
    orchestrator = made / "workflows" / "order" / "orchestrator.py"
    text = orchestrator.read_text()
    assert text.count("timeout=timedelta(days=3),") == 1
    reminded = "timeout=timedelta(days=3),\n        remind_every=timedelta(days=1),"
    orchestrator.write_text(text.replace("timeout=timedelta(days=3),", reminded))
    return made


@pytest.fixture
def host(order_app: Path, flows: Flows, tmp_path: Path) -> Iterator[RunningHost]:
    """A host whose time moves only when it is told to."""
    with running(HostOptions(order_app, tmp_path / "data", port=0, speed=0, durable=False)) as made:
        yield made


START = """
import sys
from pathlib import Path
from flowbridge.host.options import HostOptions
from flowbridge.host.server import serve
options = HostOptions(Path(sys.argv[1]), Path(sys.argv[2]), port=0, function_key="key")
raise SystemExit(serve(options, ready=lambda url: print(url, flush=True)))
"""


class Process:
    """A host in a process of its own, which can be killed."""

    def __init__(self, app: Path, data: Path) -> None:
        paths = [str(Path(__file__).parents[3] / "generator"), os.environ.get("PYTHONPATH", "")]
        self.process = subprocess.Popen(
            [sys.executable, "-c", START, str(app), str(data)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        )
        assert self.process.stdout is not None
        self.base_url = self.process.stdout.readline().strip()

    def kill(self) -> None:
        """Ends it as a power failure would."""
        self.process.kill()
        self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def process(order_app: Path, flows: Flows, tmp_path: Path) -> Iterator[Callable[[], Process]]:
    """Starts hosts one after the other on the same data."""
    made: list[Process] = []

    def start() -> Process:
        made.append(Process(order_app, tmp_path / "data"))
        return made[-1]

    yield start
    for one in made:
        if one.process.poll() is None:
            one.kill()
