"""Each durable pattern of the runtime beside the textbook form that fails, on a host that does what Azure does.

The textbook form and ours stand in one small app and run side by side on virtual time. A test holds the textbook form
to its failure, too: should the engine ever stop failing so, the pattern has lost its reason.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.conftest import MANAGEMENT, ROOT, Caller, Json
from tests.e2e.conftest import DAY

from flowbridge.host.options import HostOptions
from flowbridge.host.server import running

APP = """
from datetime import timedelta

import azure.durable_functions as df

from runtime.commands import Child, Children, Listen, Pause, Work
from runtime.drive import Driver
from runtime.support import support

app = df.DFApp()
app.register_functions(support())


@app.activity_trigger(input_name="payload")
def note(payload):
    return {"ok": True, "value": payload}


@app.activity_trigger(input_name="payload")
def plain(payload):
    return payload


@app.activity_trigger(input_name="payload")
def boom(payload):
    raise RuntimeError("boom")


_tries = {}


@app.activity_trigger(input_name="payload")
def third_time(payload):
    _tries[payload] = _tries.get(payload, 0) + 1
    if _tries[payload] < 3:
        raise RuntimeError(f"try {_tries[payload]}")
    return _tries[payload]


@app.activity_trigger(input_name="payload")
def fails_in_an_envelope(payload):
    key = str(payload)
    _tries[key] = _tries.get(key, 0) + 1
    ok = key.startswith("good") and _tries[key] >= 3
    return {"ok": ok, "value": _tries[key], "error": None if ok else {"code": "Boom", "message": key}}


@app.orchestration_trigger(context_name="context")
def long_child(context):
    yield context.create_timer(context.current_utc_datetime + timedelta(hours=1))
    return {"ok": True}


@app.orchestration_trigger(context_name="context")
def failing_child(context):
    return {"ok": False}
    yield


def ours(steps):
    def orchestrator(context):
        return (yield from Driver(context).drive(steps(context)))

    orchestrator.__name__ = steps.__name__
    return app.orchestration_trigger(context_name="context")(orchestrator)


def textbook(function):
    return app.orchestration_trigger(context_name="context")(function)


"""


class Pair:
    """Two instances of an app, the textbook's and ours, to which the same happens."""

    def __init__(self, caller: Caller, advance: Callable[[float], None]) -> None:
        self.caller = caller
        self.advance = advance

    def start(self, *names: str) -> None:
        """Starts an instance of each orchestrator, under its own name."""
        for name in names:
            reply = self.caller.call("POST", f"{MANAGEMENT}/orchestrators/{name}/{name}", {})
            assert reply.status == 202, reply
        self.settle()

    def settle(self) -> None:
        """Waits until nothing is left to do at this moment."""
        self.pass_by(0)

    def pass_by(self, seconds: float) -> None:
        """Lets time pass."""
        self.advance(seconds)

    def tell(self, event: str, payload: object, *names: str) -> None:
        """Raises an event for each instance."""
        for name in names:
            path = f"{MANAGEMENT}/instances/{name}/raiseEvent/{event}"
            assert self.caller.call("POST", path, payload).status == 202
        self.settle()

    def status(self, name: str) -> Json:
        """An instance, with what it called and when, in seconds since its start."""
        reply = self.caller.call("GET", f"{MANAGEMENT}/instances/{name}?showHistory=true&showHistoryOutput=true")
        return dict(reply.body)

    def state(self, name: str) -> tuple[str, object]:
        """Its status and output."""
        shown = self.status(name)
        return str(shown["runtimeStatus"]), shown["output"]

    def called(self, name: str, function: str) -> int:
        """How often it has called a function to the end."""
        return sum(one.get("FunctionName") == function for one in self.status(name)["historyEvents"])


OnHost = Callable[[str], Pair]


