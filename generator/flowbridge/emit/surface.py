"""The surface of a connector: what flows that use it have stored, and the changes of it that would break them.

A flow keeps an operation's id, where each parameter stands, and the path and type of every token. The lock file records
them, so that a build can tell a change that breaks flows from one that does not. The seven kinds of change are those of
Microsoft's own detector.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from flowbridge.emit.swagger_types import Schema
from flowbridge.model.types import Json

LOCK = "surface.lock"
_TOLD = (
    "Made by a build: what flows rely on. A build that would break them fails; keep this file under version control."
)


@dataclass(frozen=True)
class Break:
    """A change that breaks flows: the operation, what about it, and which of the seven kinds it is."""

    kind: str
    operation: str
    what: str

    def __str__(self) -> str:
        return f"{self.operation}: {self.what}"


def surface(document: Schema) -> Schema:
    """The surface of a definition: by operation id its method, path, parameters, inputs and outputs."""
    operations: dict[str, Json] = {}
    for path, item in _object(document.get("paths")).items():
        content = _object(_object(item).get("x-ms-notification-content"))
        for method, value in _object(item).items():
            if method != "x-ms-notification-content":
                one = _object(value)
                operations[str(one["operationId"])] = _operation(document, method, path, one, content)
    return {"about": _TOLD, "operations": dict(sorted(operations.items()))}


def lock_text(document: Schema) -> str:
    """The lock file of a definition."""
    return json.dumps(surface(document), indent=2, ensure_ascii=True) + "\n"


def read_lock(content: bytes) -> Schema | None:
    """The surface that a lock file records, or None if it is none."""
    try:
        value = cast(object, json.loads(content))
    except ValueError:
        return None
    return cast(Schema, value) if isinstance(value, dict) and "operations" in value else None


def breaks(old: Schema, new: Schema) -> tuple[Break, ...]:
    """Every change from one surface to another that breaks flows."""
    now = _object(new.get("operations"))
    found: list[Break] = []
    for name, before in _object(old.get("operations")).items():
        if name not in now:
            found.append(Break("operation deleted", name, "the operation is gone"))
        else:
            found += _changes(name, _object(before), _object(now[name]))
    return tuple(found)


def _changes(name: str, old: Schema, new: Schema) -> Iterator[Break]:
    if (old["method"], old["path"]) != (new["method"], new["path"]):
        words = f"it was {old['method']} {old['path']} and is {new['method']} {new['path']}"
        yield Break("path changed", name, words)
    before, now = _object(old["inputs"]), _object(new["inputs"])
    for path, value in now.items():
        was, is_ = _object(before.get(path)), _object(value)
        if is_["required"] is True and (not was or was["required"] is False):
            told = "became required" if was else "is new and required"
            yield Break("required input added", name, f"the input {path} {told}")
        if was and was["in"] != is_["in"]:
            words = f"the input {path} was in {was['in']} and is in {is_['in']}"
            yield Break("parameter moved", name, words)
    outputs = _object(new["outputs"])
    for path, value in _object(old["outputs"]).items():
        if path not in outputs:
            yield Break("output deleted", name, f"the output {path} is gone")
            continue
        was, is_ = str(value).partition(":"), str(outputs[path]).partition(":")
        if was[0] != is_[0]:
            yield Break("output type changed", name, f"the output {path} was {was[0]} and is {is_[0]}")
        elif was[2] != is_[2]:
            words = f"the output {path} had the format {was[2] or 'none'} and has {is_[2] or 'none'}"
            yield Break("output format changed", name, words)


def _operation(document: Schema, method: str, path: str, one: Schema, content: Schema) -> Schema:
    inputs: dict[str, Json] = {}
    for value in _list(one.get("parameters")):
        given = _object(value)
        if given["in"] == "body":
            needed = given.get("required") is True
            inputs.update(_inputs(document, _object(given["schema"]), "", needed))
        else:
            inputs[str(given["name"])] = {"in": given["in"], "required": given["required"]}
    responses = _object(one.get("responses"))
    answer = next((_object(responses[code]) for code in ("200", "201") if code in responses), Schema())
    schema = _object(content.get("schema") or answer.get("schema"))
    outputs = dict(sorted(_outputs(document, schema, "")))
    return {"method": method, "path": path, "inputs": dict(sorted(inputs.items())), "outputs": outputs}


def _inputs(document: Schema, schema: Schema, before: str, needed: bool) -> Iterator[tuple[str, Json]]:
    """The fields that a maker fills in; one counts as required only if everything around it is."""
    schema = _resolved(document, schema)
    for name, value in _object(schema.get("properties")).items():
        always = needed and name in _list(schema.get("required"))
        inner = _resolved(document, _object(value))
        if inner.get("type") == "object" and inner.get("properties"):
            yield from _inputs(document, inner, f"{before}{name}.", always)
        else:
            yield f"{before}{name}", {"in": "body", "required": always}


def _outputs(document: Schema, schema: Schema, before: str) -> Iterator[tuple[str, Json]]:
    """The tokens that a maker uses: path, type and format."""
    schema = _resolved(document, schema)
    for name, value in _object(schema.get("properties")).items():
        yield from _outputs(document, _object(value), f"{before}.{name}" if before else name)
    if schema.get("type") == "array":
        yield from _outputs(document, _object(schema.get("items")), f"{before}[]")
    if before:
        form = schema.get("format")
        yield before, f"{schema.get('type')}:{form}" if form else str(schema.get("type"))


def _resolved(document: Schema, schema: Schema) -> Schema:
    reference = schema.get("$ref")
    if not isinstance(reference, str):
        return schema
    return _object(_object(document["definitions"])[reference.removeprefix("#/definitions/")])


def _object(value: Json | Mapping[str, Json]) -> Schema:
    return cast(Schema, value) if isinstance(value, dict) else {}


def _list(value: Json) -> list[Json]:
    return cast(list[Json], value) if isinstance(value, list) else []
