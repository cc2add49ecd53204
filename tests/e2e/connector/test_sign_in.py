"""Sign-in through Entra ID: who calls is told by a token of the tenant, and decides only what they are asked."""

from __future__ import annotations

import json
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from flowbridge.compiler import Compiled, compile_app
from flowbridge.emit.connector.plan import ConnectorOptions, Entra
from flowbridge.host.options import HostOptions
from flowbridge.host.server import RunningHost, running
from flowbridge.lint import lint_text
from flowbridge.write import write

jwt = pytest.importorskip("jwt", reason="PyJWT is not installed")
rsa = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.rsa", reason="cryptography is not installed")

TENANT = "9188040d-6c67-4c5b-b112-36a304b66dad"
AUDIENCE = "api://orders"
OPTIONS = ConnectorOptions(entra=Entra(TENANT, "11111111-2222-3333-4444-555555555555", AUDIENCE))


class Issuer:
    """The tenant's issuer on loopback: it tells its keys, and counts how often it is asked."""

    def __init__(self, folder: Path) -> None:
        self.keys: dict[str, Any] = {}
        self.asked = 0
        self.rotate("first")
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                known = self.path == f"/{TENANT}/discovery/v2.0/keys"
                issuer.asked += known
                content = json.dumps({"keys": issuer.told()}).encode()
                self.send_response(200 if known else 404)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "server.pem", folder / "server.key")
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.base = f"https://localhost:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def rotate(self, kid: str) -> None:
        self.keys[kid] = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)

    def told(self) -> list[dict[str, Any]]:
        algorithm = jwt.algorithms.RSAAlgorithm
        shown = {kid: json.loads(algorithm.to_jwk(key.public_key())) for kid, key in self.keys.items()}
        return [{**one, "kid": kid, "use": "sig", "alg": "RS256"} for kid, one in shown.items()]

    def token(self, user: str | None = "ada@example.com", kid: str = "first", key: Any = None, **claims: Any) -> str:
        now = int(time.time())
        issued = {
            "iss": f"{self.base}/{TENANT}/v2.0",
            "aud": AUDIENCE,
            "iat": now,
            "nbf": now,
            "exp": now + 600,
            "preferred_username": user,
            **claims,
        }
        whole = {name: value for name, value in issued.items() if value is not None}
        return str(jwt.encode(whole, key or self.keys[kid], algorithm="RS256", headers={"kid": kid}))


@pytest.fixture(scope="module")
def issuer(flows: Any) -> Iterator[Issuer]:
    made = Issuer(flows.authority.parent)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FLOWBRIDGE_ENTRA_TEST_ISSUER", made.base)
        yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture(scope="module")
def compiled(order_spec: Path) -> Compiled:
    return compile_app(order_spec, options=OPTIONS)


@pytest.fixture
def entra(issuer: Issuer, compiled: Compiled, tmp_path: Path) -> Iterator[RunningHost]:
    write(compiled.app, tmp_path / "app")
    with running(HostOptions(tmp_path / "app", tmp_path / "data", port=0, durable=False)) as made:
        yield made


Call = Callable[..., tuple[int, Any]]


@pytest.fixture
def call(entra: RunningHost) -> Call:
    return caller(entra)


