"""The examples of spec/examples: each compiles clean into clean code, and does on the local host what it says."""

from __future__ import annotations

import importlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, assert_never

import pytest
from tests.conftest import ROOT, Caller, Operations
from tests.examples.scenario import Act, Answer, Event, Pass, Reminded, Scenario, Shown

from flowbridge.checker import check_path, workflow_files
from flowbridge.compiler import compile_app
from flowbridge.host.options import HostOptions
from flowbridge.host.server import HandClock, RunningHost, running
from flowbridge.runtime.announce import ANNOUNCE
from flowbridge.write import write

EXAMPLES = ROOT / "spec" / "examples"
NAMES = sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir())
SCENARIOS = {
    path.stem: tuple[Scenario, ...](importlib.import_module(f"tests.examples.scenarios.{path.stem}").SCENARIOS)
    for path in sorted((Path(__file__).parent / "scenarios").glob("*.py"))
}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The app of an example, compiled once, in a folder beside those of the others."""
    folder = tmp_path_factory.mktemp("examples")

    @cache
    def build(name: str) -> Path:
        write(compile_app(EXAMPLES / name).app, folder / name)
        return folder / name

    return build


@pytest.fixture(scope="session")
def apps(built: Callable[[str], Path]) -> Path:
    """The folder with the apps of all examples."""
    for name in NAMES:
        built(name)
    return built(NAMES[0]).parent


@pytest.fixture(scope="module")
def host(
    built: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[RunningHost]:
    """A host for all scenarios of one example; its clock moves only when it is told to."""
    data = tmp_path_factory.mktemp("data")
    with running(HostOptions(built(request.param), data, port=0, speed=0.0, durable=False)) as made:
        yield made


def test_every_example_has_scenarios() -> None:
    """At least one way to an output, and one to an error or to a refusal."""
    assert list(SCENARIOS) == NAMES
    for name, scenarios in SCENARIOS.items():
        ends = {one.error is None and one.refused is None for one in scenarios}
        assert ends == {True, False}, name


@pytest.mark.parametrize("name", NAMES)
def test_compiles_clean(name: str) -> None:
    """Without an error, and without a warning; nothing in it is silenced."""
    assert check_path(EXAMPLES / name, release=True).warnings == ()
    (file,) = workflow_files(EXAMPLES / name)
    text = file.read_text(encoding="utf-8")
    assert file.stem == name
    assert text.startswith("# yaml-language-server: $schema=../../workflow.schema.json\n")
    assert "flowbridge: ignore" not in text


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=["linted", "formatted"])
def test_generated_code_is_clean(apps: Path, command: list[str]) -> None:
    """As it falls out of the compiler; each app has the settings for the tools beside it."""
    _clean([sys.executable, "-m", "ruff", *command, "--no-cache", str(apps)], apps)


def test_generated_code_is_typed(apps: Path, tmp_path: Path) -> None:
    """In strict mode; as what the apps have in common is the same in all of them, they are laid over each other."""
    for name in NAMES:
        for path in (apps / name).rglob("*.py"):
            target = tmp_path / path.relative_to(apps / name)
            if "runtime" not in target.parts and target.name != "function_app.py":
                assert not target.exists(), f"two examples have {target.relative_to(tmp_path)}"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    settings = {"typeCheckingMode": "strict", "pythonVersion": "3.11"}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    _clean([sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "-p", str(tmp_path)], tmp_path)


def _clean(command: list[str], folder: Path) -> None:
    if "pyright" in command and shutil.which("node") is None:
        pytest.skip("pyright needs node, and there is none")
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("host", "scenario"),
    [
        pytest.param(name, scenario, id=f"{name}-{scenario.name}")
        for name, scenarios in SCENARIOS.items()
        for scenario in scenarios
    ],
    indirect=["host"],
)
def test_runs(host: RunningHost, scenario: Scenario, tmp_path: Path) -> None:
    """Start, what happens from outside, and the end, all over HTTP."""
    operations = Operations(Caller(host.base_url, host.function_key), host.host.options.app_dir.name)
    given = scenario.given(tmp_path) if callable(scenario.given) else scenario.given
    if scenario.refused is not None:
        reply = operations.try_start(given)
        assert (reply.status, reply.body["error"]["code"]) == (400, scenario.refused), reply
        return
    instance = operations.start(given)
    host.clock.advance(0)
    for act in scenario.acts:
        _act(act, operations, instance, host.clock)
    status = operations.status(instance)
    expected = "Completed" if scenario.error is None else "Failed"
    assert status["runtimeStatus"] == expected, status
    assert status.get("output") == scenario.output
    shown: dict[str, Any] = status.get("error", {})
    assert {name: shown.get(name) for name in scenario.error or {}} == (scenario.error or {})
    _behind(operations, instance, scenario)


def _act(act: Act, operations: Operations, instance: str, clock: HandClock) -> None:
    match act:
        case Answer(approval, responder, decision, result, comments, form, status):
            more = {name: one for name, one in (("comments", comments), ("form", form)) if one is not None}
            reply = operations.answer(instance, decision, approval, responder=responder, **more)
            assert reply.status == status, reply
            assert status != 200 or reply.body["result"] == result, reply
            clock.advance(0)
        case Event(name, payload, result, status):
            path = f"{operations.path(instance)}/events/{name}"
            reply = operations.caller.call("POST", path, payload)
            assert reply.status == status, reply
            assert status != 200 or reply.body["result"] == result, reply
            clock.advance(0)
        case Pass(seconds):
            clock.advance(seconds)
        case Shown(fields):
            found = operations.status(instance)
            assert {name: found.get(name) for name in fields} == fields, found
        case Reminded(approval, times):
            assert operations.engine(instance)["customStatus"]["waiting"][approval]["reminders"] == times
        case _:
            assert_never(act)


def _behind(operations: Operations, instance: str, scenario: Scenario) -> None:
    """What the engine's history tells of the calls that were made."""
    own = operations.engine(instance)
    family = [operations.engine(one["instanceId"]) for one in operations.family(instance)]
    called = [event["FunctionName"] for one in family for event in one["historyEvents"] if _is_call(event)]
    assert {name: called.count(name) for name in scenario.calls} == dict(scenario.calls)
    if scenario.order:
        names = [event["FunctionName"] for event in own["historyEvents"] if _is_call(event)]
        assert names[-len(scenario.order) :] == list(scenario.order)
    if scenario.seconds is not None:
        begun, ended = (datetime.fromisoformat(own[name]) for name in ("createdTime", "lastUpdatedTime"))
        assert (ended - begun).total_seconds() == pytest.approx(scenario.seconds, abs=0.01)


def _is_call(event: dict[str, Any]) -> bool:
    """Whether a call of the workflow's own is told; what it announces to the connector's subscribers is none."""
    kinds = ("TaskScheduled", "TaskCompleted", "TaskFailed")
    return event["EventType"] in kinds and event.get("FunctionName", ANNOUNCE.name) != ANNOUNCE.name
