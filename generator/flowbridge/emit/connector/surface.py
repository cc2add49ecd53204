"""The surface of a connector: what flows that use it have stored, and the changes of it that would break them.

A flow keeps an operation's id, where each parameter stands, and the path and type of every token. The lock file records
them, so that a build can tell a change that breaks flows from one that does not. The seven kinds of change are those of
Microsoft's own detector.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from flowbridge.emit.connector.swagger_types import Schema
from flowbridge.model.types import Json

BODY = "body"


@dataclass(frozen=True)
class Known:
    """What flows know of an operation.

    `inputs` are by where they stand (`path`, `query`, `body`) and by their path, which for a field of the body begins
    with the body's own name; each says whether it is required beside its neighbours. `outputs` are types by path, with
    the format after a colon.
    """

    method: str
    path: str
    inputs: Mapping[str, Mapping[str, bool]] = field(repr=False)
    outputs: Mapping[str, str] = field(repr=False)


Surface = Mapping[str, Known]
"""The operations of a connector by their ids."""


@dataclass(frozen=True)
class Break:
    """A change that breaks flows: the operation as flows know it, what about it, and which of the seven kinds it is."""

    kind: str
    operation: str
    path: str
    what: str

    def __str__(self) -> str:
        return f"{self.operation}: {self.what}"


def surface(document: Schema) -> Surface:
    """The surface of a definition."""
    operations: dict[str, Known] = {}
    for path, item in _object(document.get("paths")).items():
        content = _object(_object(item).get("x-ms-notification-content"))
        for method, value in _object(item).items():
            if method != "x-ms-notification-content":
                one = _object(value)
                operations[str(one["operationId"])] = _operation(document, method, path, one, content)
    return dict(sorted(operations.items()))


def breaks(old: Surface, new: Surface) -> tuple[Break, ...]:
    """Every change from one surface to another that breaks flows."""
    names = {(one.method, one.path): name for name, one in new.items()}
    found: list[Break] = []
    for name, before in old.items():
        if name in new:
            told = _changes(before, new[name])
        else:
            now = names.get((before.method, before.path))
            words = "the operation is gone" if now is None else f"the operation is called {now} now"
            told = iter([("operation deleted", words)])
        found += [Break(kind, name, before.path, what) for kind, what in told]
    return tuple(found)


def _changes(old: Known, new: Known) -> Iterator[tuple[str, str]]:
    if (old.method, old.path) != (new.method, new.path):
        yield "path changed", f"it was {old.method} {old.path} and is {new.method} {new.path}"
    for place, inputs in new.inputs.items():
        before = old.inputs.get(place, {})
        for path, required in inputs.items():
            shown = path.removeprefix(f"{BODY}.")
            if path in before:
                if required and not before[path]:
                    yield "required input added", f"the input {shown} became required"
            elif (was := _elsewhere(shown, old, new)) is not None:
                yield "parameter moved", f"the input {shown} was in {was} and is in {place}"
            elif required and (not (owner := _owner(path)) or owner in before):
                # Inside of something new, only what is new itself can break a flow.
                yield "required input added", f"the input {shown} is new and required"
    for path, was in old.outputs.items():
        yield from _output(path, was, new.outputs.get(path))


def _output(path: str, was: str, now: str | None) -> Iterator[tuple[str, str]]:
    if now is None:
        yield "output deleted", f"the output {path} is gone"
        return
    old, new = was.partition(":"), now.partition(":")
    if old[0] != new[0]:
        yield "output type changed", f"the output {path} was {old[0]} and is {new[0]}"
    elif old[2] != new[2]:
        yield "output format changed", f"the output {path} had the format {old[2] or 'none'} and has {new[2] or 'none'}"


def _elsewhere(shown: str, old: Known, new: Known) -> str | None:
    """Where an input stood that is not there any more."""
    for place, inputs in old.inputs.items():
        for path in inputs:
            if path.removeprefix(f"{BODY}.") == shown and path not in new.inputs.get(place, {}):
                return place
    return None


def _owner(path: str) -> str:
    """The input that holds another; empty for one that stands by itself."""
    owner = path.rpartition(".")[0]
    while owner.endswith(("[]", "{}")):
        owner = owner[:-2]
    return owner


# ---- from a definition


def _operation(document: Schema, method: str, path: str, one: Schema, content: Schema) -> Known:
    inputs: dict[str, dict[str, bool]] = {}
    for value in _list(one.get("parameters")):
        given = _object(value)
        place, name, required = str(given["in"]), str(given["name"]), given.get("required") is True
        stand = inputs.setdefault(place, {})
        stand[BODY if place == BODY else name] = required
        if place == BODY:
            stand.update(sorted(_inputs(document, _object(given["schema"]), BODY)))
    responses = _object(one.get("responses"))
    answer = next((_object(responses[code]) for code in ("200", "201") if code in responses), Schema())
    schema = _object(content.get("schema") or answer.get("schema"))
    outputs = dict(sorted(_outputs(document, schema, "")))
    return Known(method, path, dict(sorted(inputs.items())), outputs)


def _inputs(document: Schema, schema: Schema, before: str) -> Iterator[tuple[str, bool]]:
    """The fields at every depth that a maker fills in, and which of them must be there where their neighbours are."""
    schema = _resolved(document, schema)
    for name, value in _object(schema.get("properties")).items():
        yield f"{before}.{name}", name in _list(schema.get("required"))
        yield from _inputs(document, _object(value), f"{before}.{name}")
    for key, mark in (("items", "[]"), ("additionalProperties", "{}")):
        if isinstance(schema.get(key), dict):
            yield from _inputs(document, _object(schema[key]), before + mark)


def _outputs(document: Schema, schema: Schema, before: str) -> Iterator[tuple[str, str]]:
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
