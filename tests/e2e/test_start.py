"""The Start operation over real HTTP: what it accepts, what it refuses and how, and one id asked for twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from tests.conftest import Caller, Reply
from tests.e2e.conftest import WORKFLOW, Stage

from flowbridge.host.options import HostOptions
from flowbridge.host.server import running

GOOD: dict[str, Any] = {"dataSource": "/nowhere.csv", "recordCount": 1, "requestedBy": "ada@example.com"}


@pytest.fixture(scope="module")
def stage(flagship_app: Path, reports: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One host for the module; its clock stands still, so instances wait for their first retry."""
    data = tmp_path_factory.mktemp("data")
    with running(HostOptions(flagship_app, data, port=0, speed=0, durable=False)) as host:
        yield Stage(Caller(host.base_url, host.function_key), WORKFLOW, host.clock)


def at_once(calls: list[Callable[[], Reply]]) -> list[Reply]:
    """The answers to calls that are made at the same moment."""
    barrier = Barrier(len(calls))

    def make(call: Callable[[], Reply]) -> Reply:
        barrier.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(make, calls))


# ---- what is answered


def test_a_start_is_answered_200_with_addresses_that_hold_no_key_and_work_with_it(stage: Stage) -> None:
    reply = stage.try_start(GOOD)
    assert reply.status == 200
    body = reply.body
    assert body["id"] == body["instanceId"]
    here = f"{stage.caller.base}/api/{WORKFLOW}/instances/{body['id']}"
    assert {name: one for name, one in body.items() if name.endswith("Uri")} == {
        "statusQueryGetUri": here,
        "sendEventPostUri": f"{here}/approvals/approval",
        "terminatePostUri": f"{here}/terminate",
        "purgeHistoryDeleteUri": here,
    }
    assert stage.caller.key is not None
    assert stage.caller.key not in reply.text
    assert "code=" not in reply.text
    call = stage.caller.call
    assert call("GET", body["statusQueryGetUri"]).status == 200
    answer = {"decision": "Approve", "responder": "g"}
    assert call("POST", body["sendEventPostUri"], answer).status == 409
    assert call("DELETE", body["purgeHistoryDeleteUri"]).status == 409
    assert call("POST", body["terminatePostUri"]).status == 200
    assert call("DELETE", body["purgeHistoryDeleteUri"]).status == 200


@pytest.mark.parametrize("key", [None, "", "wrong", "x" * 5_000])
def test_no_operation_answers_without_the_function_key(stage: Stage, key: str | None) -> None:
    instance = stage.start(GOOD)
    intruder = Caller(stage.caller.base, key)
    calls = [
        ("POST", f"/api/{WORKFLOW}/start"),
        ("GET", stage.path(instance)),
        ("POST", f"{stage.path(instance)}/approvals/approval"),
        ("POST", f"{stage.path(instance)}/terminate"),
        ("DELETE", stage.path(instance)),
        ("GET", stage.path("unknown")),
    ]
    for method, path in calls:
        reply = intruder.call(method, path, None if method in ("GET", "DELETE") else GOOD)
        assert (reply.status, reply.text) == (401, ""), path
    assert stage.status(instance)["runtimeStatus"] in ("Pending", "Running")


def test_the_key_is_also_taken_from_the_query(stage: Stage) -> None:
    stranger = Caller(stage.caller.base, None)
    assert stranger.call("GET", f"{stage.path('unknown')}?code={stage.caller.key}").status == 404


def test_ids_that_are_chosen_by_the_app_differ(stage: Stage) -> None:
    assert len({stage.start(GOOD) for _ in range(5)}) == 5


# ---- one id


def test_the_same_id_with_the_same_input_is_the_same_instance(stage: Stage) -> None:
    body = {**GOOD, "instanceId": "same-1"}
    first, second = stage.try_start(body), stage.try_start(body)
    assert (first.status, second.status) == (200, 200)
    assert first.body == second.body
    assert len([one for one in stage.family("same-1") if one["instanceId"] == "same-1"]) == 1


def test_the_same_id_with_another_input_is_refused(stage: Stage) -> None:
    assert stage.try_start({**GOOD, "instanceId": "other-1"}).status == 200
    reply = stage.try_start({**GOOD, "instanceId": "other-1", "recordCount": 2})
    assert reply.status == 409
    assert reply.body["error"]["code"] == "InstanceExists"


