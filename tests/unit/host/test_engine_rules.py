"""The parts by themselves: DTFx's checks, versions, timers, routes, history as it is shown, and the codec's edges."""

import json
from typing import Any

import pytest

from flowbridge.host import history
from flowbridge.host.activities import Work, request
from flowbridge.host.answer import Answer, activity_reference_error
from flowbridge.host.app import Function
from flowbridge.host.commands import rewound
from flowbridge.host.dtfx import Context, NonDeterministicError
from flowbridge.host.hostjson import HostSettings, version_fits, version_order
from flowbridge.host.timers import Timer, Timers
from flowbridge.host.triggers import compile_route


def context_with(kind: Any, name: str) -> Context:
    context = Context("e", lambda: None)
    context.schedule(kind, name)
    return context


@pytest.mark.parametrize(
    ("kind", "name", "item", "said"),
    [
        ("activity", "b", history.task_scheduled(0, 0, "a"), "instead scheduled an activity task named 'b'"),
        ("timer", "", history.task_scheduled(0, 0, "a"), "instead produced a CreateTimerOrchestratorAction action"),
        ("activity", "a", history.task_scheduled(0, 1, "a"), "hasn't (yet?) scheduled this task"),
        ("child", "b", history.child_created(0, 0, "a", None, "i"), "a sub-orchestration task named 'b'"),
        ("activity", "a", history.child_created(0, 0, "a", None, "i"), "a ScheduleTaskOrchestratorAction task"),
        ("child", "a", history.child_created(0, 1, "a", None, "i"), "hasn't (yet?) scheduled"),
        ("activity", "a", history.timer_created(0, 0, 5), "produced a ScheduleTaskOrchestratorAction action"),
        ("timer", "", history.timer_created(0, 1, 5), "hasn't (yet?) scheduled"),
    ],
)
def test_history_and_replay_must_agree(kind: Any, name: str, item: history.Event, said: str) -> None:
    with pytest.raises(NonDeterministicError) as caught:
        context_with(kind, name).process(item)
    assert str(caught.value).startswith("Non-Deterministic workflow detected: A previous execution")
    assert said in str(caught.value)


def test_names_are_compared_without_case() -> None:
    context = context_with("activity", "Echo")
    context.process(history.task_scheduled(0, 0, "eCHO"))
    assert not context.pending


def test_events_go_to_the_latest_wait_and_come_from_the_oldest_in_the_buffer() -> None:
    context = Context("e", lambda: None)
    for raw in ("1", "2"):
        context.process(history.event_raised(0, "A", raw))
    first, second = context.wait("a"), context.wait("A")
    assert (first.value, second.value) == ("1", "2")
    third, fourth = context.wait("A"), context.wait("A")
    context.process(history.event_raised(0, "A", "3"))
    assert (third.done, fourth.value) == (False, "3")
    assert context.case_clashes == [("a", "A")]


def test_suspended_holds_events_and_what_was_about_to_be_scheduled() -> None:
    context = context_with("activity", "a")
    wait = context.wait("A")
    context.process(history.event(history.EXECUTION_SUSPENDED, 0, Reason=""))
    assert not context.pending
    context.process(history.event_raised(0, "A", "1"))
    assert not wait.done
    context.process(history.event(history.EXECUTION_RESUMED, 0, Reason=""))
    assert wait.value == "1"
    assert list(context.pending) == [0]


def test_child_ids_count_in_hexadecimal() -> None:
    context = Context("e", lambda: None)
    ids = [context.schedule("child", "c").instance for _ in range(17)]
    assert ids[0] == "e:0"
    assert ids[16] == "e:10"


@pytest.mark.parametrize(
    ("one", "other", "order"),
    [
        (None, None, 0),
        (None, "1.0", -1),
        ("", None, 0),
        ("1.10", "1.9", 1),
        ("1.0", "1.0.0", -1),
        ("2.0", "10.0", -1),
        ("beta", "BETA", 0),
        ("1.0-beta", "1.0-alpha", 1),
    ],
)
def test_versions(one: str | None, other: str | None, order: int) -> None:
    assert version_order(one, other) == order
    assert version_order(other, one) == -order


def test_which_versions_run() -> None:
    assert version_fits(HostSettings(default_version="2.0"), "1.0")
    assert not version_fits(HostSettings(default_version="2.0"), "2.1")
    assert not version_fits(HostSettings(), "1.0")
    assert version_fits(HostSettings(version_match="None"), "9")
    assert not version_fits(HostSettings(default_version="2.0", version_match="Strict"), "1.0")


