"""What a notification tells: the form that an approver fills in, and the ends of workflows that others run."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator
from tests.conftest import MANAGEMENT, Caller, Operations

from flowbridge.compiler import Compiled, compile_app
from flowbridge.host.options import HostOptions
from flowbridge.host.server import RunningHost, running
from flowbridge.runtime.callback import post, problem
from flowbridge.write import write

OUTER = """\
workflow: outer
version: 1
title: Outer
description: Has another workflow do its work.
input: {item: string}
output: {centre: string}
steps:
  - id: inner_one
    run: inner
    with: {item: '${input.item}'}
  - return: {centre: '${inner_one.centre}'}
"""
INNER = """\
workflow: inner
version: 1
title: Inner
description: Asks for an approval with a form.
input: {item: string}
output: {centre: string}
errors: [Refused]
steps:
  - id: first_look
    approval:
      title: Look at ${input.item}
      approvers: [ada@example.com]
      timeout: 1d
      on_timeout: {raise: Refused}
  - id: sign_off
    approval:
      title: Order ${input.item}
      approvers: [ada@example.com]
      form:
        centre: {type: string, title: Cost centre, description: Who pays.}
        urgency: {enum: [low, high], title: Urgency, default: low}
        until: {type: date, required: false}
        parts: integer[]
      timeout: 1d
      on_timeout: {raise: Refused}
      on_rejected: {raise: {error: Refused, message: not this time}}
  - return: {centre: '${sign_off.form.centre}'}