def test_an_ended_instance_is_not_run_again_under_its_id(stage: Stage) -> None:
    body = {**GOOD, "instanceId": "ended-1"}
    stage.start(body)
    stage.terminate("ended-1")
    assert stage.try_start(body).status == 200
    assert stage.status("ended-1")["runtimeStatus"] == "Terminated"
    assert stage.try_start({**body, "recordCount": 9}).status == 409
    stage.purge("ended-1")
    assert stage.try_start({**body, "recordCount": 9}).status == 200


def test_ten_starts_at_once_with_equal_input_are_one_instance(stage: Stage) -> None:
    for turn in range(5):
        body = {**GOOD, "instanceId": f"equal-{turn}"}
        replies = at_once([lambda body=body: stage.try_start(body)] * 10)
        assert [one.status for one in replies] == [200] * 10
        assert {one.body["id"] for one in replies} == {f"equal-{turn}"}


def test_of_ten_starts_at_once_with_different_inputs_one_wins_and_nine_are_told(stage: Stage) -> None:
    for turn in range(5):
        name = f"different-{turn}"
        bodies = [{**GOOD, "instanceId": name, "recordCount": number} for number in range(1, 11)]
        replies = at_once([lambda body=body: stage.try_start(body) for body in bodies])
        statuses = [one.status for one in replies]
        assert sorted(statuses) == [200] + [409] * 9
        winner = bodies[statuses.index(200)]
        assert f'"recordCount": {winner["recordCount"]},' in stage.engine(name)["input"]


def test_of_two_inputs_at_once_every_accepted_caller_sent_the_winning_one(stage: Stage) -> None:
    for turn in range(5):
        name = f"mixed-{turn}"
        bodies = [{**GOOD, "instanceId": name, "recordCount": number % 2 + 1} for number in range(10)]
        replies = at_once([lambda body=body: stage.try_start(body) for body in bodies])
        accepted = {body["recordCount"] for body, reply in zip(bodies, replies, strict=True) if reply.status == 200}
        assert sorted(one.status for one in replies) == [200] * 5 + [409] * 5
        assert len(accepted) == 1
        assert f'"recordCount": {accepted.pop()},' in stage.engine(name)["input"]


@pytest.mark.parametrize("name", ["", " ", "-a", "a b", "a/b", "a?b", "a#b", "@a@b", "x" * 101, "ä", "a\n", 5])
def test_an_id_that_could_not_be_asked_for_is_refused(stage: Stage, name: object) -> None:
    reply = stage.try_start({**GOOD, "instanceId": name})
    assert reply.status == 400
    assert [one["pointer"] for one in reply.body["error"]["problems"]] == ["/instanceId"] * len(
        reply.body["error"]["problems"]
    )


@pytest.mark.parametrize("name", ["a", "A.b:c_d-e", "0" * 100, "CON", "INSTANCEID"])
def test_an_id_of_allowed_characters_is_asked_for_as_it_is(stage: Stage, name: str) -> None:
    assert stage.start({**GOOD, "instanceId": name}) == name
    assert stage.status(name)["id"] == name


# ---- bad bodies


def test_every_problem_of_a_body_is_told_by_its_place(stage: Stage) -> None:
    reply = stage.try_start({"dataSource": 5, "recordCount": "many", "extra": 1, "Extra/~": 2})
    assert reply.status == 400
    error = reply.body["error"]
    assert error["code"] == "InvalidInput"
    assert error["problems"] == [
        {"pointer": "/Extra~1~0", "message": "is an unknown field", "rule": "additionalProperties"},
        {"pointer": "/dataSource", "message": "5 is not of type 'string'", "rule": "type"},
        {"pointer": "/extra", "message": "is an unknown field", "rule": "additionalProperties"},
        {"pointer": "/recordCount", "message": "'many' is not of type 'integer'", "rule": "type"},
        {"pointer": "/requestedBy", "message": "is required", "rule": "required"},
    ]
    assert error["message"].startswith("The body has 5 problems: /Extra~1~0 is an unknown field; ")


