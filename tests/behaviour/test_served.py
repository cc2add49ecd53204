"""The app's HTTP functions over real sockets, and each call of the real durable client."""

import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flowbridge.host.options import HostOptions
from flowbridge.host.server import RunningHost, running

SERVED = Path(__file__).parent / "served"


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHost]:
    with running(HostOptions(SERVED, tmp_path_factory.mktemp("data"), port=0, durable=False)) as made:
        yield made


def ask(
    host: RunningHost, path: str, body: str | None = None, method: str | None = None, **headers: str
) -> tuple[int, str, dict[str, str]]:
    call = urllib.request.Request(
        host.base_url + path,
        data=None if body is None else body.encode(),
        method=method or ("GET" if body is None else "POST"),
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )
    try:
        with urllib.request.urlopen(call, timeout=20) as reply:
            return reply.status, reply.read().decode(), dict(reply.headers)
    except urllib.error.HTTPError as reply:
        with reply:
            return reply.code, reply.read().decode(), dict(reply.headers)


def ended(host: RunningHost, name: str) -> dict[str, Any]:
    until, state = time.monotonic() + 10, dict[str, Any]()
    while time.monotonic() < until:
        state = json.loads(ask(host, f"/runtime/webhooks/durabletask/instances/{name}")[1])
        if state["runtimeStatus"] in ("Completed", "Failed", "Terminated"):
            return state
        time.sleep(0.01)
    raise AssertionError(f"{name} does not end: {state}")


def test_a_request_arrives_in_full(host: RunningHost) -> None:
    code, text, headers = ask(host, "/v1/plain/Zo%C3%AB%20x/12?a=1&b=%26", "hello", X_Thing="t")
    seen = json.loads(text)
    assert code == 201
    assert headers["X-Made"] == "yes"
    assert headers["Content-Type"] == "application/json"
    assert seen["method"] == "POST"
    assert seen["route"] == {"name": "Zoë x", "count": "12"}
    assert seen["params"] == {"a": "1", "b": "&"}
    assert (seen["header"], seen["body"], seen["module"]) == ("t", "hello", "steps")
    assert seen["url"].startswith(f"{host.base_url}/v1/plain/")


@pytest.mark.parametrize(
    ("path", "code", "text"),
    [
        ("/v1/plain/all/7", 200, "the literal route"),
        ("/v1/PLAIN/all/7", 200, "the literal route"),
        ("/v1/plain/x/twelve", 404, ""),
        ("/v1/files/a/b/c.txt", 200, "a/b/c.txt"),
        ("/v1/files/a%0Ab/c", 200, "a\nb/c"),
        ("/v1/files", 200, "none"),
        ("/a%0Ab", 404, ""),
        ("/v1/optional", 200, "nobody"),
        ("/v1/optional/me", 200, "me"),
        ("/v1/header", 200, "{}"),
        ("/v1/nothing", 204, ""),
        ("/v1/breaks", 500, ""),
        ("/v1/default_route", 200, "GET"),
        ("/v1/sync_client", 500, ""),
        ("/v1/none", 404, ""),
        ("/api/header", 404, ""),
    ],
)
def test_routes_and_replies(host: RunningHost, path: str, code: int, text: str) -> None:
    assert ask(host, path)[:2] == (code, text)


def test_the_content_type_header_wins(host: RunningHost) -> None:
    assert ask(host, "/v1/header")[2]["Content-Type"] == "application/json"


def test_a_method_that_is_not_declared(host: RunningHost) -> None:
    assert ask(host, "/v1/plain/x/1", method="DELETE")[0] == 404


def test_a_function_key_is_asked_for(host: RunningHost) -> None:
    assert ask(host, "/v1/secret")[0] == 401
    assert ask(host, "/v1/secret?code=wrong")[0] == 401
    assert ask(host, f"/v1/secret?code={host.function_key}")[1] == "told"
    assert ask(host, "/v1/secret", x_functions_key=host.function_key)[1] == "told"


def test_other_hosts_and_other_sites_are_kept_out(host: RunningHost) -> None:
    assert ask(host, "/v1/header", Host="example.org")[0] == 403
    assert ask(host, "/v1/header", Host="127.0.0.1:1")[0] == 403
    port = host.base_url.rpartition(":")[2]
    assert ask(host, "/v1/header", Host=f"localhost:{port}")[0] == 200
    path = "/runtime/webhooks/durabletask/orchestrators/versioned"
    assert ask(host, path, "", Origin="https://example.org")[0] == 403
    assert ask(host, path, "", Origin=host.base_url)[0] == 202


def test_health_and_clock(host: RunningHost) -> None:
    assert json.loads(ask(host, "/_host/health")[1])["status"] == "ok"
    before = json.loads(ask(host, "/_host/clock")[1])["now"]
    code, text, _ = ask(host, "/_host/clock", json.dumps({"advance": 3600}))
    assert code == 200
    assert json.loads(text)["now"][:13] > before[:13]
    for wrong in ('{"advance": -1}', "{}", "no", '{"advance": 1e300}'):
        assert ask(host, "/_host/clock", wrong)[0] == 400


