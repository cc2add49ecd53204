"""The protocol in full: recorded trigger bodies give the recorded answers, and the host's own bodies look alike."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flowbridge.host import history, sdk
from flowbridge.host.answer import SDK_ID, Answer
from flowbridge.host.app import App, load_app, unload_app

TRUTH = Path(__file__).parent / "truth"
TRACES: dict[str, list[dict[str, Any]]] = json.loads((TRUTH / "traces.json").read_text())
CHANGES_ITSELF = {"changed-kind"}


@pytest.fixture
def app() -> Iterator[App]:
    loaded = load_app(TRUTH)
    yield loaded
    unload_app(loaded)


def bare(action: dict[str, Any]) -> dict[str, Any]:
    kept = {k: v for k, v in action.items() if k != SDK_ID}
    if "compoundActions" in kept:
        kept["compoundActions"] = [bare(part) for part in kept["compoundActions"]]
    return kept


def as_state(answer: Answer) -> dict[str, Any]:
    state: dict[str, Any] = {
        "isDone": answer.done,
        "schemaVersion": 2,
        "actions": [[bare(action) for action in answer.actions]],
    }
    optional = {"output": answer.output, "error": answer.error, "customStatus": answer.custom_status}
    return {**state, **{key: value for key, value in optional.items() if value is not None}}


@pytest.mark.parametrize("name", TRACES)
def test_recorded_bodies_give_the_recorded_answers(name: str, app: App) -> None:
    for turn in TRACES[name]:
        function = app.orchestrators[turn["function"]]
        answer = sdk.call(function.call, function.parameter, turn["context"])
        assert as_state(answer) == turn["answer"]


@pytest.mark.parametrize("name", [n for n in TRACES if n not in CHANGES_ITSELF])
@pytest.mark.parametrize("strict", [False, True])
def test_a_live_program_gives_the_recorded_answers(
    name: str, strict: bool, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fed with what is new in each turn alone, as long as it is the same execution."""
    program: sdk.Program | None = None
    seen: list[history.Event] = []
    for turn in TRACES[name]:
        events = turn["context"]["history"]
        untouched = [{**e, "IsPlayed": False} for e in events]
        if program is not None and untouched[: len(seen)] == seen:
            answer = program.resume(events[len(seen) :])
        else:
            program = sdk.Program(app.orchestrators[turn["function"]].call, strict=strict)
            at = max(n for n, e in enumerate(events) if e["EventType"] == history.ORCHESTRATOR_STARTED)
            monkeypatch.setattr(sdk, "DURATIONS", {key: turn["context"][key] for key in sdk.DURATIONS})
            answer = program.begin(events[:at], events[at:], "azure-storage")
        seen = untouched
        assert as_state(answer) == turn["answer"]


def test_a_quick_history_event_is_the_sdks_own() -> None:
    for turns in TRACES.values():
        for item in turns[-1]["context"]["history"]:
            assert vars(sdk.sdk_event(item)) == vars(sdk.EventType(**item))


def own_bodies(play: Any, scenarios: list[Any], patch: pytest.MonkeyPatch) -> dict[str, list[dict[str, Any]]]:
    bodies: dict[str, list[dict[str, Any]]] = {}
    call = sdk.call

    def noted(function: Any, parameter: str, trigger: dict[str, Any]) -> Answer:
        bodies.setdefault(trigger["instanceId"], []).append(json.loads(json.dumps(trigger)))
        return call(function, parameter, trigger)

    patch.setattr(sys.modules["flowbridge.host.sdk"], "call", noted)
    chosen = [s for s in scenarios if s["name"] in TRACES and s.get("unit") != "day"]
    play(chosen, 1.0, {"lenient": True, "replay": "always"})
    return bodies


def test_own_bodies_have_the_recorded_shape(play: Any, scenarios: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bodies = own_bodies(play, scenarios, monkeypatch)
    alike = {"retry-alone", "rounds", "all-events", "again-slow-events", "suspend-resume", "terminate", "child-fails"}
    assert alike <= set(bodies)
    for name in alike:
        ours, theirs = bodies[name], TRACES[name]
        kinds = [[e["EventType"] for e in b["history"]] for b in ours]
        assert kinds[-1] == [e["EventType"] for e in theirs[-1]["context"]["history"]] or name == "rounds"
        for mine, recorded in zip(ours, (turn["context"] for turn in theirs), strict=False):
            assert set(mine) == set(recorded)
            assert mine["isReplaying"] == recorded["isReplaying"]


def test_own_events_have_the_recorded_keys(play: Any, scenarios: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    known: dict[int, set[str]] = {}
    played: dict[int, set[bool]] = {}
    for turns in TRACES.values():
        for turn in turns:
            for item in turn["context"]["history"]:
                known.setdefault(item["EventType"], set()).update(item)
                played.setdefault(item["EventType"], set()).add(item["IsPlayed"])
    for own in own_bodies(play, scenarios, monkeypatch).values():
        for trigger in own:
            for item in trigger["history"]:
                assert set(item) == known[item["EventType"]], history.NAMES[item["EventType"]]
                assert item["IsPlayed"] in played[item["EventType"]]
