"""A definition as a public judge of running services is to read it: as strict as the app means it.

The connector's definition leaves room that a flow needs and a judge would take for permission; here it is closed, so
that an answer or a refusal which nobody declared is found.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

Schema = dict[str, Any]


def judged(definition: Schema, values: Mapping[str, Sequence[str]]) -> Schema:
    """The definition with every answer named and every object closed; `values` are what fields of a name may hold.

    - No `default` answer: what is not declared is a fault. 401 stands for what the Functions host itself refuses.
    - Objects have no fields but theirs. A field that may be left out may be null, and such a query may be empty: flows
      send both for what they do not have.
    - Who has the token of a subscription may end it without a key.
    """
    made = copy.deepcopy(definition)
    for path, _, operation in operations(made):
        responses = operation["responses"]
        responses.pop("default", None)
        responses["401"] = {"description": "No key, or a wrong one."}
        if path.endswith("/{token}"):
            operation["security"] = []
        for one in operation["parameters"]:
            if one["in"] == "query":
                one["allowEmptyValue"] = True
                _bound(one, one["name"], values)
    for name, schema in made["definitions"].items():
        _close(schema, values, taken=name.endswith("Body"))
    return made


def operations(definition: Schema) -> Iterator[tuple[str, str, Schema]]:
    """Path, method and operation of all."""
    for path, item in definition["paths"].items():
        for method, operation in item.items():
            if method != "x-ms-notification-content":
                yield path, method, operation


def _close(schema: Schema, values: Mapping[str, Sequence[str]], *, taken: bool) -> None:
    if "properties" in schema:
        schema.setdefault("additionalProperties", False)
        for name, one in cast(dict[str, Schema], schema["properties"]).items():
            _close(one, values, taken=taken)
            if taken:
                _bound(one, name, values)
                if name not in schema.get("required", []):
                    one["x-nullable"] = True
                    if "enum" in one:
                        one["enum"] = [*one["enum"], None]
    for inner in ("items", "additionalProperties"):
        if isinstance(schema.get(inner), dict):
            _close(schema[inner], values, taken=taken)


def _bound(schema: Schema, name: str, values: Mapping[str, Sequence[str]]) -> None:
    if name in values:
        schema["enum"] = list(values[name])
