"""A client that knows nothing but the definition drives the running app: every answer is one that was promised.

The client is made from the document alone: it fills in what an operation asks for, takes ids from earlier answers, and
checks every answer against the operation's responses. Values that break the schema in every way it can think of must be
refused, never answered with 5xx.
"""

from __future__ import annotations

import json
import random
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, urlencode

import pytest
from jsonschema import Draft4Validator

from flowbridge.compiler import compile_app
from flowbridge.host.server import RunningHost

Schema = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    location: str | None


@dataclass
class Client:
    """Calls operations by their ids; `seen` counts the answers of each by status."""

    definition: Schema
    base: str
    key: str
    seen: dict[str, set[int]] = field(default_factory=dict[str, set[int]])

    def operations(self) -> Iterator[tuple[str, str, Schema]]:
        """Path, method and operation."""
        for path, item in self.definition["paths"].items():
            for method, operation in item.items():
                if method != "x-ms-notification-content":
                    yield path, method, operation

    def call(
        self, operation_id: str, values: dict[str, Any] | None = None, *, raw: bytes | None = None, key: bool = True
    ) -> Answer:
        """One call; `values` by the names of the parameters, the body's under `body`."""
        values = values or {}
        path, method, operation = next(one for one in self.operations() if one[2]["operationId"] == operation_id)
        queries: dict[str, Any] = {}
        body = raw
        for one in operation["parameters"]:
            name = one["name"]
            if one["in"] == "path":
                path = path.replace(f"{{{name}}}", quote(str(values[name]), safe=""))
            elif one["in"] == "query" and name in values:
                queries[name] = values[name]
            elif one["in"] == "body" and name in values and raw is None:
                body = json.dumps(values[name]).encode()
        address = self.base + path + (f"?{urlencode(queries)}" if queries else "")
        headers = {"Content-Type": "application/json", **({"x-functions-key": self.key} if key else {})}
        answer = send(address, method.upper(), body, headers)
        self.seen.setdefault(operation_id, set()).add(answer.status)
        self.check(operation, answer)
        return answer

    def check(self, operation: Schema, answer: Answer) -> None:
        """Fails on an answer that the definition does not promise."""
        name = operation["operationId"]
        assert answer.status < 500 or (answer.status == 503 and "503" in operation["responses"]), (name, answer)
        promised = operation["responses"].get(str(answer.status))
        assert promised is not None or answer.status == 401, (name, answer)
        if promised is not None and "schema" in promised:
            self.fits(promised["schema"], answer.body, name)

    def fits(self, schema: Schema, value: object, name: str) -> None:
        """Fails on a value that does not fit, or that has a property which the schema does not know."""
        whole = {**closed(schema), "definitions": {n: closed(s) for n, s in self.definition["definitions"].items()}}
        validator = cast(Any, Draft4Validator(whole))
        assert [(list(one.absolute_path), one.message) for one in validator.iter_errors(value)] == [], name

    def notified(self, operation_id: str, value: object) -> None:
        """Fails on a notification that the definition does not promise."""
        path = next(path for path, _, one in self.operations() if one["operationId"] == operation_id)
        self.fits(self.definition["paths"][path]["x-ms-notification-content"]["schema"], value, operation_id)


def closed(schema: Schema) -> Schema:
    """The schema without room for what it does not name: an untold property would be a token that nobody sees."""
    made = {key: closed(cast(Schema, value)) if isinstance(value, dict) else value for key, value in schema.items()}
    if "properties" in schema:
        made["properties"] = {name: closed(one) for name, one in schema["properties"].items()}
        made.setdefault("additionalProperties", False)
    return made


