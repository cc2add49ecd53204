"""Types as JSON Schema (2020-12), by which the running app checks what comes in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from flowbridge.model.types import (
    ABSENT,
    ArrayType,
    BooleanType,
    EnumType,
    Field,
    IntegerType,
    MapType,
    NullType,
    NumberType,
    ObjectType,
    OptionalType,
    StringType,
    Type,
    UnknownType,
)

Schema = dict[str, object]


def json_schema(kind: Type) -> Schema:
    """The schema of a type; a value that may be missing may also be null."""
    match kind:
        case StringType():
            bounds = {"minLength": kind.min_length, "maxLength": kind.max_length, "pattern": kind.pattern}
            return _with({"type": "string"}, {"format": kind.format, **bounds})
        case EnumType():
            return {"type": "string", "enum": list(kind.values)}
        case IntegerType():
            return _with({"type": "integer"}, {"minimum": kind.minimum, "maximum": kind.maximum})
        case NumberType():
            return _with({"type": "number"}, {"minimum": kind.minimum, "maximum": kind.maximum})
        case BooleanType():
            return {"type": "boolean"}
        case NullType():
            return {"type": "null"}
        case OptionalType():
            return _nullable(json_schema(kind.inner))
        case ArrayType():
            bounds = {"minItems": kind.min_items, "maxItems": kind.max_items}
            return _with({"type": "array", "items": json_schema(kind.items)}, bounds)
        case MapType():
            return {"type": "object", "additionalProperties": json_schema(kind.values)}
        case ObjectType():
            return object_schema(kind.fields)
        case UnknownType():
            return {}
        case _:
            assert_never(kind)


def object_schema(fields: tuple[Field, ...]) -> Schema:
    """The schema of a closed object of these fields."""
    required = [one.name for one in fields if one.required]
    properties = {one.name: _field_schema(one) for one in fields}
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _field_schema(one: Field) -> Schema:
    schema = json_schema(one.type)
    if one.default is not ABSENT:
        return _nullable({**schema, "default": one.default})
    return schema if one.required else _nullable(schema)


def _nullable(schema: Schema) -> Schema:
    kind = schema.get("type")
    wider: Schema = {**schema, "type": [kind, "null"] if isinstance(kind, str) else kind}
    values = schema.get("enum")
    if isinstance(values, list):
        wider["enum"] = [*values, None]  # pyright: ignore[reportUnknownVariableType]
    return wider


def _with(schema: Schema, bounds: Mapping[str, object]) -> Schema:
    return {**schema, **{name: bound for name, bound in bounds.items() if bound is not None}}