"""


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    """An app of two workflows, of which one runs the other."""
    folder = tmp_path_factory.mktemp("nested") / "spec"
    folder.mkdir()
    for name, text in {"app.yaml": "app: nested\n", "outer.yaml": OUTER, "inner.yaml": INNER}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return compile_app(folder)


@pytest.fixture
def host(compiled: Compiled, flows: Any, tmp_path: Path) -> Iterator[RunningHost]:
    """A host that runs it; flows may be called back."""
    write(compiled.app, tmp_path / "app")
    with running(HostOptions(tmp_path / "app", tmp_path / "data", port=0, durable=False)) as made:
        yield made


@pytest.fixture
def caller(host: RunningHost) -> Caller:
    """Calls the app with its key."""
    return Caller(host.base_url, host.function_key)


def notification(compiled: Compiled, path: str) -> Any:
    """A validator of what the definition promises to tell."""
    files = {one.path: one.content for one in compiled.connector}
    definition = json.loads(files["apiDefinition.swagger.json"])
    schema = definition["paths"][path]["x-ms-notification-content"]["schema"]
    return Draft4Validator({**schema, "definitions": definition["definitions"]})


def subscribe(caller: Caller, workflow: str, kind: str, url: str) -> None:
    reply = caller.call("POST", f"/api/{workflow}/subscriptions/{kind}", {"callbackUrl": url})
    assert reply.status == 201, reply


def deliveries(caller: Caller) -> list[Any]:
    return list(caller.call("GET", f"{MANAGEMENT}/instances?instanceIdPrefix=_dlv:&top=1000").body)


def test_an_approval_tells_its_form(caller: Caller, compiled: Compiled, flows: Any) -> None:
    early, late = flows.hook(), flows.hook()
    subscribe(caller, "inner", "approvals", early.url)
    inner = Operations(caller, "inner")
    instance = inner.start({"item": "tea"})
    [first] = early.wait(1)
    assert first["approval"] == "first_look"
    assert "form" not in first
    inner.answer(instance, approval="first_look", responder="ada@example.com")
    _, told = early.wait(2)
    subscribe(caller, "inner", "approvals", late.url)
    assert late.wait(1) == [told]
    assert told["approval"] == "sign_off"
    assert told["form"] == [
        {"name": "centre", "title": "Cost Centre", "description": "Who pays.", "type": "text", "required": True},
        {
            "name": "urgency",
            "title": "Urgency",
            "description": "The urgency, one of: low, high.",
            "type": "choice",
            "required": False,
            "choices": ["low", "high"],
        },
        {
            "name": "until",
            "title": "Until",
            "description": "The until, a date such as 2026-01-31.",
            "type": "date",
            "required": False,
        },
        {"name": "parts", "title": "Parts", "description": "The parts, a list.", "type": "list", "required": True},
    ]
    validator = notification(compiled, "/api/inner/subscriptions/approvals")
    for one in (first, told):
        validator.validate(one)


def test_a_workflow_that_another_runs_tells_its_own_end(caller: Caller, compiled: Compiled, flows: Any) -> None:
    inside, outside, asked = flows.hook(), flows.hook(), flows.hook()
    subscribe(caller, "inner", "finished", inside.url)
    subscribe(caller, "outer", "finished", outside.url)
    subscribe(caller, "inner", "approvals", asked.url)
    outer, inner = Operations(caller, "outer"), Operations(caller, "inner")
    form = {"centre": "A1", "parts": [1]}
    for number, decision in enumerate(("Approve", "Reject")):
        outer.start({"item": "tea"})
        first = asked.wait(2 * number + 1)[-1]
        inner.answer(first["instanceId"], approval="first_look", responder="ada@example.com")
        second = asked.wait(2 * number + 2)[-1]
        assert second["instanceId"] == first["instanceId"]
        told = inner.answer(first["instanceId"], decision, approval="sign_off", responder="ada@example.com", form=form)
        assert told.body["result"] == "recorded"
        inside.wait(number + 1)
        outside.wait(number + 1)
    good, bad = inside.wait(2)
    assert (good["outcome"], good["output"]) == ("Succeeded", {"centre": "A1"})
    assert (bad["outcome"], bad["error"]["code"], "output" in bad) == ("Failed", "Refused", False)
    assert [one["outcome"] for one in outside.wait(2)] == ["Succeeded", "Failed"]
    validator = notification(compiled, "/api/inner/subscriptions/finished")
    for one in (good, bad):
        validator.validate(one)
    status = inner.status(bad["instanceId"])
    assert (status["runtimeStatus"], status["error"]["code"], "output" in status) == ("Failed", "Refused", False)
    assert inner.status(good["instanceId"])["output"] == {"centre": "A1"}
    listed = {one["instanceId"]: one for one in caller.call("GET", "/api/inner/instances").body["instances"]}
    assert listed[bad["instanceId"]]["runtimeStatus"] == "Failed"


def test_purging_an_instance_purges_what_was_delivered_about_it(caller: Caller, flows: Any) -> None:
    hook = flows.hook()
    for kind in ("approvals", "finished"):
        subscribe(caller, "inner", kind, hook.url)
    inner = Operations(caller, "inner")
    instance = inner.start({"item": "tea"})
    hook.wait(1)
    inner.terminate(instance)
    assert [one["approval"] if "approval" in one else one["outcome"] for one in hook.wait(2)] == [
        "first_look",
        "Terminated",
    ]
    deadline = time.monotonic() + 20
    while len([one for one in deliveries(caller) if one["runtimeStatus"] == "Completed"]) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert inner.purge(instance).status == 200
    assert deliveries(caller) == []


LISTED = ("hooks.contoso.com", "*.contoso.net", "10.0.0.1", "localhost")


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://hooks.contoso.com/x", True),
        ("https://HOOKS.contoso.com:443/x", True),
        ("https://below.hooks.contoso.com/x", False),
        ("https://a.b.contoso.net/x", True),
        ("https://contoso.net/x", False),
        ("https://xcontoso.net/x", False),
        ("https://prod-1.westeurope.logic.azure.com/x", True),
        ("https://logic.azure.com/x", False),
        ("https://default.00.environment.api.powerplatform.com/x", True),
        ("https://10.0.0.1/x", False),
    ],
)
def test_a_host_is_allowed_by_its_name_or_by_all_above_it(url: str, allowed: bool) -> None:
    assert (problem(url, LISTED) is None) == allowed


def test_a_name_that_leads_inside_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FLOWBRIDGE_CALLBACK_TEST_CA", raising=False)
    told = asyncio.run(post("https://localhost/x?sig=secret", {}, LISTED))
    assert (told.told, told.why) == ("refused", "the host's address is not public")