@pytest.fixture
def on_host(tmp_path: Path) -> Iterator[OnHost]:
    """Puts orchestrators on a host that hangs where Azure hangs, in an app with the runtime beside it."""
    with ExitStack() as stack:

        def put(source: str) -> Pair:
            app = tmp_path / "app"
            app.mkdir()
            (app / "function_app.py").write_text(APP + source, encoding="utf-8")
            (app / "host.json").write_text('{"version": "2.0"}', encoding="utf-8")
            shutil.copytree(ROOT / "generator" / "flowbridge" / "runtime", app / "runtime")
            options = HostOptions(app, tmp_path / "data", port=0, speed=0, lenient=True, durable=False)
            host = stack.enter_context(running(options))
            return Pair(Caller(host.base_url, None), host.clock.advance)

        yield put


APPROVALS = """
@textbook
def approval_textbook(context):
    timer = context.create_timer(context.current_utc_datetime + timedelta(days=7))
    event = context.wait_for_external_event("approval")
    winner = yield context.task_any([event, timer])
    if winner == event:
        timer.cancel()
        return (yield context.call_activity("plain", "approved"))
    return "timed out"


@ours
def approval_ours(context):
    heard = yield Listen(("approval",), 7 * 86400.0)
    if heard is not None:
        answer = yield Work("note", "approved")
        return answer["value"]
    return "timed out"


@textbook
def chunked_textbook(context):
    event = context.wait_for_external_event("approval")
    deadline = context.current_utc_datetime + timedelta(days=7)
    for days in (5, 7):
        timer = context.create_timer(deadline - timedelta(days=7 - days))
        winner = yield context.task_any([event, timer])
        if winner == event:
            return (yield context.call_activity("plain", "approved"))
    return "timed out"
"""


def test_approved_on_day_one_the_textbook_stays_open_until_day_three(on_host: OnHost) -> None:
    pair = on_host(APPROVALS)
    names = ("approval_textbook", "approval_ours")
    pair.start(*names)
    pair.pass_by(DAY)
    pair.tell("approval", "yes", *names)
    assert pair.called("approval_textbook", "plain") == 1
    assert pair.state("approval_textbook") == ("Running", None)
    assert pair.state("approval_ours") == ("Completed", "approved")
    pair.pass_by(2 * DAY)
    assert pair.state("approval_textbook") == ("Completed", "approved")


def test_approved_on_day_four_the_textbook_goes_on_only_on_day_seven(on_host: OnHost) -> None:
    pair = on_host(APPROVALS)
    names = ("approval_textbook", "approval_ours")
    pair.start(*names)
    pair.pass_by(4 * DAY)
    pair.tell("approval", "yes", *names)
    assert pair.called("approval_textbook", "plain") == 0
    assert pair.state("approval_ours") == ("Completed", "approved")
    pair.pass_by(3 * DAY - 60)
    assert pair.state("approval_textbook") == ("Running", None)
    pair.pass_by(60)
    assert pair.state("approval_textbook") == ("Completed", "approved")


def test_approved_in_the_second_timer_the_textbook_hangs_until_that_timer_ends(on_host: OnHost) -> None:
    pair = on_host(APPROVALS)
    names = ("chunked_textbook", "approval_ours")
    pair.start(*names)
    pair.pass_by(6 * DAY)
    pair.tell("approval", "yes", *names)
    assert pair.state("chunked_textbook") == ("Running", None)
    assert pair.state("approval_ours") == ("Completed", "approved")
    pair.pass_by(DAY)
    assert pair.state("chunked_textbook")[0] == "Completed"


def test_without_an_answer_ours_ends_on_day_seven_to_the_second(on_host: OnHost) -> None:
    pair = on_host(APPROVALS)
    pair.start("approval_ours")
    pair.pass_by(7 * DAY - 1)
    assert pair.state("approval_ours") == ("Running", None)
    pair.pass_by(1)
    assert pair.state("approval_ours") == ("Completed", "timed out")
    fired = [one for one in pair.status("approval_ours")["historyEvents"] if one["EventType"] == "TimerFired"]
    assert len(fired) == 2


