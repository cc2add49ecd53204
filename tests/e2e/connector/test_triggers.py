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


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"mode": "quick"}, {"outcome": "Succeeded", "output": {"item": "tea", "approved": True}}),
        ({"mode": "fail"}, {"outcome": "Failed", "error": {"code": "OutOfStock", "message": "no tea"}}),
    ],
)
def test_an_end_is_told(order: Connector, flows: Any, given: dict[str, str], told: dict[str, Any]) -> None:
    hook, other = flows.hook(), flows.hook()
    order.subscribe("finished", hook.url)
    instance = order.run_and_wait(other.url, **given).body["instanceId"]
    for one in (hook, other):
        [got] = one.wait()
        assert got["instanceId"] == instance
        assert got["workflow"] == "order"
        assert {name: got[name] for name in told if name != "error"} == {n: v for n, v in told.items() if n != "error"}
        if "error" in told:
            assert {**got["error"], **told["error"]} == got["error"]
        assert "endedAt" in got
    assert hook.calls[0]["eventId"] == other.calls[0]["eventId"]


def test_the_end_of_a_terminated_instance_is_told(order: Connector, flows: Any) -> None:
    hook, other = flows.hook(), flows.hook()
    order.subscribe("finished", hook.url)
    instance = order.run_and_wait(other.url).body["instanceId"]
    order.waiting(instance)
    assert order.call("POST", f"instances/{instance}/terminate", {"reason": "changed my mind"}).status == 200
    for one in (hook, other):
        [got] = one.wait()
        assert got["outcome"] == "Terminated"
        assert got["error"] == {"code": "Terminated", "message": "changed my mind"}


def test_a_timeout_is_told_as_one(order: Connector, flows: Any, host: RunningHost) -> None:
    hook, approvals = flows.hook(), flows.hook()
    order.subscribe("approvals", approvals.url)
    order.waiting(order.run_and_wait(hook.url).body["instanceId"])
    host.clock.advance(4 * DAY)
    [got] = hook.wait()
    assert got["outcome"] == "TimedOut"
    assert got["error"]["code"] == "ApprovalTimedOut"
    assert [one["reminder"] for one in approvals.wait(3)] == [0, 1, 2]
    assert len({one["eventId"] for one in approvals.taken}) == 3


def test_a_flow_that_comes_late_is_told_at_once(order: Connector, flows: Any, host: RunningHost) -> None:
    first, second, early = flows.hook(), flows.hook(), flows.hook()
    order.subscribe("approvals", early.url)
    instances = {order.start(), order.start()}
    for instance in instances:
        order.waiting(instance)
    order.subscribe("approvals", first.url)
    order.subscribe("approvals", second.url)
    for hook in (early, first, second):
        assert {one["instanceId"] for one in hook.wait(2)} == instances
    host.clock.advance(3_600)
    assert {one["eventId"] for one in first.taken} == {one["eventId"] for one in early.taken}
    assert [len(one.calls) for one in (early, first, second)] == [2, 2, 2]


def test_a_wait_for_what_has_ended_is_over_at_once(order: Connector, flows: Any) -> None:
    hook = flows.hook()
    instance = order.start(instanceId="order-1", mode="quick")
    order.until(instance, lambda status: status["runtimeStatus"] == "Completed")
    reply = order.run_and_wait(hook.url, instanceId="order-1", mode="quick")
    assert (reply.status, reply.body) == (201, {"instanceId": "order-1"})
    assert hook.wait()[0]["output"] == {"item": "tea", "approved": True}
    refused = order.run_and_wait(hook.url, instanceId="order-1", mode="fail")
    assert (refused.status, refused.body["error"]["code"]) == (409, "InstanceExists")


def test_a_repeated_request_waits_for_the_same_instance(order: Connector, flows: Any) -> None:
    hook = flows.hook()
    first, again = order.run_and_wait(hook.url), order.run_and_wait(hook.url)
    assert first.body == again.body
    assert first.location != again.location
    order.waiting(first.body["instanceId"])
    order.answer(first.body["instanceId"])
    hook.wait()
    time.sleep(0.3)
    assert len(hook.calls) == 1