def test_timers() -> None:
    timers = Timers()
    for row, (name, task, at) in enumerate([("a", 0, 30), ("a", 1, 10), ("b", 0, 20)]):
        timers.arm(Timer(row, name, "e", task, at))
    assert timers.next(active=True) == 10
    assert timers.cancel("a", 1) == 1
    assert timers.cancel("a", 9) is None
    assert (timers.next(active=False), timers.next(active=True)) == (10, 20)
    assert [timer.row for timer in timers.take_due(20)] == [1, 2]
    assert timers.disarm("a") == [0]
    assert timers.next(active=False) is None


def routed(template: str) -> Any:
    return compile_route(Function("f", "httpTrigger", "req", print, is_async=False, route=template)).pattern


@pytest.mark.parametrize(
    ("template", "path", "found"),
    [
        ("a/{b}", "/a/x", {"b": "x"}),
        ("a/{b}", "/a/x/", {"b": "x"}),
        ("a/{b}", "/a", None),
        ("a/{b}/c", "/A/x.y/C", {"b": "x.y"}),
        ("{n:int}", "/-12", {"n": "-12"}),
        ("{n:int}", "/x", None),
        ("{n:int?}", "/", {"n": None}),
        ("a.b", "/axb", None),
        ("{*all}", "/x/y", {"all": "x/y"}),
        ("file-{name}.txt", "/file-a.txt", {"name": "a"}),
        ("{g:guid}", "/0f8fad5b-d9cb-469f-a165-70867728950e", {"g": "0f8fad5b-d9cb-469f-a165-70867728950e"}),
    ],
)
def test_route_templates(template: str, path: str, found: dict[str, Any] | None) -> None:
    match = routed(template).fullmatch(path)
    assert (None if match is None else match.groupdict()) == found


def test_references_are_newtonsofts() -> None:
    text = json.dumps({"$type": "x", "$id": "1", "$ref": "1", "$values": [1]})
    assert activity_reference_error(text) is not None
    assert str(activity_reference_error(text)).endswith("Path '$values', line 1, position 50.")
    for right in ({"$ref": "1"}, {"a": 1, "$ref": "1", "b": 2}, [{"$ref": "1", "b": 2}], {"$ref": 1, "b": 2}, "$ref"):
        assert activity_reference_error(json.dumps(right)) is None


def test_a_status_is_measured_in_utf_16() -> None:
    assert Answer([], custom_status="x" * 8_192).refusal(8_194) is None
    assert Answer([], custom_status="🚀" * 4_096).refusal(8_194) is None
    assert Answer([], custom_status="🚀" * 4_097).refusal(8_194) is not None
    assert Answer([], custom_status="x" * 8_200).refusal() is None
    assert Answer([], custom_status="x" * 8_900).refusal() is not None


def test_a_history_with_an_id_twice_cannot_be_shown() -> None:
    events = [history.task_scheduled(0, 0, "a"), history.task_scheduled(0, 0, "b")]
    with pytest.raises(history.DuplicateEvents):
        history.shown(events, inputs=True, outputs=True)


def test_rewinding_takes_back_failures_alone() -> None:
    past = [
        history.task_scheduled(0, 0, "good"),
        history.task_scheduled(0, 1, "bad"),
        history.child_created(0, 2, "child", None, "c"),
        history.succeeded(history.TASK_COMPLETED, 0, 0, "1"),
        history.failed(history.TASK_FAILED, 0, 1, "why", None),
        history.failed(history.CHILD_FAILED, 0, 2, "why", None),
        history.execution_completed(0, 3, "Failed", "why"),
    ]
    children: list[str] = []
    kept = [e["EventType"] for e in rewound(past, children)]
    generic = history.GENERIC
    assert kept == [history.TASK_SCHEDULED, generic, history.CHILD_CREATED, history.TASK_COMPLETED] + [generic] * 3
    assert children == ["c"]


def test_text_that_utf_8_cannot_hold() -> None:
    assert history.storable("a\ud800b") == "a\\ud800b"
    json.loads(history.dump("\ud800"))


def test_call_http_refuses_other_schemes() -> None:
    end = request(Work(1, "i", "e", 0, "BuiltIn::HttpActivity", json.dumps({"method": "GET", "uri": "file:///etc"})))
    assert end.reason is not None
    assert "unsupported address" in end.reason