EVENTS = """
@textbook
def twice_textbook(context):
    yield context.create_timer(context.current_utc_datetime + timedelta(seconds=10))
    first = yield context.wait_for_external_event("approval")
    second = yield context.wait_for_external_event("approval")
    return [first, second]


@ours
def twice_ours(context):
    yield Pause(10.0)
    first = yield Listen(("approval.1",), 3600.0)
    second = yield Listen(("approval.2",), 3600.0)
    return [first.payload, second.payload]


@textbook
def acting_textbook(context):
    seen = []
    for _ in range(3):
        seen.append((yield context.wait_for_external_event("approval")))
        yield context.create_timer(context.current_utc_datetime + timedelta(seconds=10))
    return seen


@ours
def acting_ours(context):
    seen = []
    for number in (0, 1, 2):
        heard = yield Listen((f"approval.{number}",), 3600.0)
        seen.append(heard.payload)
        yield Pause(10.0)
    return seen
"""


def test_two_early_events_of_one_name_lose_the_first_where_names_of_their_own_keep_both(on_host: OnHost) -> None:
    pair = on_host(EVENTS)
    pair.start("twice_textbook", "twice_ours")
    for number in (1, 2):
        pair.tell("approval", number, "twice_textbook")
        pair.tell(f"approval.{number}", number, "twice_ours")
    pair.pass_by(10)
    assert pair.state("twice_textbook") == ("Completed", [2, 2])
    assert pair.state("twice_ours") == ("Completed", [1, 2])


def test_events_that_come_while_the_run_acts_are_mixed_up_only_where_they_share_a_name(on_host: OnHost) -> None:
    pair = on_host(EVENTS)
    pair.start("acting_textbook", "acting_ours")
    for number in (0, 1, 2):
        pair.tell("approval", number, "acting_textbook")
        pair.tell(f"approval.{number}", number, "acting_ours")
    pair.pass_by(3600)
    assert pair.state("acting_ours") == ("Completed", [0, 1, 2])
    assert pair.state("acting_textbook") == ("Completed", [0, 2, 2])


RETRIES = """
@textbook
def retry_textbook(context):
    options = df.RetryOptions(1000, 3)
    try:
        yield context.task_all([
            context.call_activity("boom", 0),
            context.call_activity_with_retry("third_time", options, context.instance_id),
        ])
    except Exception:
        return (yield context.call_activity("plain", "compensated"))


@ours
def retry_ours(context):
    answers = {}
    for _ in range(3):
        for name in ("bad", "good"):
            if not answers.get(name, {}).get("ok"):
                answers[name] = yield Work("fails_in_an_envelope", name)
        yield Pause(1.0)
    answer = yield Work("note", "compensated")
    return [answers["good"]["value"], answers["bad"]["error"]["message"], answer["value"]]


@textbook
def interval_textbook(context):
    return (yield context.call_activity_with_retry("third_time", df.RetryOptions(7 * 86400000, 3), "interval"))
"""


def test_a_failure_beside_a_retry_is_told_right_only_in_envelopes(on_host: OnHost) -> None:
    pair = on_host(RETRIES)
    pair.start("retry_textbook", "retry_ours")
    pair.pass_by(3600)
    assert pair.state("retry_textbook") != ("Completed", "compensated")
    assert pair.state("retry_ours") == ("Completed", [3, "bad", "compensated"])


def test_a_long_retry_interval_of_the_engine_hangs(on_host: OnHost) -> None:
    pair = on_host(RETRIES)
    pair.start("interval_textbook")
    pair.pass_by(60 * DAY)
    assert pair.state("interval_textbook")[0] == "Running"


TIMERS = """
@textbook
def race_textbook(context):
    timer = context.create_timer(context.current_utc_datetime + timedelta(days=2))
    event = context.wait_for_external_event("answer")
    yield context.task_any([event, timer])
    return event.result


@ours
def race_ours(context):
    heard = yield Listen(("answer",), 2 * 86400.0)
    return heard.payload


@textbook
def sleep_textbook(context):
    start = context.current_utc_datetime
    yield context.create_timer(start + timedelta(days=8))
    return (yield context.call_activity("plain", "woke"))


@ours
def sleep_ours(context):
    yield Pause(8 * 86400.0)
    answer = yield Work("note", "woke")
    return answer["value"]


@ours
def no_sleep_ours(context):
    yield Pause(0.0)
    yield Pause(-5.0)
    return "awake"
"""