def test_two_runs_of_one_id_are_told_apart(order: Connector, flows: Any) -> None:
    hook = flows.hook()
    order.subscribe("finished", hook.url)
    for count in (1, 2):
        order.start(instanceId="order-2", mode="quick")
        order.until("order-2", lambda status: status["runtimeStatus"] == "Completed")
        hook.wait(count)
        order.call("DELETE", "instances/order-2")
    assert len({one["eventId"] for one in hook.taken}) == 2


def test_a_callback_that_fails_is_tried_again(order: Connector, flows: Any, host: RunningHost) -> None:
    hook = flows.hook(500, 429, 503, 408, 202)
    order.subscribe("finished", hook.url)
    order.start(mode="quick")
    hook.wait(1, taken=False)
    for count, pause in ((1, 5), (2, 10), (3, 20), (4, 40)):
        time.sleep(0.05)
        assert len(hook.calls) == count
        # A timer may fire up to a second early.
        host.clock.advance(pause - 2)
        assert len(hook.calls) == count
        host.clock.advance(2)
        hook.wait(count + 1, taken=False)
    assert len(hook.taken) == 1
    assert len({one["eventId"] for one in hook.calls}) == 1


def test_a_callback_may_ask_for_patience(order: Connector, flows: Any, host: RunningHost) -> None:
    hook = flows.hook(429, 202, Retry_After="600")
    order.subscribe("finished", hook.url)
    order.start(mode="quick")
    hook.wait(1, taken=False)
    host.clock.advance(590)
    assert len(hook.calls) == 1
    host.clock.advance(20)
    hook.wait()


def test_a_callback_that_never_works_is_given_up_after_a_day(order: Connector, flows: Any, host: RunningHost) -> None:
    hook = flows.hook(500)
    order.subscribe("finished", hook.url)
    order.start(mode="quick")
    hook.wait(1, taken=False)
    host.clock.advance(3 * DAY)
    [delivery] = order.engine("_dlv:")
    assert (delivery["runtimeStatus"], delivery["output"]) == ("Completed", "gaveUp")
    assert 25 <= len(hook.calls) <= 40


@pytest.mark.parametrize("status", [404, 410])
def test_a_dead_callback_ends_its_subscription(order: Connector, flows: Any, status: int) -> None:
    hook = flows.hook(status)
    order.subscribe("finished", hook.url)
    order.start(mode="quick")
    hook.wait(1, taken=False)
    deadline = time.monotonic() + 20
    while order.engine("_sub:"):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    order.start(mode="quick")
    time.sleep(0.3)
    assert len(hook.calls) == 1


@pytest.mark.parametrize("status", [301, 302, 400, 403])
def test_a_callback_that_refuses_is_not_asked_again(
    order: Connector, flows: Any, host: RunningHost, status: int
) -> None:
    elsewhere = flows.hook()
    hook = flows.hook(status, Location=elsewhere.url)
    order.subscribe("finished", hook.url)
    order.start(mode="quick")
    hook.wait(1, taken=False)
    host.clock.advance(DAY)
    assert (len(hook.calls), len(elsewhere.calls)) == (1, 0)
    order.start(mode="quick")
    hook.wait(2, taken=False)


def test_unsubscribing_needs_no_key_and_may_be_repeated(order: Connector, flows: Any) -> None:
    hook, stays = flows.hook(), flows.hook()
    location = order.subscribe("approvals", hook.url)
    order.subscribe("approvals", stays.url)
    for _ in range(2):
        assert order.call("DELETE", location, key=False).status == 200
    order.start()
    stays.wait()
    assert hook.calls == []
    assert all(hook.path not in json.dumps(one) for one in order.engine())
    for wrong in (
        location[:-1],
        location + "x",
        location.replace("approvals", "finished"),
        location.rpartition(".")[0],
    ):
        assert order.call("DELETE", wrong, key=False).status == 200
    assert [one["name"] for one in order.engine("_sub:")] == ["callback_subscription"]


def test_one_address_subscribed_twice_is_called_once(order: Connector, flows: Any) -> None:
    hook = flows.hook()
    first, second = order.subscribe("finished", hook.url), order.subscribe("finished", hook.url)
    order.start(mode="quick")
    hook.wait()
    order.call("DELETE", first, key=False)
    order.start(mode="quick")
    hook.wait(2)
    order.call("DELETE", second, key=False)
    order.start(mode="quick")
    time.sleep(0.3)
    assert len(hook.calls) == 2


