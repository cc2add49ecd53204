"""Virtual time: it stands, runs fast, is advanced or skipped, and never goes back, over a restart neither."""

import json
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from flowbridge.host.clock import MICROS, Clock, parse_stamp, stamp, stamp_seconds
from flowbridge.host.options import HostOptions
from flowbridge.host.server import RunningHost, running

DAY = 86_400
APP = """
import time
from datetime import timedelta
import azure.durable_functions as df
import azure.functions as func

app = df.DFApp(http_auth_level=func.AuthLevel.ANONYMOUS)


@app.orchestration_trigger(context_name="context")
def sleeps(context):
    start = context.current_utc_datetime
    for _ in range(context.get_input()["times"]):
        yield context.create_timer(context.current_utc_datetime + timedelta(seconds=context.get_input()["seconds"]))
    return (context.current_utc_datetime - start).total_seconds()


@app.orchestration_trigger(context_name="context")
def decides(context):
    timer, answer = context.create_timer(context.current_utc_datetime + timedelta(days=3)), None
    event = context.wait_for_external_event("answer")
    winner = yield context.task_any([event, timer])
    if winner == event:
        timer.cancel()
        yield context.wait_for_external_event("never")
    return "timeout"


@app.orchestration_trigger(context_name="context")
def works(context):
    yield context.create_timer(context.current_utc_datetime + timedelta(days=2))
    return (yield context.call_activity("slow", 0.6))


@app.activity_trigger(input_name="x")
def slow(x):
    time.sleep(x)
    return x
"""


@pytest.fixture
def app(tmp_path: Path) -> Path:
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "function_app.py").write_text(APP)
    return folder


