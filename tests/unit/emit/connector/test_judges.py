"""The judges that are Python libraries accept every connector: Microsoft's schemas, two public validators, our lint."""

from __future__ import annotations

import json

import pytest
from tests.judges.connectors import NAMES, connector
from tests.judges.verdicts import SCHEMAS, microsofts_schema_finds, validators_find

from flowbridge.lint import lint_text


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("file", SCHEMAS)
def test_microsofts_schemas_accept(name: str, file: str) -> None:
    assert microsofts_schema_finds(file, connector(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_public_validators_accept(name: str) -> None:
    assert validators_find(connector(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_our_own_lint_accepts(name: str) -> None:
    found = lint_text(connector(name)["apiDefinition.swagger.json"])
    # Who publishes a connector at Microsoft fills its metadata in; no workflow can know it.
    assert [str(one) for one in found if one.rule != "ConnectorMetadataPropertiesMissing"] == []


@pytest.fixture
def broken() -> dict[str, bytes]:
    """A connector with an operation that lacks a parameter of its path, and has a visibility that there is not."""
    files = dict(connector(NAMES[0]))
    definition = json.loads(files["apiDefinition.swagger.json"])
    operation = next(item["get"] for path, item in definition["paths"].items() if path.endswith("/{instanceId}"))
    operation.update({"parameters": [], "x-ms-visibility": "seen"})
    return {**files, "apiDefinition.swagger.json": json.dumps(definition).encode()}


def test_both_public_validators_find_a_defect(broken: dict[str, bytes]) -> None:
    assert len(validators_find(broken)) > 1


def test_microsofts_schema_finds_a_defect(broken: dict[str, bytes]) -> None:
    assert microsofts_schema_finds("apiDefinition.swagger", broken) != []


def test_the_settings_of_an_app_are_in_what_is_judged() -> None:
    definitions = {
        name: json.loads(connector(f"settings/{name}")["apiDefinition.swagger.json"])
        for name in ("signed_in", "fixed_host", "both")
    }
    signed = {name: one["securityDefinitions"] for name, one in definitions.items()}
    assert {name: [each["type"] for each in one.values()] for name, one in signed.items()} == {
        "signed_in": ["oauth2"],
        "fixed_host": ["apiKey"],
        "both": ["oauth2"],
    }
    assert definitions["fixed_host"]["host"] == definitions["both"]["host"] == "contoso-invoices.azurewebsites.net"
