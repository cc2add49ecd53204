"""The surface lock: the seven changes that break flows are told, and whatever else may change passes."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from flowbridge.cli import cli
from flowbridge.compiler import compile_app
from flowbridge.emit.surface import breaks, read_lock, surface

ROOT = Path(__file__).resolve().parents[3]
START, STATUS = "/api/data_processing/start", "/api/data_processing/instances/{instanceId}"
Node = dict[str, Any]


@pytest.fixture(scope="module")
def definition() -> Node:
    files = {one.path: one.content for one in compile_app(ROOT / "spec" / "data_processing.yaml").connector}
    lock = read_lock(files["surface.lock"])
    made = json.loads(files["apiDefinition.swagger.json"])
    assert lock == surface(made)
    return made


def output(d: Node) -> Node:
    return d["definitions"]["GetDataProcessingStatusResult"]["properties"]["output"]["properties"]


def body(d: Node) -> Node:
    return d["definitions"]["StartDataProcessingBody"]


def move(d: Node) -> None:
    d["paths"]["/api/data_processing/instances"]["get"]["parameters"][0]["in"] = "header"


BREAKING: list[tuple[str, Callable[[Node], object]]] = [
    ("operation deleted", lambda d: d["paths"][STATUS].pop("get")),
    ("operation deleted", lambda d: d["paths"][START]["post"].update(operationId="StartIt")),
    ("path changed", lambda d: d["paths"].update({"/api/go": d["paths"].pop(START)})),
    ("parameter moved", move),
    ("required input added", lambda d: body(d)["required"].append("instanceId")),
    (
        "required input added",
        lambda d: (body(d)["properties"].update(x={"type": "string"}), body(d)["required"].append("x")),
    ),
    ("output deleted", lambda d: output(d).pop("reportPath")),
    ("output type changed", lambda d: output(d)["reportPath"].update(type="boolean")),
    ("output format changed", lambda d: output(d)["recordsProcessed"].update(format="int32")),
    ("output format changed", lambda d: output(d)["reportPath"].update(format="uri")),
]
HARMLESS: list[Callable[[Node], object]] = [
    lambda d: body(d)["properties"].update(x={"type": "string"}),
    lambda d: body(d)["required"].remove("recordCount"),
    lambda d: output(d).update(x={"type": "string"}),
    lambda d: d["paths"][START]["post"].update(summary="Begin"),
    lambda d: d["paths"].update({"/api/x": {"get": {**d["paths"][STATUS]["get"], "operationId": "X"}}}),
    lambda d: output(d)["status"].update(enum=["New"]),
]


@pytest.mark.parametrize(("kind", "change"), BREAKING)
def test_a_breaking_change_is_told(definition: Node, kind: str, change: Callable[[Node], object]) -> None:
    changed = copy.deepcopy(definition)
    change(changed)
    found = breaks(surface(definition), surface(changed))
    assert {one.kind for one in found} == {kind}, found


def test_there_are_seven_kinds() -> None:
    assert len({kind for kind, _ in BREAKING}) == 7


@pytest.mark.parametrize("change", HARMLESS)
def test_other_changes_pass(definition: Node, change: Callable[[Node], object]) -> None:
    changed = copy.deepcopy(definition)
    change(changed)
    assert changed != definition
    assert breaks(surface(definition), surface(changed)) == ()


def test_what_a_trigger_gives_is_part_of_the_surface(definition: Node) -> None:
    operations: Any = surface(definition)["operations"]
    assert operations["WhenDataProcessingFinished"]["outputs"]["output.status"] == "string"
    assert operations["RunDataProcessingAndWait"]["inputs"]["callbackUrl"] == {"in": "body", "required": True}


def test_a_build_that_breaks_flows_fails_and_writes_nothing(tmp_path: Path) -> None:
    text = """\
workflow: greet
version: 1
title: Greet
description: Greets whoever is named here.
input: {name: string}
output: {text: string}
steps:
  - return: {text: '${input.name}'}
"""
    spec = tmp_path / "spec" / "greet.yaml"
    spec.parent.mkdir()
    spec.write_text(text)
    arguments = ["build", str(spec), "--out", str(tmp_path)]
    runner = CliRunner()
    assert runner.invoke(cli, arguments).exit_code == 0
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path != spec}
    spec.write_text(text.replace("{name: string}", "{name: string, age: integer}"))
    result = runner.invoke(cli, arguments)
    assert result.exit_code == 1
    assert "StartGreet: the input age is new and required" in result.output
    assert "RunGreetAndWait: the input age is new and required" in result.output
    assert "_V2" in result.output
    assert {path: path.read_bytes() for path in before} == before
    assert runner.invoke(cli, [*arguments, "--break-flows"]).exit_code == 0
    assert runner.invoke(cli, arguments).exit_code == 0


def test_a_connector_definition_is_checked_on_the_command_line(tmp_path: Path, definition: Node) -> None:
    path = tmp_path / "apiDefinition.swagger.json"
    path.write_text(json.dumps(definition))
    sound = CliRunner().invoke(cli, ["lint-connector", str(path)])
    assert sound.exit_code == 0
    assert "0 errors and 3 warnings" in sound.output
    path.write_text(json.dumps({**definition, "schemes": ["ftp"]}))
    broken = CliRunner().invoke(cli, ["lint-connector", str(path), "--format", "json"])
    assert broken.exit_code == 1
    told = json.loads(broken.stdout)
    assert [one["rule"] for one in told if one["severity"] == "error"] == ["SchemeNotValid"]
    assert told[0]["basis"]
