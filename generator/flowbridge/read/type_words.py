"""The words with which types are declared: simple types, formats, shapes, and the keywords of each."""

from __future__ import annotations

from flowbridge.model.types import BooleanType, IntegerType, NumberType, StringType, Type, type_format

FORMATS: tuple[type_format, ...] = ("date", "date-time", "duration", "email", "uri", "uuid")
FORMAT_OF: dict[str, type_format] = {one: one for one in FORMATS}
SIMPLE: dict[str, Type] = {
    "string": StringType(),
    "integer": IntegerType(),
    "number": NumberType(),
    "boolean": BooleanType(),
    **{one: StringType(one) for one in FORMATS},
}
SHAPES = ("object", "array", "map")
FIELD_KEYS = ("required", "default", "title", "description")
KEYWORDS: dict[str, tuple[str, ...]] = {
    "string": ("format", "enum", "minLength", "maxLength", "pattern"),
    "integer": ("minimum", "maximum"),
    "number": ("minimum", "maximum"),
    "object": ("properties",),
    "array": ("items", "minItems", "maxItems"),
    "map": ("values",),
}
OTHER_WORDS = {
    "str": "string", "text": "string", "int": "integer", "long": "integer", "float": "number", "double": "number",
    "decimal": "number", "bool": "boolean", "datetime": "date-time", "timestamp": "date-time", "time": "date-time",
    "list": "array", "dict": "map", "timespan": "duration", "guid": "uuid", "url": "uri", "mail": "email",
}  # fmt: skip
