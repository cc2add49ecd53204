"""Values that stand in the YAML as they are: whether they fit a type, in words for people.

A `pattern` is not tried: an author's expression may take for ever, and no compiler should.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import cast

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
    type_format,
)

_DURATION = re.compile(r"-?P(?=\d|T\d)(?:\d+W)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_SHORT = re.compile(r"-?(?=\d)(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+(?:\.\d+)?s)?")


def json_of(value: object) -> Json:
    """The value as the type that says what JSON holds; the reader made nothing else."""
    return cast("Json", value)


def misfit(value: Json, wanted: Type) -> str | None:
    """Why a value does not fit a type, bounds and formats included; None where it does."""
    match wanted:
        case UnknownType():
            return None
        case OptionalType(inner=inner):
            return None if value is None else misfit(value, inner)
        case NullType():
            return None if value is None else "it is not nothing"
        case BooleanType():
            return None if isinstance(value, bool) else "it is neither true nor false"
        case StringType():
            return _text_misfit(value, wanted) if isinstance(value, str) else "it is not a text"
        case EnumType(values=values):
            return None if value in values else f"it is none of {', '.join(values)}"
        case IntegerType() | NumberType():
            return _number_misfit(value, wanted)
        case ArrayType(items=items):
            return _list_misfit(value, items, wanted)
        case MapType(values=values):
            if not isinstance(value, dict):
                return "it is not a map"
            return next((f"{key}: {why}" for key, one in value.items() if (why := misfit(one, values))), None)
        case ObjectType():
            return _object_misfit(value, wanted)


def _text_misfit(value: str, wanted: StringType) -> str | None:
    if wanted.min_length is not None and len(value) < wanted.min_length:
        return f"it is shorter than {wanted.min_length} characters"
    if wanted.max_length is not None and len(value) > wanted.max_length:
        return f"it is longer than {wanted.max_length} characters"
    if wanted.format is not None and not in_format(value, wanted.format):
        return f"it is not in the format {wanted.format}"
    return None


def _number_misfit(value: Json, wanted: IntegerType | NumberType) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "it is not a number"
    if isinstance(wanted, IntegerType) and not float(value).is_integer():
        return "it is not a whole number"
    if wanted.minimum is not None and value < wanted.minimum:
        return f"it is less than {wanted.minimum}"
    if wanted.maximum is not None and value > wanted.maximum:
        return f"it is more than {wanted.maximum}"
    return None


def _list_misfit(value: Json, items: Type, wanted: ArrayType) -> str | None:
    if not isinstance(value, list):
        return "it is not a list"
    if wanted.min_items is not None and len(value) < wanted.min_items:
        return f"it has fewer than {wanted.min_items} items"
    if wanted.max_items is not None and len(value) > wanted.max_items:
        return f"it has more than {wanted.max_items} items"
    found = ((number, misfit(one, items)) for number, one in enumerate(value, 1))
    return next((f"item {number}: {why}" for number, why in found if why), None)


def _object_misfit(value: Json, wanted: ObjectType) -> str | None:
    if not isinstance(value, dict):
        return "it is not a map"
    for key, one in value.items():
        field = wanted.field(key)
        if field is None:
            return f'it has no field "{key}"'
        if (why := misfit(one, field.type)) is not None:
            return f"{key}: {why}"
    return next((f'"{one.name}" is missing' for one in wanted.fields if one.required and one.name not in value), None)


def in_format(text: str, form: type_format) -> bool:
    """Whether a text is a date, a time with its offset, a duration, an address, a URI or a UUID."""
    try:
        match form:
            case "date":
                date.fromisoformat(text)
                return len(text) == 10
            case "date-time":
                return "T" in text and datetime.fromisoformat(text).tzinfo is not None
            case "uuid":
                return _UUID.fullmatch(text) is not None
            case "duration":
                return bool(_DURATION.fullmatch(text) or _SHORT.fullmatch(text))
            case "email":
                return re.fullmatch(r"[^@\s]+@[^@\s]+", text) is not None
            case "uri":
                return re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:\S+", text) is not None
    except ValueError:
        return False
