"""A generator that is kept alive, and a shim that is, do what replays from nothing do: over random programs.

The programs race, cancel, yield again and leave tasks open as no author should; each runs under every replay policy
with the same events at the same virtual times, and must leave the same history.
"""

import json
import os
import random
import re
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from flowbridge.host import episode, instances
from flowbridge.host.episode import Execution, Outcome, Stage
from flowbridge.host.options import HostOptions
from flowbridge.host.server import running
from flowbridge.host.shim import Shim

PROGRAMS = Path(__file__).parent / "programs"
COUNT = int(os.environ.get("FLOWBRIDGE_PROGRAMS", "80"))
Program = dict[str, Any]


def random_program(chance: random.Random, serial: int) -> Program:
    """Durations are all different, so that no two ends fall on one moment."""
    steps: list[dict[str, Any]] = []
    names: list[str] = []
    for number in range(chance.randint(3, 9)):
        duration = round(chance.uniform(0.2, 6) + serial / 10_000 + number / 1_000_000, 6)
        if not names or chance.random() < 0.5:
            name = f"t{number}"
            kind = chance.choice(["activity", "activity", "failing", "retry", "timer", "timer", "event", "child"])
            value = chance.choice("AB") if kind == "event" else duration
            steps.append({"do": "make", "name": name, "kind": kind, "value": value})
            names.append(name)
        elif chance.random() < 0.2:
            steps.append({"do": "cancel", "of": [chance.choice(names)]})
        elif chance.random() < 0.1:
            steps.append({"do": "status"})
        else:
            chosen = chance.sample(names, chance.randint(1, len(names)))
            steps.append({"do": chance.choice(["any", "any", "all", "one"]), "of": chosen})
    events = sorted((round(chance.uniform(0.1, 8), 3), chance.choice("ABa"), n) for n in range(chance.randint(0, 4)))
    return {"steps": steps, "events": events, "turns": int(chance.random() < 0.15)}


def timeless(value: Any) -> Any:
    """Without the moments in a strict host's texts: the hosts begin at different ones."""
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+", "<time>", value) if isinstance(value, str) else value


def play(folder: Path, programs: list[Program], judge: Any, **options: Any) -> dict[str, Any]:
    results: dict[str, Any] = {}
    with running(HostOptions(PROGRAMS, folder, port=0, speed=0, durable=False, **options)) as host:
        sys.modules["function_app"].__dict__["time"] = SimpleNamespace(sleep=host.clock.sleep)
        api, begin, now = judge.Api(f"{host.base_url}/runtime/webhooks/durabletask"), host.clock.now(), 0.0
        for serial, program in enumerate(programs):
            api.call("POST", f"/orchestrators/perform/p{serial}", json.dumps(program))
        events = sorted((at, name, f"p{s}", n) for s, p in enumerate(programs) for at, name, n in p["events"])
        for at, name, instance, payload in events:
            host.clock.advance(at - now)
            now = at
            api.call("POST", f"/instances/{instance}/raiseEvent/{name}", json.dumps(payload))
        host.clock.advance(60 - now)
        for serial in range(len(programs)):
            code, state = api.status(f"p{serial}", "?showHistory=true&showHistoryOutput=true")
            events_seen: list[Any] = judge.events(state, begin / 1e6) if code != 400 else []
            results[f"p{serial}"] = [
                *(timeless(state[key]) for key in ("runtimeStatus", "customStatus", "output")),
                sorted(timeless(json.dumps(item, sort_keys=True)) for item in events_seen),
            ]
    return results


@pytest.fixture(scope="module")
def programs() -> list[Program]:
    chance = random.Random(int(os.environ.get("FLOWBRIDGE_SEED", "11")))
    return [random_program(chance, serial) for serial in range(COUNT)]


@pytest.mark.parametrize("lenient", [True, False])
def test_every_policy_leaves_the_same_history(
    tmp_path: Path, lenient: bool, programs: list[Program], judge: Any
) -> None:
    always = play(tmp_path / "always", programs, judge, lenient=lenient, replay="always")
    check = play(tmp_path / "check", programs, judge, lenient=lenient, replay="check")
    never = play(tmp_path / "never", programs, judge, lenient=lenient, replay="never")
    assert check == always
    assert never == always
    statuses = {result[0] for result in always.values()}
    assert "Completed" in statuses
    assert lenient or "Failed" in statuses


def test_instances_that_are_let_go_of_come_back(
    tmp_path: Path, programs: list[Program], judge: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With room for next to nothing in memory, each episode begins with a load from the store."""
    roomy = play(tmp_path / "roomy", programs, judge, lenient=True)
    monkeypatch.setattr(instances, "ALIVE", 1)
    monkeypatch.setattr(instances, "CACHED", 2)
    assert play(tmp_path / "narrow", programs, judge, lenient=True) == roomy


def picture(shim: Shim) -> dict[str, Any]:
    context = shim.context
    return {
        "open": sorted((task, item.kind, item.name) for task, item in context.open.items()),
        "waits": {key: [wait.name for wait in waits] for key, waits in context.waits.items()},
        "buffered": {key: list(queue) for key, queue in context.buffered.items()},
        "place": (shim.position, shim.returned, shim.blocked, shim.failure, shim.output, context.next_id),
        "flags": (context.suspended, context.ended, context.again is not None),
    }


def test_a_kept_shim_stands_where_a_fresh_one_does(
    tmp_path: Path, programs: list[Program], judge: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, compared = episode.run, 0

    def compared_run(stage: Stage, at: Execution, now: int) -> Outcome:
        nonlocal compared
        past = at.past()
        outcome = run(stage, at, now)
        if outcome.live is not None:
            fresh = Shim(at.execution, stage.rules)
            seen = [event for event in outcome.events if event["EventType"] not in (4, 7, 10)]
            fresh.replay(outcome.live.shim.answer, [*past, *seen])
            assert picture(fresh) == picture(outcome.live.shim)
            assert sorted(fresh.context.pending) == [item.task for item in outcome.scheduled]
            compared += 1
        return outcome

    monkeypatch.setattr(episode, "run", compared_run)
    results = play(tmp_path, programs, judge, lenient=True)
    assert not any("could not run this episode" in str(result[2]) for result in results.values())
    assert compared > 2 * COUNT