def caller(host: RunningHost) -> Call:
    """Calls operations of the app with a token."""

    def made(method: str, path: str, token: str | None, body: object = None) -> tuple[int, Any]:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
        address = f"{host.base_url}/api/{path}"
        request = urllib.request.Request(address, data=data, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, json.loads(refused.read() or b"null")

    return made


def until(test: Callable[[], object]) -> None:
    """Waits until a test holds."""
    deadline = time.monotonic() + 30
    while not test():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def waiting(call: Call, token: str) -> str:
    status, body = call("POST", "order/start", token, {"item": "tea"})
    assert status == 200, body
    instance = str(body["instanceId"])
    until(lambda: call("GET", f"order/instances/{instance}", token)[1]["pendingApprovals"])
    return instance


def test_the_approver_is_who_is_signed_in(call: Call, issuer: Issuer) -> None:
    instance = waiting(call, issuer.token("somebody@example.com"))
    path = f"order/instances/{instance}/approvals/sign_off"
    assert call("POST", path, issuer.token("eve@example.com"), {"decision": "Approve"})[0] == 403
    named = {"decision": "Approve", "responder": "ada@example.com"}
    assert call("POST", path, issuer.token("eve@example.com"), named)[0] == 400
    status, told = call("POST", path, issuer.token("Ada@Example.com"), {"decision": "Approve", "comments": "yes"})
    assert (status, told["result"], told["responder"]) == (200, "recorded", "Ada@Example.com")


def test_only_a_token_of_the_tenant_for_this_app_counts(call: Call, issuer: Issuer) -> None:
    assert call("GET", "order/instances", issuer.token())[0] == 200
    assert call("GET", "order/instances", issuer.token(aud="orders"))[0] == 200
    other = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    past = int(time.time()) - 600
    refused = {
        "nothing": None,
        "text": "nonsense",
        "another audience": issuer.token(aud="api://other"),
        "no audience": issuer.token(aud=None),
        "another issuer": issuer.token(iss="https://login.example.com/x/v2.0"),
        "expired": issuer.token(exp=past),
        "without an end": issuer.token(exp=None),
        "not yet": issuer.token(nbf=int(time.time()) + 600),
        "another key": issuer.token(key=other),
        "unknown key": issuer.token(kid="unknown", key=other),
        "nobody": issuer.token(user=None),
        "unsigned": jwt.encode({"aud": AUDIENCE, "preferred_username": "x"}, None, algorithm="none"),
        "shared secret": jwt.encode({"aud": AUDIENCE, "preferred_username": "x"}, "s" * 32, headers={"kid": "first"}),
    }
    for name, token in refused.items():
        for method, path in (("GET", "order/instances"), ("POST", "order/start"), ("GET", "connector/ping")):
            status, body = call(method, path, token, {} if method == "POST" else None)
            assert (status, body["error"]["code"]) == (401, "NotSignedIn"), name


def test_every_operation_asks_but_the_end_of_a_subscription(call: Call, compiled: Compiled) -> None:
    files = {one.path: one.content for one in compiled.connector}
    definition = json.loads(files["apiDefinition.swagger.json"])
    for path, item in definition["paths"].items():
        for method in set(item) & {"get", "post", "delete"}:
            filled = path.replace("{instanceId}", "x").replace("{token}", "x.y").removeprefix("/api/")
            status, _ = call(method.upper(), filled, None, {} if method == "post" else None)
            assert status == (200 if "{token}" in path else 401), path


def test_keys_are_fetched_once_and_again_when_they_change(call: Call, issuer: Issuer, entra: RunningHost) -> None:
    before = issuer.asked
    for _ in range(5):
        assert call("GET", "order/instances", issuer.token())[0] == 200
    assert issuer.asked == before + 1
    issuer.rotate("second")
    assert call("GET", "order/instances", issuer.token(kid="second"))[0] == 401
    assert issuer.asked == before + 1, "not more often than once a minute"


def test_the_connector_signs_in(compiled: Compiled) -> None:
    files = {one.path: one.content for one in compiled.connector}
    definition, properties = json.loads(files["apiDefinition.swagger.json"]), json.loads(files["apiProperties.json"])
    assert [one for one in lint_text(files["apiDefinition.swagger.json"]) if one.severity == "error"] == []
    assert definition["securityDefinitions"]["EntraId"]["flow"] == "accessCode"
    assert definition["security"] == [{"EntraId": [f"{AUDIENCE}/.default"]}]
    settings = properties["properties"]["connectionParameters"]["token"]["oAuthSettings"]
    assert settings["customParameters"]["resourceUri"]["value"] == AUDIENCE
    assert "api_key" not in properties["properties"]["connectionParameters"]
    assert "secret" not in json.dumps(properties).casefold().replace("clientsecret", "")
    body = definition["definitions"]["RaiseOrderSignOffBody"]
    assert (list(body["properties"]), body["required"]) == (["decision", "comments"], ["decision"])


def test_only_such_an_app_needs_the_library(compiled: Compiled, order_spec: Path) -> None:
    signed = {one.path: one.content.decode() for one in compiled.app}
    plain = {one.path: one.content.decode() for one in compile_app(order_spec).app}
    assert "pyjwt" in signed["requirements.txt"]
    assert "pyjwt" not in plain["requirements.txt"]
    assert "runtime/identity.py" not in plain
    assert all("jwt" not in text for text in plain.values())


MANY = """\
workflow: order
version: 1
title: Order
description: Asks many people.
input: {people: 'string[]'}
output: {by: string}
errors: [Refused]
steps:
  - id: sign_off
    approval:
      title: Order
      approvers: '${input.people}'
      timeout: 1d
      on_timeout: {raise: Refused}
  - return: {by: '${sign_off.responder}'}
"""


def test_an_approver_who_is_not_shown_is_asked_all_the_same(issuer: Issuer, tmp_path: Path) -> None:
    (tmp_path / "order.yaml").write_text(MANY)
    write(compile_app(tmp_path / "order.yaml", options=OPTIONS).app, tmp_path / "app")
    people = [f"somebody.with.a.long.name.{number:03}@example.com" for number in range(300)]
    with running(HostOptions(tmp_path / "app", tmp_path / "data", port=0, durable=False)) as host:
        call = caller(host)
        status, body = call("POST", "order/start", issuer.token(), {"people": people})
        assert status == 200, body
        path = f"order/instances/{body['instanceId']}"
        until(lambda: call("GET", path, issuer.token())[1]["pendingApprovals"])
        [shown] = call("GET", path, issuer.token())[1]["pendingApprovals"]
        assert people[-1] not in shown["approvers"]
        for who, expected in (("eve@example.com", 403), (people[-1], 200)):
            status, told = call("POST", f"{path}/approvals/sign_off", issuer.token(who), {"decision": "Approve"})
            assert status == expected, told
        until(lambda: call("GET", path, issuer.token())[1]["runtimeStatus"] == "Completed")
        assert call("GET", path, issuer.token())[1]["output"] == {"by": people[-1]}