@pytest.mark.parametrize(
    ("change", "pointer", "rule"),
    [
        ({"dataSource": ""}, "/dataSource", "minLength"),
        ({"dataSource": "x" * 2001}, "/dataSource", "maxLength"),
        ({"dataSource": None}, "/dataSource", "type"),
        ({"recordCount": 0}, "/recordCount", "minimum"),
        ({"recordCount": 10_000_001}, "/recordCount", "maximum"),
        ({"recordCount": 1.5}, "/recordCount", "type"),
        ({"recordCount": True}, "/recordCount", "type"),
        ({"recordCount": 10**400}, "/recordCount", "maximum"),
        ({"requestedBy": ["a"]}, "/requestedBy", "type"),
        ({"requestedBy": {"a": 1}}, "/requestedBy", "type"),
        ({"DataSource": "x"}, "/DataSource", "additionalProperties"),
        ({"__class__": "x"}, "/__class__", "additionalProperties"),
        ({"": "x"}, "/", "additionalProperties"),
    ],
)
def test_each_wrong_field_is_refused(stage: Stage, change: dict[str, object], pointer: str, rule: str) -> None:
    reply = stage.try_start({**GOOD, **change})
    assert reply.status == 400
    assert [(one["pointer"], one["rule"]) for one in reply.body["error"]["problems"]] == [(pointer, rule)]


@pytest.mark.parametrize(
    "raw",
    [
        b" ",
        b"{",
        b"not json",
        b'{"dataSource": NaN}',
        b'{"recordCount": Infinity}',
        b'{"recordCount": -Infinity}',
        b'{"a": 1} x',
        b"{'a': 1}",
        b"\xef\xbb\xbf{}",
        b'{"dataSource": "\xff\xfe"}',
        '{"dataSource": "x"}'.encode("utf-16"),
        '{"dataSource": "é"}'.encode("latin-1"),
        b'{"dataSource": "\\ud800", "recordCount": 1, "requestedBy": "a"}',
        b'{"dataSource": "a\x00b"}',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"recordCount": ' + b"1" * 10_000 + b"}",
    ],
    ids=range(17),
)
def test_a_body_that_is_not_json_in_utf_8_is_refused_typed(stage: Stage, raw: bytes) -> None:
    reply = stage.caller.call("POST", f"/api/{WORKFLOW}/start", raw=raw)
    assert reply.status == 400, reply
    assert reply.body["error"]["code"] == "InvalidBody"
    assert len(reply.body["error"]["message"]) < 300
    assert "problems" not in reply.body["error"]


@pytest.mark.parametrize("raw", [b"", b"{}"])
def test_a_request_without_a_body_is_told_what_is_missing(stage: Stage, raw: bytes) -> None:
    reply = stage.caller.call("POST", f"/api/{WORKFLOW}/start", raw=raw)
    assert (reply.status, reply.body["error"]["code"]) == (400, "InvalidInput")
    missing = [one["pointer"] for one in reply.body["error"]["problems"]]
    assert missing == ["/dataSource", "/recordCount", "/requestedBy"]


@pytest.mark.parametrize("raw", [b"null", b"[]", b'"text"', b"1", b"true"])
def test_a_body_that_is_no_object_is_refused_at_its_root(stage: Stage, raw: bytes) -> None:
    reply = stage.caller.call("POST", f"/api/{WORKFLOW}/start", raw=raw)
    assert reply.status == 400
    assert [(one["pointer"], one["rule"]) for one in reply.body["error"]["problems"]] == [("", "type")]


def test_a_body_that_is_too_large_is_refused_before_it_is_read(stage: Stage) -> None:
    reply = stage.try_start({**GOOD, "dataSource": "x" * (1 << 20)})
    assert reply.status == 413
    assert reply.body["error"]["code"] == "TooLarge"


def test_not_more_than_a_hundred_problems_are_told(stage: Stage) -> None:
    reply = stage.try_start({**GOOD, **{f"field{number}": 1 for number in range(500)}})
    assert reply.status == 400
    assert len(reply.body["error"]["problems"]) == 100


def test_a_refusal_does_not_repeat_a_long_value(stage: Stage) -> None:
    reply = stage.try_start({**GOOD, "recordCount": "x" * 100_000})
    assert reply.status == 400
    assert len(reply.text) < 2_000


def test_nothing_starts_from_a_refused_body(stage: Stage) -> None:
    stage.try_start({**GOOD, "instanceId": "refused-1", "recordCount": 0})
    assert stage.try_status("refused-1").status == 404


def test_the_content_type_does_not_matter_and_the_answer_is_json(stage: Stage) -> None:
    reply = stage.caller.call("POST", f"/api/{WORKFLOW}/start", GOOD, headers={"Content-Type": "text/plain"})
    assert reply.status == 200


@pytest.mark.parametrize(("method", "path"), [("GET", "start"), ("PUT", "start"), ("POST", "instances/x")])
def test_another_method_is_not_answered(stage: Stage, method: str, path: str) -> None:
    assert stage.caller.call(method, f"/api/{WORKFLOW}/{path}").status == 404
