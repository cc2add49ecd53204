"""Types as Swagger 2.0 schemas that the Power Platform's designers can type, each property with a label of its own.

Everything below a body or a result is written in place instead of being referred to: nothing may stand beside a `$ref`,
so a property that refers to a named type would lose its own label, and two fields of one type could not be told apart.
No schema has a `title` (the designer puts it before the label of every token below), and only `type` says what a value
is: the designers show `allOf`, `oneOf`, a list of types or a missing `type` as one untyped token.

A schema for what comes in keeps the bounds and defaults of the type. One for what goes out has neither: they would
change the surface that flows were built on, and the designers make nothing of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, assert_never

from flowbridge.emit.connector import labels
from flowbridge.model.types import (
    ArrayType,
    BooleanType,
    EnumType,
    Field,
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

Schema = dict[str, Json]
direction = Literal["in", "out"]

_INT32_LEAST, _INT32_MOST = -(2**31), 2**31 - 1
# The platform's schema does not know `duration`: such a value is text to the designer, and a pattern says which text.
_DURATION = r"^P(?=.)([0-9]+W|([0-9]+D)?(T(?=.)([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?)$"
_FORMATS = frozenset(["date", "date-time", "email", "uri", "uuid"])


def object_schema(fields: Sequence[Field], way: direction) -> Schema:
    """The schema of an object of these fields."""
    required = [one.name for one in fields if _is_required(one)]
    return closed({one.name: field_schema(one, way) for one in fields}, required)


def closed(properties: Mapping[str, Schema], required: Sequence[str] = ()) -> Schema:
    """The schema of an object of these properties; `required` is left out where nothing is."""
    schema: Schema = {"type": "object", "properties": dict(properties)}
    if required:
        schema["required"] = list(required)
    return schema


def field_schema(one: Field, way: direction) -> Schema:
    """The schema of a field: its type with its label and its description.

    On the way in it has its default, and what a maker has to fill in is shown before everything else.
    """
    schema = labelled(type_schema(one.type, way), *shown(one))
    default = one.default
    if way == "in" and default is not None and isinstance(default, bool | int | float | str | list | dict):
        schema["default"] = default
    return important(schema) if way == "in" and _is_required(one) else schema


def _is_required(one: Field) -> bool:
    return one.required and not isinstance(one.type, OptionalType)


def important(schema: Schema) -> Schema:
    """The schema of a field that the designer never folds away."""
    return {**schema, "x-ms-visibility": "important"}


def shown(one: Field) -> tuple[str, str]:
    """The label of a field and its description, which differ."""
    label = labels.label(one.title, one.name)
    told = labels.sentence(one.description or "")
    if not told or labels.same(told, label):
        told = _described(labels.spoken(one.title, one.name), one.type)
    return label, told


def labelled(schema: Schema, label: str, description: str) -> Schema:
    """The schema with a label and a description, placed after its type."""
    head = {key: schema[key] for key in ("type", "format") if key in schema}
    rest = {key: value for key, value in schema.items() if key not in head}
    return {**head, "x-ms-summary": label, "description": description, **rest}


def enum_schema(values: Sequence[str], *, displayed: bool = False) -> Schema:
    """A closed set of texts, with display names where one differs from its value (or where they are asked for)."""
    names = [labels.name_label(value) if value else "Empty" for value in values]
    if len({name.casefold() for name in names}) < len(names):
        names = list(values)
    schema: Schema = {"type": "string", "enum": list(values)}
    if displayed or names != list(values):
        shown: list[Json] = [{"value": v, "displayName": n} for v, n in zip(values, names, strict=True)]
        schema["x-ms-enum-values"] = shown
    return schema


def type_schema(kind: Type, way: direction) -> Schema:
    """The schema of a type without a label; TypeError for a type that no checked workflow declares."""
    match kind:
        case StringType():
            schema: Schema = {"type": "string"}
            if kind.format in _FORMATS:
                schema["format"] = kind.format
            pattern = kind.pattern or (_DURATION if kind.format == "duration" else None)
            bounds = {"minLength": kind.min_length, "maxLength": kind.max_length, "pattern": pattern}
            return _bounded(schema, bounds, way)
        case EnumType():
            return enum_schema(kind.values)
        case IntegerType():
            schema = {"type": "integer", "format": "int32" if way == "in" and _small(kind) else "int64"}
            return _bounded(schema, {"minimum": kind.minimum, "maximum": kind.maximum}, way)
        case NumberType():
            schema = {"type": "number", "format": "double"}
            return _bounded(schema, {"minimum": kind.minimum, "maximum": kind.maximum}, way)
        case BooleanType():
            return {"type": "boolean"}
        case OptionalType():
            return type_schema(kind.inner, way)
        case ArrayType():
            schema = {"type": "array", "items": type_schema(kind.items, way)}
            return _bounded(schema, {"minItems": kind.min_items, "maxItems": kind.max_items}, way)
        case MapType():
            return {"type": "object", "additionalProperties": type_schema(kind.values, way)}
        case ObjectType():
            return object_schema(kind.fields, way)
        case NullType() | UnknownType():
            raise TypeError(f"{type(kind).__name__} has no schema: no checked workflow declares it")
        case _:
            assert_never(kind)


def _small(kind: IntegerType) -> bool:
    """Whether the bounds keep every value within 32 bits."""
    if kind.minimum is None or kind.maximum is None:
        return False
    return kind.minimum >= _INT32_LEAST and kind.maximum <= _INT32_MOST


def _bounded(schema: Schema, bounds: Mapping[str, int | float | str | None], way: direction) -> Schema:
    if way == "in":
        schema.update({name: bound for name, bound in bounds.items() if bound is not None})
    return schema


def _described(name: str, kind: Type) -> str:
    """What can be said of a field whose author gave no description: its name and the kind of its value."""
    match kind:
        case StringType():
            forms = {
                "date": "a date such as 2026-01-31",
                "date-time": "a date and time with its offset, such as 2026-01-31T08:00:00Z",
                "duration": "an ISO 8601 duration such as P7D",
                "email": "an e-mail address",
                "uri": "an absolute address such as https://contoso.com",
                "uuid": "a GUID",
            }
            return f"The {name}, {forms[kind.format] if kind.format else 'a text'}."
        case EnumType():
            return labels.sentence(f"The {name}, one of: {', '.join(kind.values)}")
        case IntegerType():
            return f"The {name}, a whole number."
        case NumberType():
            return f"The {name}, a number."
        case BooleanType():
            return f"The {name}, true or false."
        case ArrayType():
            return f"The {name}, a list."
        case MapType():
            return f"The {name}, values by name."
        case ObjectType():
            return f"The {name}, made up of the fields below."
        case OptionalType():
            return _described(name, kind.inner)
        case NullType() | UnknownType():
            return f"The {name}, of no kind."
        case _:
            assert_never(kind)
