"""schemathesis drives the running host through every operation of a definition: answers conform, and none is 5xx.

It runs from `.judges`, or from the path in FLOWBRIDGE_SCHEMATHESIS, always with the same seed and so many cases; with
FLOWBRIDGE_SCHEMATHESIS_SECONDS for so long, and with a seed of its own. All its checks are on but two:

- `unsupported_method` wants 405 where the Functions host answers 404 (azure-functions-host#10098).
- `content_type_conformance` wants a type even of the 401 that the Functions host answers without a body. What it is for
  is looked at here: every answer that has a body is JSON.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.conftest import Caller, Operations, build
from tests.e2e.connector.judged import Schema, judged, operations
from tests.judges.found import found

from flowbridge.host.options import HostOptions
from flowbridge.host.server import RunningHost, running

SECONDS = os.environ.get("FLOWBRIDGE_SCHEMATHESIS_SECONDS")
CASES = 8
"""How many cases are made up for an operation, beside those that its schema calls for."""
SHARE = 0.6
"""How often an operation is called on an instance that there is; else on whatever the judge thinks of."""
SPEC = Path(__file__).with_name("claim.yaml")
WAITS: Schema = {"reference": "AB", "amount": 5, "persons": 1, "nested": {"inner": {}}}
ENDS: Schema = {**WAITS, "quick": True}


@dataclass(frozen=True)
class Stage(Operations):
    """The workflow on a running host, its definition as it is judged, and instances in every state."""

    host: RunningHost
    definition: Schema

    def instances(self) -> dict[str, list[str]]:
        """Ids for each operation: of instances that it is for, enough to use them up, or new ones for a start."""
        made = dict[str, list[str]]()
        for path, method, operation in operations(self.definition):
            if path.endswith(("/start", "/run-and-wait")):
                made[operation["operationId"]] = [f"{method}-{len(made)}-{number}" for number in range(200)]
            elif "{instanceId}" in path:
                make = self._maker(method, path.partition("{instanceId}")[2])
                made[operation["operationId"]] = [make() for _ in range(12)]
        return made

    def _maker(self, method: str, tail: str) -> Callable[[], str]:
        if (method, tail) == ("delete", ""):
            return self._over
        if tail == "/resume":
            return self._held
        return self._past_approval if tail.startswith("/events/") else self._at_approval

    def _at_approval(self) -> str:
        instance = self.start(WAITS)
        self.waiting(instance)
        return instance

    def _past_approval(self) -> str:
        instance = self._at_approval()
        reply = self.answer(instance, "Pay", "assessment", responder="ada@example.com", form={"share": 50})
        assert reply.status == 200, reply
        return instance

    def _held(self) -> str:
        instance = self._at_approval()
        assert self.caller.call("POST", f"{self.path(instance)}/suspend").status == 200
        return instance

    def _over(self) -> str:
        instance = self.start(ENDS)
        self.ended(instance)
        return instance


@pytest.fixture
def stage(flows: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("claim")
    files = {one.path: one.content for one in build(SPEC, folder / "generated").connector}
    with running(HostOptions(folder / "generated", folder / "data", port=0, speed=0, durable=False)) as host:
        caller = Caller(host.base_url, host.function_key)
        values = {
            "callbackUrl": [flows.hook().url, flows.hook().url],
            "continuationToken": [next_page(Operations(caller, "claim"))],
            "status": ["Running", "Suspended", "Completed", "Failed", "Terminated"],
        }
        definition = judged(json.loads(files["apiDefinition.swagger.json"]), values)
        yield Stage(caller, "claim", host, definition)


def next_page(workflow: Operations) -> str:
    """A token with which a list goes on."""
    for _ in range(2):
        workflow.start(ENDS)
    reply = workflow.caller.call("GET", f"/api/{workflow.workflow}/instances?top=1")
    return str(reply.body["continuationToken"])


def settings(instances: Mapping[str, Sequence[str]]) -> str:
    """The judge's settings: what instances there are for which operation, and what it need not try."""
    # An instance that has ended refuses what is sent to it, however good that is.
    refusals = ["2xx", "401", "404", "409", "410"]
    lines = ["[checks.positive_data_acceptance]", f"expected-statuses = {json.dumps(refusals)}"]
    lines += ["[phases.coverage]", "unexpected-methods = []"]
    for name, ids in instances.items():
        lines += [f"[dictionaries.{name}]", f"values = {json.dumps(ids)}"]
    for name in instances:
        lines += ["[[operations]]", f'include-operation-id = "{name}"', "[operations.parameters]"]
        given = f'= {{ dictionary = "{name}", probability = {SHARE} }}'
        lines += [f'"{place}.instanceId" {given}' for place in ("path", "body")]
    return "\n".join(lines) + "\n"


def drive(program: Path, host: RunningHost, folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs the judge on `definition.json`, with its settings, in a folder; it leaves `requests.har` there."""
    command = [str(program), "--config-file", "settings.toml", "run", "definition.json", "--url", host.base_url]
    command += ["-H", f"x-functions-key: {host.function_key}"]
    command += ["--max-time", SECONDS] if SECONDS else ["--max-examples", str(CASES), "--seed", "6"]
    command += ["--checks", "all", "--exclude-checks", "unsupported_method,content_type_conformance"]
    command += ["--continue-on-failure", "--generation-database", "none", "--output-sanitize", "false", "--no-color"]
    command += ["--report", "har", "--report-har-path", "requests.har"]
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    limit = 600 + 2 * int(SECONDS or 0)
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=limit)


@dataclass
class Tally:
    """What was answered, counted by operation and status, and the answers whose body is not JSON."""

    answers: dict[str, Counter[int]]
    strange: list[str] = field(default_factory=list[str])

    @staticmethod
    def of(definition: Schema, archive: Path) -> Tally:
        """Reads the archive of all requests."""
        routes: list[tuple[str, re.Pattern[str], str]] = [
            (method.upper(), re.compile(re.sub(r"\{[^}]*\}", "[^/]+", path)), operation["operationId"])
            for path, method, operation in operations(definition)
        ]
        made = Tally({name: Counter() for *_, name in routes})
        for entry in json.loads(archive.read_bytes())["log"]["entries"]:
            request, response = entry["request"], entry["response"]
            path = urlsplit(str(request["url"])).path
            for method, pattern, name in routes:
                if method == request["method"] and pattern.fullmatch(path):
                    made.answers[name][response["status"]] += 1
                    break
            content = response["content"]
            if content.get("size") and not content["mimeType"].startswith("application/json"):
                made.strange.append(f"{request['method']} {path}: {response['status']} {content['mimeType']}")
        return made


def test_every_operation_answers_as_the_definition_says(stage: Stage, tmp_path: Path) -> None:
    program = found("schemathesis", "FLOWBRIDGE_SCHEMATHESIS", "bin/schemathesis")
    (tmp_path / "definition.json").write_text(json.dumps(stage.definition))
    (tmp_path / "settings.toml").write_text(settings(stage.instances()))
    result = drive(program, stage.host, tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
    tally = Tally.of(stage.definition, tmp_path / "requests.har")
    assert tally.strange == []
    for name, statuses in tally.answers.items():
        assert {200, 201} & set(statuses), f"{name} was never answered well: {statuses}"
    print(f"{len(tally.answers)} operations", {n: dict(one) for n, one in tally.answers.items()})
