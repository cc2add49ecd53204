"""The fields of an approval's form as flows are told of them, so that one can ask for whatever the form needs."""

from __future__ import annotations

from typing import assert_never

from flowbridge.emit.connector.swagger_types import shown
from flowbridge.model.types import (
    ArrayType,
    BooleanType,
    EnumType,
    IntegerType,
    Json,
    MapType,
    NullType,
    NumberType,
    ObjectType,
    OptionalType,
    StringType,
    Type,
    UnknownType,
)

FIELD_KINDS = (
    *("text", "date", "date-time", "duration", "email", "uri", "uuid"),
    *("choice", "integer", "number", "boolean", "list", "object"),
)


def form_fields(form: ObjectType) -> list[Json]:
    """Name, title, description, type and whether it is required, of each field; `choices` where there are some."""
    fields: list[Json] = []
    for one in form.fields:
        kind = one.type.inner if isinstance(one.type, OptionalType) else one.type
        title, description = shown(one)
        required = one.required and not isinstance(one.type, OptionalType)
        told: dict[str, Json] = {"name": one.name, "title": title, "description": description}
        told |= {"type": field_kind(kind), "required": required}
        if isinstance(kind, EnumType):
            told["choices"] = list(kind.values)
        fields.append(told)
    return fields


def fields_constant(step: str) -> str:
    """The name of the constant that holds the fields of an approval's form."""
    return f"{step.upper()}_FIELDS"


def field_kind(kind: Type) -> str:
    """What a field takes, in one word of FIELD_KINDS; TypeError for a type that no checked workflow declares."""
    match kind:
        case StringType():
            return kind.format or "text"
        case EnumType():
            return "choice"
        case IntegerType():
            return "integer"
        case NumberType():
            return "number"
        case BooleanType():
            return "boolean"
        case ArrayType():
            return "list"
        case ObjectType() | MapType():
            return "object"
        case OptionalType():
            return field_kind(kind.inner)
        case NullType() | UnknownType():
            raise TypeError(f"{type(kind).__name__} is no field's type: no checked workflow declares it")
        case _:
            assert_never(kind)
