"""What the judges that are Python libraries find in the files of a connector."""

from __future__ import annotations

import importlib
import json
import os
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest
from jsonschema import Draft4Validator, Draft7Validator
from openapi_spec_validator import OpenAPIV2SpecValidator

ROOT = Path(__file__).resolve().parents[2]
MICROSOFT = Path(os.environ.get("FLOWBRIDGE_JUDGES") or ROOT.parent / "shared" / "judges")
SCHEMAS = {
    "apiDefinition.swagger": Draft4Validator,
    "apiProperties": Draft7Validator,
    "settings": Draft7Validator,
}
"""The files that Microsoft has a schema for, each with the validator of its draft."""


def microsofts_schema_finds(name: str, files: Mapping[str, bytes]) -> list[str]:
    """What is wrong with a file by its schema; the test is skipped where the schema is not there."""
    path = MICROSOFT / f"{name}.schema.json"
    if not path.is_file():
        pytest.skip(f"{path.name} of Microsoft's connector repository is not there (FLOWBRIDGE_JUDGES)")
    validator = cast(Any, SCHEMAS[name](json.loads(path.read_text(encoding="utf-8"))))
    return [f"{one.json_path} {one.message}" for one in validator.iter_errors(json.loads(files[f"{name}.json"]))]


def validators_find(files: Mapping[str, bytes]) -> list[str]:
    """What swagger-spec-validator and openapi-spec-validator find in the definition."""
    definition = json.loads(files["apiDefinition.swagger.json"])
    found = list[str]()
    with warnings.catch_warnings():
        # The first still imports what jsonschema has deprecated.
        warnings.simplefilter("ignore", DeprecationWarning)
        swagger = importlib.import_module("swagger_spec_validator.validator20")
        try:
            swagger.validate_spec(definition)
        except swagger.SwaggerValidationError as error:
            found.append(str(error))
    return found + [f"{one.json_path} {one.message}" for one in OpenAPIV2SpecValidator(definition).iter_errors()]
