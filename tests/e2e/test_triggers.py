"""A flow's side of the connector's triggers and waits, against the running app: told once, in time, and in full."""

from __future__ import annotations

import json
import logging
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from flowbridge.host.server import RunningHost

DAY = 86_400.0


@dataclass(frozen=True)
class Reply:
    status: int
    body: Any
    location: str | None


@dataclass(frozen=True)
class Connector:
    """The operations, as the platform calls them."""

    base: str
    key: str

    def call(self, method: str, path: str, body: object = None, *, key: bool = True) -> Reply:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", **({"x-functions-key": self.key} if key else {})}
        address = path if path.startswith("http") else f"{self.base}/api/order/{path}"
        request = urllib.request.Request(address, data=data, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return Reply(answer.status, json.loads(answer.read()), answer.headers["Location"])
        except urllib.error.HTTPError as refused:
            with refused:
                text = refused.read()
                return Reply(refused.code, json.loads(text) if text else None, None)

    def start(self, **given: object) -> str:
        reply = self.call("POST", "start", {"item": "tea", **given})
        assert reply.status == 200, reply
        return str(reply.body["instanceId"])

    def subscribe(self, kind: str, url: str) -> str:
        reply = self.call("POST", f"subscriptions/{kind}", {"callbackUrl": url})
        assert reply.status == 201, reply
        assert reply.location is not None
        return reply.location

    def run_and_wait(self, url: str, **given: object) -> Reply:
        return self.call("POST", "run-and-wait", {"item": "tea", "callbackUrl": url, **given})

    def answer(self, instance: str, decision: str = "Approve") -> Reply:
        body = {"decision": decision, "responder": "ada@example.com"}
        return self.call("POST", f"instances/{instance}/approvals/sign_off", body)

    def until(self, instance: str, test: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        deadline = time.monotonic() + 30
        while not test(status := self.call("GET", f"instances/{instance}").body):
            assert time.monotonic() < deadline, status
            time.sleep(0.01)
        return status

    def waiting(self, instance: str) -> None:
        self.until(instance, lambda status: status["pendingApprovals"])

    def engine(self, prefix: str = "") -> list[dict[str, Any]]:
        address = f"{self.base}/runtime/webhooks/durabletask/instances?instanceIdPrefix={prefix}&top=1000"
        with urllib.request.urlopen(address, timeout=30) as answer:
            return json.loads(answer.read())


@pytest.fixture
def order(host: RunningHost) -> Connector:
    return Connector(host.base_url, host.function_key)


def test_an_approval_that_begins_to_wait_is_told(order: Connector, flows: Any) -> None:
    hook = flows.hook()
    order.subscribe("approvals", hook.url)
    instance = order.start()
    [told] = hook.wait()
    status = order.until(instance, lambda one: one["pendingApprovals"])
    [pending] = status["pendingApprovals"]
    assert told == {
        "eventId": told["eventId"],
        "workflow": "order",
        "instanceId": instance,
        "approval": "sign_off",
        "title": "Order tea",
        "details": "Somebody wants tea.",
        "approvers": ["ada@example.com"],
        "requestedAt": pending["requestedAt"],
        "dueAt": pending["dueAt"],
        "reminder": 0,
    }
    assert order.answer(instance).body["result"] == "recorded"


def test_run_and_wait_tells_the_result(order: Connector, flows: Any) -> None:
    hook = flows.hook()
    reply = order.run_and_wait(hook.url)
    assert reply.status == 201
    instance = reply.body["instanceId"]
    order.waiting(instance)
    assert hook.calls == []
    order.answer(instance)
    [told] = hook.wait()
    assert told["instanceId"] == instance
    assert told["outcome"] == "Succeeded"
    assert told["output"] == {"item": "tea", "approved": True}
    assert "error" not in told
