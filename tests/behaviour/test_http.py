"""The durable HTTP API answers the recorded exchanges with the real extension's status codes, headers and shapes."""

import json
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, cast

from flowbridge.host.options import HostOptions
from flowbridge.host.server import RunningHost, running

EXCHANGES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "truth" / "http.json").read_text())
COUNTS = {"purge many"}  # how many there are depends on what ran before
OPEN_LISTS = {"list by an unknown status"}


def send(host: RunningHost, request: dict[str, Any]) -> tuple[int, dict[str, str], str]:
    body = request["body"]
    text = body if isinstance(body, str) else "" if body is None else json.dumps(body)
    call = urllib.request.Request(
        f"{host.base_url}/runtime/webhooks/durabletask{request['path']}",
        data=None if body is None else text.encode(),
        method=request["method"],
        headers={"Content-Type": "application/json", **request.get("headers", {})},
    )
    try:
        with urllib.request.urlopen(call, timeout=30) as reply:
            return reply.status, dict(reply.headers), reply.read().decode()
    except urllib.error.HTTPError as reply:
        with reply:
            return reply.code, dict(reply.headers), reply.read().decode()


def settled(host: RunningHost, exchange: dict[str, Any]) -> tuple[int, dict[str, str], str]:
    """Send; where the recording had waited for an end, wait for it, too."""
    reply = send(host, exchange["request"])
    waited = exchange["request"]["method"] == "GET" and "/instances/h" in exchange["request"]["path"]
    until = time.monotonic() + 10
    while waited and time.monotonic() < until:
        want = exchange["reply"]["body"]
        state = json.loads(reply[2]) if reply[2] else None
        if not isinstance(want, dict) or (state and state["runtimeStatus"] == want["runtimeStatus"]):
            break
        time.sleep(0.02)
        reply = send(host, exchange["request"])
    return reply


def shape(note: str, want: Any, got: Any) -> list[str]:
    """What differs between two bodies, texts of errors and times apart."""
    if isinstance(want, dict) and isinstance(got, dict):
        return fields(cast("dict[str, Any]", want), cast("dict[str, Any]", got))
    if isinstance(want, list) and isinstance(got, list):
        return [] if note in OPEN_LISTS else rows(cast("list[Any]", want), cast("list[Any]", got))
    same = type(cast(object, want)) is type(cast(object, got))
    return [] if same else [f"{got!r} instead of {want!r}"]


def fields(want: dict[str, Any], got: dict[str, Any]) -> list[str]:
    if set(want) != set(got):
        return [f"keys {sorted(got)} instead of {sorted(want)}"]
    free = {"createdTime", "lastUpdatedTime", "historyEvents", "instancesDeleted", "ExceptionMessage", "StackTrace"}
    keys = [key for key in want if key not in free and not key.endswith("Uri") and key != "id"]
    if str(want.get("output", "")).startswith("Orchestrator function"):
        keys.remove("output")
    return [f"{key}: {got[key]!r} instead of {want[key]!r}" for key in keys if got[key] != want[key]]


def rows(want: list[Any], got: list[Any]) -> list[str]:
    if not all(isinstance(item, dict) for item in (*want, *got)):
        return [] if want == got else [f"{got!r} instead of {want!r}"]
    ids = [[item["instanceId"] for item in items] for items in (want, got)]
    if ids[0] != ids[1]:
        return [f"instances {ids[1]} instead of {ids[0]}"]
    return [line for one, other in zip(want, got, strict=True) for line in fields(one, other)]


def differences(host: RunningHost, exchange: dict[str, Any]) -> list[str]:
    want, (status, headers, text) = exchange["reply"], settled(host, exchange)
    found = [] if status == want["status"] else [f"status {status} instead of {want['status']}: {text[:200]}"]
    names = ["Location", "Retry-After"] + ["x-ms-continuation-token"] * (exchange["note"] not in OPEN_LISTS)
    for name in names:
        a, b = want["headers"].get(name), headers.get(name)
        if (a is None) != (b is None) or (name == "Retry-After" and a != b) or bool(a) != bool(b):
            found.append(f"{name} {b!r} instead of {a!r}")
    if want["headers"].get("Content-Type") and headers.get("Content-Type") != want["headers"]["Content-Type"]:
        found.append(f"Content-Type {headers.get('Content-Type')!r}")
    body = json.loads(text) if text else ""
    return found if found else shape(exchange["note"], want["body"], body)


def test_recorded_exchanges(tmp_path: Path) -> None:
    truth = Path(__file__).parent / "truth"
    options = HostOptions(truth, tmp_path, port=0, lenient=True, durable=False)
    found: list[str] = []
    with running(options) as host:
        for exchange in EXCHANGES:
            if "completed instance" in exchange["note"]:
                time.sleep(0.3)
            lines = differences(host, exchange)
            found += [f"{exchange['note']} ({exchange['request']['path']}): {line}" for line in lines]
    assert found == []
    assert len(EXCHANGES) == 73


def test_history_of_a_completed_instance(tmp_path: Path) -> None:
    """The merged history has the recorded events with the recorded keys and values, times apart."""
    want = next(e for e in EXCHANGES if e["note"] == "... with history and its outputs")["reply"]["body"]
    with running(HostOptions(Path(__file__).parent / "truth", tmp_path, port=0)) as host:
        start = {"method": "POST", "path": "/orchestrators/see_input/h-1?timeout=10", "body": '{"a": 1}'}
        assert send(host, start)[0] == 200
        query = {"method": "GET", "path": "/instances/h-1?showHistory=true&showHistoryOutput=true", "body": None}
        got = json.loads(send(host, query)[2])
    times = {"Timestamp", "ScheduledTime"}
    stripped = [
        [{k: v for k, v in event.items() if k not in times} for event in body["historyEvents"]] for body in (want, got)
    ]
    assert stripped[1] == stripped[0]
    for event in got["historyEvents"]:
        assert len(event["Timestamp"]) == len("2026-11-23T03:16:59.3992115Z")
