"""A lenient host does what Microsoft's real extension did in each recorded scenario, hangs and lies included."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SCENARIOS = json.loads((Path(__file__).parent / "truth" / "scenarios.json").read_text())["scenarios"]
NAMES = [scenario["name"] for scenario in SCENARIOS]
DAY = 86_400.0


def outcomes(play: Any, scenarios: list[Any], **options: Any) -> dict[str, Any]:
    days = [s for s in scenarios if s.get("unit") == "day"]
    seconds = [s for s in scenarios if s.get("unit") != "day"]
    lenient = {"lenient": True, **options}
    return {**play(seconds, 1.0, lenient), **play(days, DAY, lenient)}


@pytest.fixture(scope="module")
def live(play: Any, scenarios: list[Any]) -> dict[str, Any]:
    return outcomes(play, scenarios)


@pytest.fixture(scope="module")
def replayed(play: Any, scenarios: list[Any]) -> dict[str, Any]:
    return outcomes(play, scenarios, replay="always")


def agrees(name: str, got: Any, truth: dict[str, Any], compare: Callable[[str, Any, Any], list[str]]) -> None:
    want = truth[name]
    if "varies" in want:
        seen = [{key: other[key] for key in ("runtimeStatus", "output")} for other in want["varies"]]
        assert {key: got[key] for key in ("runtimeStatus", "output")} in seen
    else:
        assert compare(name, got, want) == []


@pytest.mark.parametrize("name", NAMES)
def test_live_generators_agree(name: str, live: Any, truth: Any, compare: Any) -> None:
    agrees(name, live[name], truth, compare)


@pytest.mark.parametrize("name", NAMES)
def test_replays_from_nothing_agree(name: str, replayed: Any, truth: Any, compare: Any) -> None:
    agrees(name, replayed[name], truth, compare)


def test_every_recorded_scenario_is_played(truth: Any) -> None:
    assert set(NAMES) == set(truth)
    assert len(NAMES) == 123
