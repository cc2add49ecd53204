"""Scenarios on a virtual clock: every one of them runs at the same time in one host, over its real HTTP API."""

import importlib.util
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from flowbridge.host.clock import MICROS
from flowbridge.host.options import HostOptions
from flowbridge.host.server import RunningHost, running

TRUTH = Path(__file__).parent / "truth"
Scenario = dict[str, Any]
Play = Callable[[list[Scenario], float, dict[str, Any]], dict[str, Any]]


def load(path: Path, name: str) -> ModuleType:
    """A module by path."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


run_py = load(TRUTH / "run.py", "truth_run")


@pytest.fixture(scope="session")
def judge() -> ModuleType:
    """The judges' own runner."""
    return run_py


@pytest.fixture(scope="session")
def scenarios() -> list[Scenario]:
    """What is started, and which events come when."""
    return json.loads((TRUTH / "scenarios.json").read_text())["scenarios"]


@pytest.fixture(scope="session")
def truth() -> dict[str, Any]:
    """What came of each scenario on the real extension."""
    return json.loads((TRUTH / "truth.json").read_text())


@pytest.fixture(scope="session")
def compare() -> Callable[[str, Any, Any], list[str]]:
    """The judges' own comparison: what differs, as lines of text."""
    return run_py.compare


def app_folder(folder: Path) -> Path:
    """The scenarios' app, with room for all of their activities at one time."""
    folder.mkdir()
    shutil.copy(TRUTH / "function_app.py", folder)
    durable = {"maxConcurrentActivityFunctions": 300, "hubName": "Hub"}
    (folder / "host.json").write_text(json.dumps({"version": "2.0", "extensions": {"durableTask": durable}}))
    return folder


@pytest.fixture(scope="session")
def play(tmp_path_factory: pytest.TempPathFactory) -> Play:
    """Run scenarios in units of so many seconds, on a host with the given options; gives each one's outcome."""

    def run(chosen: list[Scenario], unit: float, options: dict[str, Any]) -> dict[str, Any]:
        folder = tmp_path_factory.mktemp("host")
        app = app_folder(folder / "app")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DAY", str(unit if unit > 1 else 1))
            with running(HostOptions(app, folder / "data", port=0, speed=0, **options)) as host:
                patch.setattr(sys.modules["function_app"], "time", SimpleNamespace(sleep=host.clock.sleep))
                return Stagehand(host, unit).run(chosen)

    return run


class Stagehand:
    """Starts the scenarios, moves the clock, does what comes when, and notes the outcomes."""

    def __init__(self, host: RunningHost, unit: float) -> None:
        self.clock = host.clock
        self.api = run_py.Api(f"{host.base_url}/runtime/webhooks/durabletask")
        self.unit = unit
        self.said: dict[str, list[Any]] = {}
        self.looks: dict[str, list[Any]] = {}

    def run(self, chosen: list[Scenario]) -> dict[str, Any]:
        begin = self.clock.now()
        todo: list[tuple[float, int, Scenario, list[Any]]] = []
        results: dict[str, Any] = {}
        for scenario in chosen:
            name = scenario["name"]
            code, text = self.api.call("POST", f"/orchestrators/{scenario['run']}/{name}", body(scenario))
            if code != 202:
                results[name] = {"start": code, "body": text}
                continue
            for at, *step in scenario.get("steps", []):
                todo.append((at, 0, scenario, step))
            for at in scenario.get("look", []):
                todo.append((at, 1, scenario, ["look", at]))
            todo.append((scenario.get("limit", 20), 2, scenario, ["end"]))
        for at, _, scenario, step in sorted(todo, key=lambda item: item[:2]):
            ahead = begin + int(at * self.unit * MICROS) - self.clock.now()
            if ahead > 0:
                self.clock.advance(ahead / MICROS)
            if step == ["end"]:
                results[scenario["name"]] = self.outcome(scenario, begin / MICROS)
            else:
                self.perform(scenario["name"], step)
        return results

    def perform(self, name: str, step: list[Any]) -> None:
        verb, *rest = [part.replace("{id}", name) if isinstance(part, str) else part for part in step]
        if verb == "look":
            self.looks.setdefault(name, []).append({"at": rest[0], **run_py.outcome(self.api.status(name)[1])})
            return
        if verb.startswith("raise"):
            target = rest.pop(0) if verb == "raise_at" else name
            text = rest[1] if verb == "raise_text" else json.dumps(rest[1])
            path = f"/instances/{target}/raiseEvent/{rest[0]}"
        else:
            text, path = None, f"/instances/{name}/{verb}?reason={rest[0].replace(' ', '%20')}"
        self.said.setdefault(name, []).append([verb, self.api.call("POST", path, text)[0]])

    def outcome(self, scenario: Scenario, begin: float) -> dict[str, Any]:
        name = scenario["name"]
        code, full = self.api.status(name, "?showHistory=true&showHistoryOutput=true")
        out = run_py.outcome(self.api.status(name)[1])
        events = run_py.events(full, begin) if full and "historyEvents" in full else {"status": code}
        if out["runtimeStatus"] in run_py.DONE:
            last = full["historyEvents"][-1].get("Timestamp") if full and "historyEvents" in full else None
            out["ended"] = None if last is None else round(run_py.since(last, begin) / self.unit, 1)
        if name in self.said:
            out["replies"] = self.said[name]
        if name in self.looks:
            out["looks"] = self.looks[name]
        if "also" in scenario:
            ids = {also: also.replace("{id}", name) for also in scenario["also"]}
            out["also"] = {also: run_py.outcome(self.api.status(there)[1]) for also, there in ids.items()}
        out["history"] = events
        if "fill" in scenario:
            out = json.loads(json.dumps(out).replace("x" * scenario["fill"], f"<{scenario['fill']} x>"))
        return out


def body(scenario: Scenario) -> str:
    """What is posted to start it."""
    if "input_text" in scenario:
        return scenario["input_text"]
    if "input" not in scenario:
        return ""
    value = {"value": "x" * scenario["fill"]} if "fill" in scenario else scenario["input"]
    return json.dumps(value)