def test_an_instance_from_start_to_end_through_the_client(host: RunningHost) -> None:
    code, text, headers = ask(host, "/v1/start/one", '{"a": [1, "ü"]}')
    assert code == 202
    assert headers["Content-Type"] == "application/json"
    assert headers["Location"] == json.loads(text)["statusQueryGetUri"]
    assert headers["Location"].startswith(f"{host.base_url}/runtime/webhooks/durabletask/instances/one?")
    assert ask(host, "/v1/calls/status/one")[0] == 200
    assert ask(host, "/v1/calls/by/one")[1] == '["one"]'
    assert ask(host, "/v1/calls/raise/one")[:2] == (200, "null")
    assert ended(host, "one")["output"] == [{"a": [1, "ü"]}, '{"ok": true}']
    status = json.loads(ask(host, "/v1/calls/status/one")[1])
    assert status["runtimeStatus"] == "Completed"
    assert status["input"] == '{"a": [1, "\\u00fc"]}'
    assert ask(host, "/v1/calls/wait/one")[0] == 200
    assert "one" in json.loads(ask(host, "/v1/calls/all/x")[1])
    assert ask(host, "/v1/calls/raise/one")[1].startswith("Instance with ID one is gone")
    assert ask(host, "/v1/calls/purge/one")[1] == "1"
    assert ask(host, "/v1/calls/purge/one")[1] == "0"
    assert ask(host, "/v1/calls/status/one")[1] == "null"


def test_suspend_resume_terminate_restart_purge(host: RunningHost) -> None:
    assert ask(host, "/v1/start/two", "1")[0] == 202
    assert ask(host, "/v1/calls/suspend/two")[0] == 200
    until = time.monotonic() + 5
    status: dict[str, Any] = {}
    while status.get("runtimeStatus") != "Suspended" and time.monotonic() < until:
        status = json.loads(ask(host, "/v1/calls/status/two")[1])
    assert (status["runtimeStatus"], status["output"]) == ("Suspended", "hold on")
    assert ask(host, "/v1/calls/raise/two")[0] == 200
    assert ask(host, "/v1/calls/resume/two")[0] == 200
    assert ended(host, "two")["output"] == [1, '{"ok": true}']
    again = json.loads(ask(host, "/v1/calls/restart/two")[1])
    assert again["id"] == "two"
    assert ask(host, "/v1/calls/terminate/two")[0] == 200
    state = ended(host, "two")
    assert (state["runtimeStatus"], state["output"]) == ("Terminated", "no more & out")
    assert ask(host, "/v1/calls/terminate/two")[0] == 200
    assert ask(host, "/v1/calls/purge_by/x")[1] == "1"
    assert ask(host, "/v1/calls/restart/two")[1] != ""
    assert ask(host, "/v1/calls/terminate/two")[:2] == (418, "No instance with ID 'two' found.")


def test_rewind_goes_on_where_a_child_failed(host: RunningHost) -> None:
    assert ask(host, "/v1/calls/fail/three")[0] == 200
    state = ended(host, "three")
    assert state["runtimeStatus"] == "Failed"
    assert "RuntimeError: the first time" in state["output"]
    assert ask(host, "/v1/calls/rewind/three")[0] == 200
    until = time.monotonic() + 10
    while state["runtimeStatus"] != "Completed" and time.monotonic() < until:
        state = ended(host, "three")
    assert state["output"] == ["kept", "the second time"]
    assert ask(host, "/v1/calls/rewind/three")[0] == 418


def test_a_child_that_an_activity_terminates_frees_its_parent(host: RunningHost) -> None:
    """Right on Azure, and so on a strict host: nothing of it is open when the parent returns."""
    for serial in range(20):
        name = f"parent-{serial}"
        ask(host, f"/runtime/webhooks/durabletask/orchestrators/ends_its_child/{name}", "")
        assert ended(host, name)["output"] == "timeout"
        assert ended(host, f"{name}-child")["output"] == "too slow"


def test_a_version_reaches_the_orchestrator(tmp_path: Path) -> None:
    for name in ("function_app.py", "steps.py"):
        (tmp_path / name).write_text((SERVED / name).read_text())
    durable = {"defaultVersion": "4.0"}
    (tmp_path / "host.json").write_text(json.dumps({"extensions": {"durableTask": durable}}))
    with running(HostOptions(tmp_path, tmp_path / "data", port=0)) as host:
        assert ask(host, "/api/calls/version/v")[1] == '"v"'
        assert ended(host, "v")["output"] == "3.1"
        ask(host, "/runtime/webhooks/durabletask/orchestrators/versioned/w", "")
        assert ended(host, "w")["output"] == "4.0"


def test_entities_are_refused(host: RunningHost) -> None:
    assert ask(host, "/v1/calls/entity/x")[0] == 418
    assert ask(host, "/v1/calls/read_entity/x")[0] == 418
    assert ask(host, "/runtime/webhooks/durabletask/entities/counter/one")[0] == 501


def test_a_blocking_call_inside_the_app_does_not_block_the_host(host: RunningHost) -> None:
    code, text, _ = ask(host, "/v1/blocks")
    assert code == 200
    assert json.loads(text)["name"] == "wait_and_echo"


def test_the_key_is_kept_and_private(tmp_path: Path) -> None:
    with running(HostOptions(SERVED, tmp_path, port=0)) as first:
        key = first.function_key
    assert (tmp_path / "function.key").stat().st_mode & 0o777 == 0o600
    assert re.fullmatch(r"[\w-]{40,}", key)
    with running(HostOptions(SERVED, tmp_path, port=0)) as second:
        assert second.function_key == key
    with running(HostOptions(SERVED, tmp_path, port=0, function_key="given")) as third:
        assert third.function_key == "given"
