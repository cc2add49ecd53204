"""The configuration of a workflow: app settings, read from the environment and checked against the declared types."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import cast

from .validation import Schema, complete, problems


class ConfigInvalidError(Exception):
    """App settings that are missing or have the wrong type; the message names all of them."""


def read_config(environment: Mapping[str, str], prefix: str, schema: Schema) -> object:
    """The configuration: each field from the setting `PREFIX__FIELD`, or its default; ConfigInvalidError."""
    fields = cast(Mapping[str, Schema], schema["properties"])
    names = {field: f"{prefix}__{field}".upper() for field in fields}
    found = {field: _value(environment[name], fields[field]) for field, name in names.items() if name in environment}
    if wrong := problems(schema, found):
        told = [f"{names.get(one['pointer'].strip('/'), one['pointer'])} {one['message']}" for one in wrong]
        raise ConfigInvalidError("; ".join(told))
    return complete(schema, found)


def _value(text: str, schema: Schema) -> object:
    """A setting's text as its type: text as it is, anything else as JSON."""
    kinds = schema.get("type")
    if kinds == "string" or (isinstance(kinds, list) and "string" in kinds):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
