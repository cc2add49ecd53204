"""A definition as the rules walk it: operations, parameters and schemas, each with its place as a JSON pointer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
Node = dict[str, Json]
METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
Way = Literal["in", "out"]


def node(value: Json) -> Node:
    """A value as an object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def items(value: Json) -> list[Json]:
    """A value as a list; an empty one for anything else."""
    return value if isinstance(value, list) else []


def step(pointer: str, *names: str | int) -> str:
    """The pointer of something inside."""
    return pointer + "".join(f"/{str(one).replace('~', '~0').replace('/', '~1')}" for one in names)


@dataclass(frozen=True)
class Operation:
    """One operation with its place; `item` is the path item that it stands in."""

    path: str
    method: str
    value: Node
    pointer: str
    item: Node

    @property
    def id(self) -> str:
        """Its operationId, or its method and path."""
        found = self.value.get("operationId")
        return found if isinstance(found, str) else f"{self.method} {self.path}"


@dataclass(frozen=True)
class Parameter:
    """One parameter with its place, references followed."""

    value: Node
    pointer: str
    operation: Operation

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.value.get("name", ""))

    @property
    def place(self) -> str:
        """`path`, `query`, `header`, `body` or `formData`."""
        return str(self.value.get("in", ""))


@dataclass(frozen=True)
class Schema:
    """One schema with its place; `way` says whether it goes in or out, `depth` how far it is below the top."""

    value: Node
    pointer: str
    way: Way
    depth: int


class Definition:
    """A definition, read leniently: whatever is not what it should be is some rule's finding, never an exception."""

    def __init__(self, value: Node) -> None:
        self.value = value
        self.operations = list(self._operations())
        self.parameters = {one.pointer: list(self._parameters(one)) for one in self.operations}

    def resolve(self, value: Json) -> Node:
        """Follows references to their end; an empty object where they lead nowhere or in a circle."""
        seen: set[str] = set()
        while isinstance(value, dict) and isinstance(value.get("$ref"), str):
            reference = str(value["$ref"])
            if reference in seen:
                return {}
            seen.add(reference)
            value = self.at(reference)
        return node(value)

    def at(self, reference: str) -> Json:
        """What a reference leads to, or None."""
        if not reference.startswith("#/"):
            return None
        found: Json = self.value
        for part in reference[2:].split("/"):
            name = part.replace("~1", "/").replace("~0", "~")
            found = node(found).get(name)
        return found

    def by_id(self, operation_id: str) -> Operation | None:
        """The operation of an id."""
        return next((one for one in self.operations if one.value.get("operationId") == operation_id), None)

    def body(self, operation: Operation) -> Parameter | None:
        """The body parameter of an operation."""
        return next((one for one in self.parameters[operation.pointer] if one.place == "body"), None)

    def success(self, operation: Operation) -> tuple[str, Node] | None:
        """The response that the designer reads."""
        responses = {code: self.resolve(one) for code, one in node(operation.value.get("responses")).items()}
        good = [code for code in responses if code.startswith("2") or code == "default"]
        if len(good) == 1:
            return good[0], responses[good[0]]
        return next(((code, responses[code]) for code in ("200", "201", "default") if code in responses), None)

    def is_webhook(self, operation: Operation) -> bool:
        """Whether its path says what it is called back with."""
        return "x-ms-notification-content" in operation.item

    def schemas(self) -> Iterator[Schema]:
        """Every schema, in place, each once for every way that it goes; references are not entered twice."""
        seen: set[tuple[int, Way]] = set()
        for root in self._roots():
            yield from self._below(root, seen)

    def _roots(self) -> Iterator[Schema]:
        for operation in self.operations:
            for one in self.parameters[operation.pointer]:
                if one.place == "body":
                    yield Schema(node(one.value.get("schema")), step(one.pointer, "schema"), "in", 0)
            for code, response in node(operation.value.get("responses")).items():
                if "schema" in node(response):
                    pointer = step(operation.pointer, "responses", code, "schema")
                    yield Schema(node(node(response)["schema"]), pointer, "out", 0)
        for path, item in node(self.value.get("paths")).items():
            content = node(node(item).get("x-ms-notification-content"))
            if "schema" in content:
                pointer = step("/paths", path, "x-ms-notification-content", "schema")
                yield Schema(node(content["schema"]), pointer, "out", 0)
        for name, value in node(self.value.get("definitions")).items():
            yield Schema(node(value), step("/definitions", name), "out", 1)

    def _below(self, root: Schema, seen: set[tuple[int, Way]]) -> Iterator[Schema]:
        waiting = [root]
        while waiting:
            one = waiting.pop()
            if (id(one.value), one.way) in seen:
                continue
            seen.add((id(one.value), one.way))
            yield one
            if "$ref" in one.value:
                reference = str(one.value["$ref"])
                waiting.append(Schema(node(self.at(reference)), reference[1:], one.way, one.depth))
            waiting += [Schema(value, place, one.way, one.depth + 1) for place, value in inside(one.value, one.pointer)]

    def _operations(self) -> Iterator[Operation]:
        for path, item in node(self.value.get("paths")).items():
            for method, value in node(item).items():
                if method in METHODS:
                    yield Operation(path, method, node(value), step("/paths", path, method), node(item))

    def _parameters(self, operation: Operation) -> Iterator[Parameter]:
        own = [
            (step(operation.pointer, "parameters", at), one)
            for at, one in enumerate(items(operation.value.get("parameters")))
        ]
        shared = [
            (step("/paths", operation.path, "parameters", at), one)
            for at, one in enumerate(items(operation.item.get("parameters")))
        ]
        for pointer, one in [*own, *shared]:
            yield Parameter(self.resolve(one), pointer, operation)


def inside(schema: Node, pointer: str) -> Iterator[tuple[str, Node]]:
    """The schemas that stand directly inside one, with their places."""
    for name, one in node(schema.get("properties")).items():
        yield step(pointer, "properties", name), node(one)
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield step(pointer, key), node(schema[key])
    for key in ("allOf", "oneOf", "anyOf"):
        for at, one in enumerate(items(schema.get(key))):
            yield step(pointer, key, at), node(one)


def matches(kind: Json, value: Json) -> bool:
    """Whether a value has a type of JSON Schema; anything has an unknown one."""
    match kind:
        case "string":
            return isinstance(value, str)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "boolean":
            return isinstance(value, bool)
        case "array":
            return isinstance(value, list)
        case "object":
            return isinstance(value, dict)
        case _:
            return True


def as_node(value: object) -> Node | None:
    """What was read from JSON as an object, or None."""
    return cast(Node, value) if isinstance(value, dict) else None