def send(address: str, method: str, body: bytes | None, headers: dict[str, str]) -> Answer:
    request = urllib.request.Request(address, data=body, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return Answer(answer.status, _json(answer.read()), answer.headers["Location"])
    except urllib.error.HTTPError as refused:
        with refused:
            return Answer(refused.code, _json(refused.read()), None)


def _json(content: bytes) -> Any:
    return json.loads(content) if content else None


@pytest.fixture
def client(host: RunningHost, order_spec: Path) -> Client:
    files = {one.path: one.content for one in compile_app(order_spec).connector}
    return Client(json.loads(files["apiDefinition.swagger.json"]), host.base_url, host.function_key)


def waiting(client: Client) -> str:
    """A new instance that waits for its approval."""
    instance = client.call("StartOrder", {"body": {"item": "tea"}}).body["instanceId"]
    settled(client, instance, lambda status: status["pendingApprovals"])
    return instance


def settled(client: Client, instance: str, test: Callable[[Schema], object]) -> Schema:
    deadline = time.monotonic() + 30
    while not test(status := client.call("GetOrderStatus", {"instanceId": instance}).body):
        assert time.monotonic() < deadline, status
        time.sleep(0.01)
    return status


def test_every_operation_answers_as_the_definition_says(client: Client, flows: Any) -> None:
    hook = flows.hook()
    assert client.call("TestConnection").body["status"] == "ok"
    approvals = client.call("WhenOrderApprovalNeeded", {"body": {"callbackUrl": hook.url}})
    ends_hook, wait_hook = flows.hook(), flows.hook()
    ends = client.call("WhenOrderFinished", {"body": {"callbackUrl": ends_hook.url}})
    wait = client.call("RunOrderAndWait", {"body": {"item": "cake", "mode": "quick", "callbackUrl": wait_hook.url}})
    failed = client.call("RunOrderAndWait", {"body": {"item": "x", "mode": "fail", "callbackUrl": flows.hook().url}})
    assert {approvals.status, ends.status, wait.status, failed.status} == {201}
    client.notified("RunOrderAndWait", wait_hook.wait()[0])
    for told in ends_hook.wait(2):
        client.notified("WhenOrderFinished", told)

    instance = waiting(client)
    client.notified("WhenOrderApprovalNeeded", hook.wait()[0])
    picked = client.call("ChooseOrderApproval", {"approval": "sign_off"}).body["value"]
    assert [one["instanceId"] for one in picked] == [instance]
    assert client.call("ChooseOrderApproval", {"approval": "other"}).body["value"] == []
    assert instance in [one["instanceId"] for one in client.call("ChooseOrderInstance").body["value"]]
    held = client.call("SuspendOrder", {"instanceId": instance, "body": {"reason": "a pause"}})
    assert held.body["runtimeStatus"] == "Suspended"
    assert client.call("SuspendOrder", {"instanceId": instance}).body["runtimeStatus"] == "Suspended"
    for blank in (b" ", b"\x0b"):
        assert client.call("SuspendOrder", {"instanceId": instance}, raw=blank).status == 400
    assert client.call("ChooseOrderInstance", {"status": "Suspended"}).body["value"] != []
    assert client.call("ResumeOrder", {"instanceId": instance}).body["runtimeStatus"] == "Running"
    assert client.call("ResumeOrder", {"instanceId": instance}).body["runtimeStatus"] == "Running"
    assert client.call("PurgeOrder", {"instanceId": instance}).status == 409
    decision = {"decision": "Approve", "responder": "ada@example.com", "comments": "fine"}
    assert client.call("RaiseOrderSignOff", {"instanceId": instance, "body": decision}).body["result"] == "recorded"
    settled(client, instance, lambda status: status["runtimeStatus"] == "Completed")
    history = client.call("GetOrderHistory", {"instanceId": instance}).body
    assert history["total"] == len(history["events"])
    assert {"look_up", "order"} <= {one.get("name") for one in history["events"]}
    for verb in ("RaiseOrderSignOff", "TerminateOrder", "SuspendOrder", "ResumeOrder"):
        body = {"body": decision} if verb.startswith("Raise") else {}
        assert client.call(verb, {"instanceId": instance, **body}).status == 410
    assert client.call("PurgeOrder", {"instanceId": instance}).body["deleted"] == 1
    stopped = waiting(client)
    assert client.call("TerminateOrder", {"instanceId": stopped}).body["runtimeStatus"] == "Terminated"
    for verb in ("GetOrderStatus", "GetOrderHistory", "PurgeOrder", "TerminateOrder", "SuspendOrder", "ResumeOrder"):
        assert client.call(verb, {"instanceId": instance}).status == 404
        assert client.call(verb, {"instanceId": "../x"}).status == 404
    for location, unsubscribe in (
        (approvals.location, "UnsubscribeOrderApprovalNeeded"),
        (ends.location, "UnsubscribeOrderFinished"),
        (wait.location, "CancelRunOrderAndWait"),
    ):
        token = str(location).rpartition("/")[2]
        assert client.call(unsubscribe, {"token": token}, key=False).status == 200
        assert client.call(unsubscribe, {"token": "x" * 500}, key=False).status == 200
    operations = {one["operationId"] for _, _, one in client.operations()}
    assert operations - set(client.seen) == {"ListOrderInstances"}


def test_instances_are_listed_in_pages(client: Client) -> None:
    started = [
        client.call("StartOrder", {"body": {"item": "tea", "mode": "quick", "instanceId": f"n-{number:02}"}}).body[
            "instanceId"
        ]
        for number in range(23)
    ]
    for one in started:
        settled(client, one, lambda status: status["runtimeStatus"] == "Completed")
    left = waiting(client)
    found: list[str] = []
    token: dict[str, str] = {}
    pages = 0
    while True:
        page = client.call("ListOrderInstances", {"top": 5, "status": "Completed", **token}).body
        found += [one["instanceId"] for one in page["instances"]]
        pages += 1
        if "continuationToken" not in page:
            break
        assert len(page["instances"]) == 5
        token = {"continuationToken": page["continuationToken"]}
    assert sorted(found) == sorted(started)
    assert pages == 5
    every = client.call("ListOrderInstances", {"top": 100}).body["instances"]
    assert sorted(one["instanceId"] for one in every) == sorted([*started, left])
    assert client.call("ListOrderInstances", {"createdFrom": "2999-01-01T00:00:00Z"}).body["instances"] == []
    assert len(client.call("ListOrderInstances", {"createdTo": "2999-01-01T00:00:00+02:00"}).body["instances"]) == 24
    for wrong in (
        {"top": 0},
        {"top": 101},
        {"top": "many"},
        {"status": "Sleeping"},
        {"status": "\x1f"},
        {"createdTo": " "},
        {"createdFrom": "yesterday"},
        {"continuationToken": "e30="},
        {"continuationToken": "!"},
        {"continuationToken": "WyJcbiIsMF0="},
    ):
        assert client.call("ListOrderInstances", wrong).status == 400


def test_without_a_key_nothing_is_answered_but_an_unsubscription(client: Client) -> None:
    for _, _, operation in client.operations():
        name = operation["operationId"]
        values: dict[str, Any] = {"instanceId": "x", "token": "x", "body": {}}
        answer = client.call(name, values, key=False)
        free = name.startswith("Unsubscribe") or name == "CancelRunOrderAndWait"
        assert answer.status == (200 if free else 401), name


NASTY: list[Any] = [
    *(None, True, 0, -1, 1e308, "", " ", "x" * 5_000, "\x00", "\ud800".encode("utf-8", "replace").decode(), "𝔘" * 50),
    *([], {}, [[]], {"$ref": "x"}, {"a": {"b": {}}}, "2026-13-45", "'; DROP TABLE--", "<script>", "${{1}}", "NaN"),
]


def test_whatever_is_sent_is_never_a_failure_of_the_app(client: Client, flows: Any) -> None:
    dice = random.Random(6)
    instance = waiting(client)
    count = 0
    for _, method, operation in client.operations():
        name = operation["operationId"]
        if name.startswith(("Terminate", "Purge", "Suspend")):
            continue
        body = next((one for one in operation["parameters"] if one["in"] == "body"), None)
        fields: Any = client.definition["definitions"][f"{name}Body"]["properties"] if body else []
        for _ in range(25):
            values: dict[str, Any] = {"instanceId": dice.choice([instance, "no", "%", "a b", "é"]), "token": "x.y"}
            for one in operation["parameters"]:
                if one["in"] == "query" and dice.random() < 0.7:
                    values[one["name"]] = dice.choice(NASTY)
            if body:
                made: Schema = {str(one): dice.choice(NASTY) for one in fields if dice.random() < 0.8}
                values["body"] = dice.choice([made, {**made, "extra": 1}, dice.choice(NASTY)])
            client.call(name, values)
            count += 1
        if method == "post":
            for raw in (b"", b"{", b"\xff", b'{"item": NaN}', b"[" * 3_000, b'"' + b"x" * (1 << 20) + b'"'):
                client.call(name, {"instanceId": instance}, raw=raw)
                count += 1
    assert count > 300
    assert settled(client, instance, lambda status: True)["runtimeStatus"] == "Running"
