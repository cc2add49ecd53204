"""Operations of a connector as typed data, and the Swagger 2.0 document that is made of them.

What holds for every operation is settled here: each has a `parameters` key (the designer stumbles over a missing one),
one answer with a schema, refusals and `default` without, and path parameters that are encoded once. The body and the
result of an operation are definitions of their own, so that other readers of the document can name them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from flowbridge.emit.connector.swagger_types import Schema
from flowbridge.model.types import Json


@dataclass(frozen=True)
class Choices:
    """Where the designer gets what it offers for a parameter: an operation that answers with a list under `value`."""

    operation: str
    value: str
    title: str
    arguments: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class PathParameter:
    """A part of the path that the maker fills in: always text, always required."""

    name: str
    label: str
    description: str
    choices: Choices | None = None


@dataclass(frozen=True)
class QueryParameter:
    """A filter that may be left out; `schema` says what it is."""

    name: str
    label: str
    description: str
    schema: Schema = field(repr=False)
    advanced: bool = False


@dataclass(frozen=True)
class Notification:
    """What a webhook is called back with; in the designer it is what the trigger or the wait gives."""

    description: str
    schema: Schema = field(repr=False)


@dataclass(frozen=True)
class Body:
    """What an operation takes: an object whose properties the maker fills in."""

    description: str
    schema: Schema = field(repr=False)
    required: bool = True


@dataclass(frozen=True)
class Annotation:
    """Which revision of its family an operation is, and the operation of this connector that replaces it."""

    family: str
    revision: int
    replacement: str | None = None


@dataclass(frozen=True)
class Operation:
    """One operation of a connector: `refusals` are the other statuses with which the app answers, and why.

    One with a notification is a webhook, alone on its path: a trigger, or an action that waits until it is called back.
    """

    id: str
    method: Literal["get", "post", "delete"]
    path: str
    summary: str
    description: str
    visibility: Literal["important", "advanced", "internal"] | None
    parameters: tuple[PathParameter, ...]
    body: Body | None
    answer: str
    result: Schema | None = field(repr=False)
    refusals: tuple[tuple[str, str], ...] = ()
    queries: tuple[QueryParameter, ...] = ()
    notification: Notification | None = None
    trigger_hint: str | None = None
    deprecated: bool = False
    annotation: Annotation | None = None


@dataclass(frozen=True)
class Connector:
    """A connector as its document describes it: `host` is what an importer shows until a connection names another.

    `name` is what it is called where an operation refers to it, `test` is the operation that tests a connection,
    `security` how requests are authorised (name and definition).
    """

    title: str
    description: str
    version: str
    host: str
    operations: tuple[Operation, ...]
    test: str
    security: tuple[str, Schema]
    name: str


def document(connector: Connector) -> Schema:
    """The Swagger 2.0 document, its keys in reading order."""
    paths: dict[str, Json] = {}
    for path in dict.fromkeys(one.path for one in connector.operations):
        paths[path] = _path_item([one for one in connector.operations if one.path == path], connector.name)
    definitions: Schema = {}
    for one in connector.operations:
        if one.body is not None:
            definitions[f"{one.id}Body"] = one.body.schema
        if one.result is not None:
            definitions[f"{one.id}Result"] = one.result
        if one.notification is not None:
            definitions[f"{one.id}Notification"] = one.notification.schema
    name, security = connector.security
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
        "securityDefinitions": {name: security},
        "security": [{name: list(_scopes(security))}],
        "x-ms-capabilities": {"testConnection": {"operationId": connector.test, "parameters": {}}},
    }


def _scopes(security: Schema) -> list[str]:
    scopes = security.get("scopes")
    return list(scopes) if isinstance(scopes, dict) else []


def _path_item(operations: list[Operation], connector: str) -> Schema:
    item: Schema = {}
    for one in operations:
        if one.notification is not None:
            item["x-ms-notification-content"] = {
                "description": one.notification.description,
                "schema": {"$ref": f"#/definitions/{one.id}Notification"},
            }
        item[one.method] = _operation(one, connector)
    return item


def _operation(one: Operation, connector: str) -> Schema:
    written: Schema = {"operationId": one.id, "summary": one.summary, "description": one.description}
    if one.deprecated:
        written["deprecated"] = True
    if one.annotation is not None:
        written["x-ms-api-annotation"] = _annotation(one.annotation, connector)
    if one.visibility is not None:
        written["x-ms-visibility"] = one.visibility
    if one.trigger_hint is not None:
        written["x-ms-trigger"] = "single"
        written["x-ms-trigger-hint"] = one.trigger_hint
    parameters: list[Json] = [_path_parameter(parameter) for parameter in one.parameters]
    parameters += [_query_parameter(parameter) for parameter in one.queries]
    if one.body is not None:
        parameters.append(_body(one.id, one.body))
    written["parameters"] = parameters
    written["responses"] = _responses(one)
    return written


def _annotation(one: Annotation, connector: str) -> Schema:
    written: Schema = {"family": one.family, "revision": one.revision, "status": "Production"}
    if one.replacement is not None:
        written["replacement"] = {"api": connector, "operationId": one.replacement}
    return written


def _path_parameter(one: PathParameter) -> Schema:
    written: Schema = {
        "name": one.name,
        "in": "path",
        "required": True,
        "type": "string",
        "x-ms-summary": one.label,
        "description": one.description,
        "x-ms-url-encoding": "single",
    }
    if one.choices is not None:
        written.update(_choices(one.choices))
    return written


def _choices(one: Choices) -> Schema:
    """Both forms of a pick list: the older one, and the one that newer designers read."""
    literal: Schema = dict(one.arguments)
    wrapped: Schema = {name: {"value": value} for name, value in one.arguments}
    values: Schema = {
        "operationId": one.operation,
        "parameters": literal,
        "value-collection": "value",
        "value-path": one.value,
        "value-title": one.title,
    }
    listed: Schema = {
        "operationId": one.operation,
        "parameters": wrapped,
        "itemsPath": "value",
        "itemValuePath": one.value,
        "itemTitlePath": one.title,
    }
    return {"x-ms-dynamic-values": values, "x-ms-dynamic-list": listed}


def _query_parameter(one: QueryParameter) -> Schema:
    shown: Schema = {
        "name": one.name,
        "in": "query",
        "required": False,
        **one.schema,
        "x-ms-summary": one.label,
        "description": one.description,
    }
    if one.advanced:
        shown["x-ms-visibility"] = "advanced"
    return shown


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
    success: Schema = {"description": one.answer}
    if one.result is not None:
        success["schema"] = {"$ref": f"#/definitions/{one.id}Result"}
    refusals: Schema = {status: {"description": reason} for status, reason in one.refusals}
    return {
        "200" if one.notification is None else "201": success,
        **refusals,
        "default": {"description": "The operation failed."},
    }
