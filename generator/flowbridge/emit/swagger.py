"""Operations of a connector as typed data, and the Swagger 2.0 document that is made of them.

What holds for every operation is settled here: each has a `parameters` key (the designer stumbles over a missing one),
one answer with a schema, refusals and `default` without, and path parameters that are encoded once. The body and the
result of an operation are definitions of their own, so that other readers of the document can name them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from flowbridge.emit.swagger_types import Schema
from flowbridge.model.types import Json


@dataclass(frozen=True)
class PathParameter:
    """A part of the path that the maker fills in: always text, always required."""

    name: str
    label: str
    description: str


@dataclass(frozen=True)
class Body:
    """What an operation takes: an object whose properties the maker fills in."""

    description: str
    schema: Schema = field(repr=False)
    required: bool = True


@dataclass(frozen=True)
class Operation:
    """One action of a connector: `refusals` are the statuses besides 200 with which the app answers, and why."""

    id: str
    method: Literal["get", "post", "delete"]
    path: str
    summary: str
    description: str
    visibility: Literal["important", "advanced", "internal"] | None
    parameters: tuple[PathParameter, ...]
    body: Body | None
    answer: str
    result: Schema = field(repr=False)
    refusals: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Connector:
    """A connector as its document describes it: `host` is what an importer shows until a connection names another."""

    title: str
    description: str
    version: str
    host: str
    operations: tuple[Operation, ...]


def document(connector: Connector) -> Schema:
    """The Swagger 2.0 document, its keys in reading order."""
    paths: dict[str, Json] = {}
    for path in dict.fromkeys(one.path for one in connector.operations):
        paths[path] = {one.method: _operation(one) for one in connector.operations if one.path == path}
    definitions: Schema = {}
    for one in connector.operations:
        if one.body is not None:
            definitions[f"{one.id}Body"] = one.body.schema
        definitions[f"{one.id}Result"] = one.result
    return {
        "swagger": "2.0",
        "info": {"title": connector.title, "description": connector.description, "version": connector.version},
        "host": connector.host,
        "basePath": "/",
        "schemes": ["https"],
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "paths": paths,
        "definitions": definitions,
        "securityDefinitions": {"FunctionKey": {"type": "apiKey", "name": "x-functions-key", "in": "header"}},
        "security": [{"FunctionKey": []}],
    }


def _operation(one: Operation) -> Schema:
    written: Schema = {"operationId": one.id, "summary": one.summary, "description": one.description}
    if one.visibility is not None:
        written["x-ms-visibility"] = one.visibility
    parameters: list[Json] = [_path_parameter(parameter) for parameter in one.parameters]
    if one.body is not None:
        parameters.append(_body(one.id, one.body))
    written["parameters"] = parameters
    written["responses"] = _responses(one)
    return written


def _path_parameter(one: PathParameter) -> Schema:
    return {
        "name": one.name,
        "in": "path",
        "required": True,
        "type": "string",
        "x-ms-summary": one.label,
        "description": one.description,
        "x-ms-url-encoding": "single",
    }


def _body(operation: str, body: Body) -> Schema:
    return {
        "name": "body",
        "in": "body",
        "required": body.required,
        "x-ms-summary": "Body",
        "description": body.description,
        "schema": {"$ref": f"#/definitions/{operation}Body"},
    }


def _responses(one: Operation) -> Schema:
    success: Schema = {"description": one.answer, "schema": {"$ref": f"#/definitions/{one.id}Result"}}
    refusals: Schema = {status: {"description": reason} for status, reason in one.refusals}
    return {"200": success, **refusals, "default": {"description": "The operation failed."}}