def test_a_cancelled_wait_leaves_the_instance_alone(order: Connector, flows: Any) -> None:
    hook = flows.hook()
    reply = order.run_and_wait(hook.url)
    instance = reply.body["instanceId"]
    order.waiting(instance)
    assert order.call("DELETE", str(reply.location), key=False).status == 200
    order.answer(instance)
    order.until(instance, lambda status: status["runtimeStatus"] == "Completed")
    time.sleep(0.3)
    assert hook.calls == []
    assert order.engine("_sub:") == []


def test_nothing_is_kept_of_a_wait_that_is_over(order: Connector, flows: Any) -> None:
    hook = flows.hook()
    order.run_and_wait(hook.url, mode="quick")
    hook.wait()
    deadline = time.monotonic() + 20
    while order.engine("_sub:"):
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize(
    "url",
    [
        "http://prod-1.westeurope.logic.azure.com/x",
        "https://example.com/x",
        "https://logic.azure.com.example.com/x",
        "https://xlogic.azure.com/x",
        "https://a@prod-1.logic.azure.com/x",
        "https://prod-1.logic.azure.com:8443/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://prod-1.logic.azure.com\\@example.com/x",
        "https://prod-1.logic.azure.com/a b",
        "https://prod-1.logic.azure.com/" + "x" * 7_980,
        "ftp://prod-1.logic.azure.com/x",
        "https:///x",
        "https://prod-1.logic.azure.com:x/",
    ],
)
def test_other_addresses_are_refused(order: Connector, url: str) -> None:
    for path in ("subscriptions/approvals", "subscriptions/finished"):
        reply = order.call("POST", path, {"callbackUrl": url})
        assert (reply.status, reply.body["error"]["code"]) == (400, "InvalidCallback")
        assert url not in json.dumps(reply.body)
    assert order.run_and_wait(url).status == 400
    assert order.engine() == []


def test_the_address_is_never_told(
    order: Connector, flows: Any, host: RunningHost, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    hook = flows.hook(500, 202)
    location = order.subscribe("finished", hook.url)
    instance = order.run_and_wait(flows.hook().url, mode="quick").body["instanceId"]
    hook.wait(1, taken=False)
    host.clock.advance(10)
    hook.wait()
    shown = [order.call("GET", path).body for path in (f"instances/{instance}", f"instances/{instance}/history")]
    shown += [order.call("GET", path).body for path in ("instances", "choices/instances", "choices/approvals")]
    assert "SECRET" not in json.dumps(shown)
    assert "SECRET" not in caplog.text
    assert location.rpartition(".")[2] not in caplog.text
    assert "delivery of event" in caplog.text


def test_nothing_is_lost_when_the_app_dies_between_the_event_and_its_delivery(
    process: Callable[[], Any], flows: Any
) -> None:
    approvals, ends = flows.hook(503), flows.hook(503)
    made = process()
    order = Connector(made.base_url, "key")
    order.subscribe("approvals", approvals.url)
    order.subscribe("finished", ends.url)
    waiting = order.start()
    order.start(mode="quick")
    approvals.wait(1, taken=False)
    ends.wait(1, taken=False)
    made.kill()
    approvals.answers[:] = ends.answers[:] = [202]
    order = Connector(process().base_url, "key")
    [told] = approvals.wait(1)
    assert told["instanceId"] == waiting
    ends.wait(1)
    for hook in (approvals, ends):
        assert len({one["eventId"] for one in hook.calls}) == 1


def test_killed_at_any_moment_every_event_arrives(process: Callable[[], Any], flows: Any) -> None:
    hook, waits = flows.hook(), flows.hook()
    made = process()
    order = Connector(made.base_url, "key")
    order.subscribe("finished", hook.url)
    started: set[str] = set()
    for turn in range(4):
        for number in range(6):
            started.add(order.start(instanceId=f"run-{turn}-{number}", mode="quick"))
        time.sleep(0.03 * turn)
        made.kill()
        made = process()
        order = Connector(made.base_url, "key")
    deadline = time.monotonic() + 40
    while {one["instanceId"] for one in hook.taken} != started:
        assert time.monotonic() < deadline, len(hook.taken)
        time.sleep(0.05)
    # What came twice, because the app was lost before it knew, carries the same id.
    assert len({one["eventId"] for one in hook.taken}) == len(started)
    assert waits.calls == []