def call(host: RunningHost, method: str, path: str, body: Any = None) -> Any:
    request = urllib.request.Request(
        host.base_url + path,
        data=json.dumps(body).encode() if method == "POST" else None,
        method=method,
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as reply:
        text = reply.read()
        return json.loads(text) if text else None


def begin(host: RunningHost, function: str, body: Any = None) -> None:
    path = function if "?" in function else f"{function}/one"
    call(host, "POST", f"/runtime/webhooks/durabletask/orchestrators/{path}", body)


def status(host: RunningHost) -> dict[str, Any]:
    return call(host, "GET", "/runtime/webhooks/durabletask/instances/one")


def ended(host: RunningHost, seconds: float = 10) -> dict[str, Any]:
    until = time.monotonic() + seconds
    while (state := status(host))["runtimeStatus"] in ("Running", "Pending"):
        assert time.monotonic() < until, state
        time.sleep(0.02)
    return state


def test_stamps() -> None:
    moment = parse_stamp("2026-01-02T03:04:05.678901Z")
    assert stamp(moment) == "2026-01-02T03:04:05.6789010Z"
    assert stamp_seconds(moment) == "2026-01-02T03:04:05Z"
    assert parse_stamp(stamp(moment)) == moment
    assert parse_stamp("2026-01-02T03:04:05") == parse_stamp("2026-01-02T05:04:05+02:00")
    with pytest.raises(ValueError, match="isoformat"):
        parse_stamp("yesterday")


def test_a_clock_that_stands_moves_by_jumps_alone() -> None:
    clock = Clock(1000, speed=0)
    assert clock.now() == 1000
    clock.jump_to(500)
    assert clock.now() == 1000
    clock.jump_to(2000)
    assert clock.now() == 2000
    assert clock.real_seconds_until(3000) is None
    assert clock.real_seconds_until(2000) == 0


def test_a_fast_clock() -> None:
    clock = Clock(0, speed=1000)
    time.sleep(0.02)
    assert 20 * MICROS <= clock.now() < 2000 * MICROS
    left = clock.real_seconds_until(clock.now() + 1000 * MICROS)
    assert left is not None
    assert 0.5 < left <= 1


def test_a_sleeper_wakes_when_its_time_comes() -> None:
    clock, woken = Clock(0, speed=0), threading.Event()
    thread = threading.Thread(target=lambda: (clock.sleep(10), woken.set()))
    thread.start()
    while clock.next_sleeper() is None:
        time.sleep(0.001)
    clock.jump_to(9 * MICROS)
    assert not woken.wait(0.02)
    clock.jump_to(10 * MICROS)
    assert woken.wait(5)
    thread.join()
    assert clock.sleeping() == 0


def test_advance_stops_at_each_timer_on_the_way(tmp_path: Path, app: Path) -> None:
    with running(HostOptions(app, tmp_path / "data", port=0, speed=0)) as host:
        begin(host, "sleeps", {"times": 7, "seconds": DAY})
        host.clock.advance(6.5 * DAY)
        assert status(host)["runtimeStatus"] == "Running"
        host.clock.advance(DAY)
        assert status(host)["output"] == 7 * DAY


def test_advance_waits_for_activities_on_the_way(tmp_path: Path, app: Path) -> None:
    with running(HostOptions(app, tmp_path / "data", port=0, speed=0)) as host:
        begin(host, "works")
        call(host, "POST", "/_host/clock", {"advance": 3 * DAY})
        assert status(host)["output"] == 0.6


def test_speed(tmp_path: Path, app: Path) -> None:
    with running(HostOptions(app, tmp_path / "data", port=0, speed=20_000)) as host:
        began = time.monotonic()
        begin(host, "sleeps", {"times": 3, "seconds": 3600})
        slept = ended(host)["output"]
        assert 10_800 <= slept < 400_000
        assert time.monotonic() - began > 0.5


def test_time_is_skipped_while_somebody_polls(tmp_path: Path, app: Path) -> None:
    with running(HostOptions(app, tmp_path / "data", port=0, skip_time=True, idle_grace=0.1)) as host:
        begin(host, "sleeps", {"times": 5, "seconds": 5 * DAY})
        began = time.monotonic()
        assert ended(host)["output"] >= 25 * DAY
        assert 0.4 < time.monotonic() - began < 5


def test_time_is_not_skipped_before_the_grace_or_over_an_activity(tmp_path: Path, app: Path) -> None:
    with running(HostOptions(app, tmp_path / "data", port=0, skip_time=True, idle_grace=0.8)) as host:
        begin(host, "decides")
        time.sleep(0.1)
        call(host, "POST", "/runtime/webhooks/durabletask/instances/one/raiseEvent/answer", 1)
        before = host.clock.now()
        time.sleep(1.2)
        assert host.clock.now() - before < 60 * MICROS, "skipped to a timer that was cancelled"
        assert status(host)["runtimeStatus"] == "Running"


def test_time_never_goes_back_over_a_restart(tmp_path: Path, app: Path) -> None:
    options = HostOptions(app, tmp_path / "data", port=0, speed=0)
    with running(options) as host:
        begin(host, "sleeps", {"times": 1, "seconds": 30 * DAY})
        host.clock.advance(20 * DAY)
        call(host, "POST", "/runtime/webhooks/durabletask/orchestrators/sleeps/two", {"times": 0, "seconds": 1})
        host.clock.advance(1)
        before = host.clock.now()
    with running(options) as host:
        assert host.clock.now() >= before - MICROS
        assert host.clock.now() > int(time.time() * MICROS) + 19 * DAY * MICROS
        host.clock.advance(11 * DAY)
        assert status(host)["output"] == 30 * DAY


def test_a_start_that_is_scheduled_waits_for_its_time_over_a_restart(tmp_path: Path, app: Path) -> None:
    options = HostOptions(app, tmp_path / "data", port=0, speed=0)
    with running(options) as host:
        at = stamp(host.clock.now() + 2 * DAY * MICROS)
        begin(host, f"sleeps/one?scheduledStartTime={at}", {"times": 0, "seconds": 1})
        host.clock.advance(DAY)
        assert status(host)["runtimeStatus"] == "Pending"
    with running(options) as host:
        host.clock.advance(0.9 * DAY)
        assert status(host)["runtimeStatus"] == "Pending"
        host.clock.advance(0.2 * DAY)
        assert status(host)["runtimeStatus"] == "Completed"


def test_parked_instances_cost_nothing(tmp_path: Path, app: Path) -> None:
    with running(HostOptions(app, tmp_path / "data", port=0, durable=False)) as host:
        for n in range(200):
            call(host, "POST", f"/runtime/webhooks/durabletask/orchestrators/decides/p{n}")
        time.sleep(0.2)
        before = time.process_time()
        time.sleep(0.5)
        assert time.process_time() - before < 0.02
