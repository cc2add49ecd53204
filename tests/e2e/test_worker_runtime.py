"""Microsoft's own worker runtime, on Python 3.13, indexes the generated app and runs its functions.

Its environment is made once, in `.venv-313` beside the checkout's own, and kept. Where there is no Python 3.13, or the
packages cannot be had, the tests are skipped and say so.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import ROOT
from tests.e2e.conftest import records

ENVIRONMENT = ROOT / ".venv-313"
PACKAGES = ("azure-functions-runtime==1.3.0", "azure-functions-durable>=1.7,<2", "jsonschema>=4.23,<5")
PROBE = Path(__file__).with_name("worker_probe.py")
BEGIN = "2026-01-01T00:00:00.0000000Z"


def candidates() -> Iterator[str]:
    """Where a Python 3.13 may be."""
    if given := os.environ.get("FLOWBRIDGE_PYTHON313"):
        yield given
    if found := shutil.which("python3.13"):
        yield found
    yield from map(str, sorted(Path.home().glob(".pyenv/versions/3.13*/bin/python"), reverse=True))


def runs(python: str, code: str = "import sys; sys.exit(sys.version_info[:2] != (3, 13))") -> bool:
    """Whether a Python runs and does as it is told."""
    try:
        return subprocess.run([python, "-c", code], capture_output=True, timeout=60).returncode == 0
    except OSError:
        return False


@pytest.fixture(scope="module")
def python313(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A Python 3.13 with the worker runtime."""
    python = str(ENVIRONMENT / "bin" / "python")
    ready = "import azure_functions_runtime, azure.durable_functions, jsonschema"
    if runs(python, ready):
        return python
    base = next((one for one in candidates() if runs(one)), None)
    if base is None:
        pytest.skip("there is no Python 3.13 (FLOWBRIDGE_PYTHON313, python3.13 on the PATH, ~/.pyenv)")
    draft = ENVIRONMENT.with_name(f".venv-313-{os.getpid()}")
    try:
        subprocess.run([base, "-m", "venv", draft], check=True, capture_output=True)
        install = [
            draft / "bin" / "python",
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            *PACKAGES,
        ]
        done = subprocess.run(install, capture_output=True, text=True, timeout=300)
        if done.returncode:
            pytest.skip(f"the worker runtime cannot be installed: {done.stderr.strip().splitlines()[-1]}")
        with contextlib.suppress(OSError):
            draft.rename(ENVIRONMENT)  # unless another run was quicker
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    assert runs(python, ready)
    return python


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of 60 records."""
    path = tmp_path_factory.mktemp("source") / "orders.csv"
    path.write_text(records(60), encoding="utf-8")
    return path


def activity(function: str, payload: object) -> dict[str, Any]:
    """A call of an activity, as the durable extension makes it."""
    return {"function": function, "inputs": {"payload": {"type": "string", "value": json.dumps(payload)}}}


def event(kind: int, number: int = -1, **more: Any) -> dict[str, Any]:
    """An event of a history."""
    return {"EventType": kind, "EventId": number, "IsPlayed": False, "Timestamp": BEGIN, **more}


def episode(function: str, given: object, *events: dict[str, Any]) -> dict[str, Any]:
    """An episode of an orchestrator, as the durable extension asks for it."""
    started = event(0, Name=function, Input=json.dumps(given), Version="", Tags=None)
    body = {
        "history": [event(12), started, *events],
        "input": given,
        "instanceId": "one",
        "isReplaying": False,
        "parentInstanceId": None,
        "upperSchemaVersion": 1,
        "upperSchemaVersionNew": 2,
        "longRunningTimerIntervalDuration": "3.00:00:00",
        "maximumShortTimerDuration": "6.00:00:00",
        "defaultHttpAsyncRequestSleepTimeMillseconds": 30000,
    }
    return {"function": function, "inputs": {"context": {"type": "string", "value": json.dumps(body)}}}


def request(body: str) -> dict[str, Any]:
    """A Start request."""
    http = {"type": "http", "method": "POST", "url": "http://127.0.0.1/api/data_processing/start", "body": body}
    urls = {"statusQueryGetUri": "http://127.0.0.1:1/instances/INSTANCEID"}
    client = {
        "taskHubName": "Hub",
        "creationUrls": {"createNewInstancePostUri": "http://127.0.0.1:1/orchestrators/{functionName}"},
        "managementUrls": {"id": "INSTANCEID", **urls},
        "rpcBaseUrl": "http://127.0.0.1:1/durabletask/",
    }
    inputs = {
        "req": http,
        "client": {"type": "string", "value": json.dumps(client)},
    }
    return {"function": "data_processing_start", "inputs": inputs}


@pytest.fixture(scope="module")
def outcome(python313: str, flagship_app: Path, source: Path, reports: Path) -> dict[str, Any]:
    """What the worker made of the app, and of one job after the other."""
    given = {"dataSource": str(source), "recordCount": 60}
    start = {"input": {**given, "requestedBy": "ada@example.com"}, "token": "t"}
    batch = {"number": 2, "firstRecord": 26, "recordCount": 25}
    checked: dict[str, Any] = {"ok": True, "value": {"valid": True, "recordCount": 60, "problems": []}}
    answered = (
        event(4, 0, Name="validate_input", Version="", Input=None),
        event(13),
        event(12),
        event(5, TaskScheduledId=0, Result=json.dumps(checked)),
    )
    jobs = [
        activity("validate_input", given),
        activity("process_batch", {"dataSource": str(source), "batch": batch}),
        activity("process_batch", {"dataSource": "/nowhere.csv", "batch": batch}),
        episode("data_processing", start),
        episode("data_processing", start, *answered),
        request('{"recordCount": "x"}'),
    ]
    app = flagship_app.parent / "for the worker"
    shutil.copytree(flagship_app, app, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [python313, PROBE, app], input=json.dumps(jobs), capture_output=True, text=True, timeout=120, env=environment
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def result(outcome: dict[str, Any], number: int) -> Any:
    """The value of a job, which must have gone well."""
    one = outcome["results"][number]
    assert one["ok"], one["error"]
    return one["value"]


def test_the_worker_indexes_every_function(outcome: dict[str, Any]) -> None:
    assert "failed" not in outcome, outcome
    kinds = {one["name"]: {binding["type"] for binding in one["bindings"]} for one in outcome["functions"]}
    assert "orchestrationTrigger" in kinds["data_processing"]
    assert "orchestrationTrigger" in kinds["data_processing_processed"]
    activities = {"validate_input", "split_into_batches", "process_batch", "generate_report", "finalize"}
    assert all("activityTrigger" in kinds[name] for name in activities)
    operations = ("start", "get_status", "raise_approval", "terminate", "purge")
    assert all({"httpTrigger", "durableClient"} <= kinds[f"data_processing_{one}"] for one in operations)
    assert len(kinds) >= 12


def test_every_name_is_one_that_the_host_accepts(outcome: dict[str, Any]) -> None:
    for one in outcome["functions"]:
        assert re.fullmatch(r"[a-z][a-z0-9_-]{0,127}", one["name"])
        for binding in one["bindings"]:
            assert re.fullmatch(r"[a-zA-Z][a-zA-Z0-9]{0,127}|\$return", binding["name"]), binding


def test_every_http_function_asks_for_a_function_key(outcome: dict[str, Any]) -> None:
    triggers = [
        binding for one in outcome["functions"] for binding in one["bindings"] if binding["type"] == "httpTrigger"
    ]
    assert len(triggers) >= 5
    # The platform sends no key when it ends a subscription: the token in the path is the authority.
    without = {one["route"] for one in triggers if str(one["authLevel"]).upper() != "FUNCTION"}
    assert without == {one["route"] for one in triggers if one["route"].endswith("/{token}")}
    assert all(one["methods"] == ["DELETE"] for one in triggers if one["route"] in without)


def test_the_worker_runs_activities(outcome: dict[str, Any]) -> None:
    checked, processed, failed = (json.loads(result(outcome, number)) for number in range(3))
    assert checked == {"ok": True, "value": {"valid": True, "recordCount": 60, "problems": []}}
    assert (processed["ok"], processed["value"]["number"], processed["value"]["recordsProcessed"]) == (True, 2, 22)
    assert (failed["ok"], failed["error"]["code"]) == (False, "SourceUnavailable")


def test_the_worker_runs_episodes_of_the_orchestrator(outcome: dict[str, Any]) -> None:
    first, second = (json.loads(result(outcome, number)) for number in (3, 4))
    assert (first["isDone"], first["schemaVersion"], first["customStatus"]["step"]) == (False, 2, "checked")
    assert [one["functionName"] for one in first["actions"][0]] == ["validate_input"]
    assert [one["functionName"] for one in second["actions"][0]] == ["validate_input", "split_into_batches"]
    assert second["customStatus"]["step"] == "batches"


def test_the_worker_runs_http_functions(outcome: dict[str, Any]) -> None:
    answered = result(outcome, 5)
    assert answered["status"] == 400
    problems = json.loads(answered["body"])["error"]["problems"]
    assert [one["pointer"] for one in problems] == ["/dataSource", "/recordCount", "/requestedBy"]