def test_a_timer_that_lost_holds_the_instance_open_unless_it_is_cancelled(on_host: OnHost) -> None:
    pair = on_host(TIMERS)
    pair.start("race_textbook", "race_ours")
    pair.tell("answer", {"a": 1}, "race_textbook", "race_ours")
    assert pair.state("race_textbook") == ("Running", None)
    assert pair.state("race_ours") == ("Completed", {"a": 1})
    pair.pass_by(2 * DAY)
    assert pair.state("race_textbook") == ("Completed", {"a": 1})


def test_a_pause_of_eight_days_is_waited_for_to_the_second(on_host: OnHost) -> None:
    pair = on_host(TIMERS)
    pair.start("sleep_textbook", "sleep_ours")
    pair.pass_by(8 * DAY - 1)
    assert pair.state("sleep_ours") == ("Running", None)
    pair.pass_by(1)
    assert pair.state("sleep_ours") == ("Completed", "woke")


def test_a_pause_of_no_time_ends_at_once(on_host: OnHost) -> None:
    pair = on_host(TIMERS)
    pair.start("no_sleep_ours")
    pair.pass_by(1)
    assert pair.state("no_sleep_ours") == ("Completed", "awake")


CHILDREN = """
@textbook
def nothing_textbook(context):
    results = yield context.task_all([])
    return [results]


@ours
def nothing_ours(context):
    outcomes = yield Children(())
    return list(outcomes)


@textbook
def siblings_textbook(context):
    long = context.call_sub_orchestrator("long_child", None, "textbook-long")
    failing = context.call_sub_orchestrator("failing_child", None, "textbook-failing")
    yield context.task_any([long, failing])
    return "one has ended"


@ours
def siblings_ours(context):
    children = (Child("long_child", "ours-long", None), Child("failing_child", "ours-failing", None))
    outcomes = yield Children(children)
    return [one.stopped for one in outcomes]


@ours
def deadline_ours(context):
    outcomes = yield Children((Child("long_child", "late-long", None),), seconds=60.0)
    return [one.stopped for one in outcomes]
"""


def test_waiting_for_nothing_gives_an_empty_list(on_host: OnHost) -> None:
    pair = on_host(CHILDREN)
    pair.start("nothing_textbook", "nothing_ours")
    assert pair.state("nothing_textbook") == ("Completed", [None])
    assert pair.state("nothing_ours") == ("Completed", [])


def test_a_child_that_lost_holds_the_parent_open_unless_it_is_stopped(on_host: OnHost) -> None:
    pair = on_host(CHILDREN)
    pair.start("siblings_textbook", "siblings_ours")
    assert pair.state("siblings_textbook") == ("Running", None)
    assert pair.state("siblings_ours") == ("Completed", [True, False])
    assert pair.state("ours-long")[0] == "Terminated"
    pair.pass_by(3600)
    assert pair.state("siblings_textbook") == ("Completed", "one has ended")


def test_a_deadline_stops_a_child_at_its_moment(on_host: OnHost) -> None:
    pair = on_host(CHILDREN)
    pair.start("deadline_ours")
    pair.pass_by(59)
    assert pair.state("deadline_ours") == ("Running", None)
    pair.pass_by(1)
    pair.settle()
    assert pair.state("deadline_ours") == ("Completed", [True])


STATUSES = """
@textbook
def status_textbook(context):
    context.set_custom_status({"message": "x" * 9000})
    return (yield context.call_activity("plain", 1))
"""


def test_a_status_of_more_than_16_kb_fails_the_textbook(on_host: OnHost) -> None:
    pair = on_host(STATUSES)
    # Ours is bounded: tests/golden/test_approvals.py runs approvals with texts of any length on such a host.
    pair.start("status_textbook")
    assert pair.state("status_textbook")[0] == "Failed"
