"""Checks values that come from outside against their JSON schema, and completes them with defaults."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, Protocol, TypedDict, cast
from urllib.parse import urlsplit
from uuid import UUID

from jsonschema import Draft202012Validator, FormatChecker, validators
from jsonschema.exceptions import ValidationError

Schema = dict[str, object]

PROBLEM_LIMIT = 100
_DURATION = re.compile(r"P(?=.)(\d+W|(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?)")
_formats = FormatChecker(formats=())


class Problem(TypedDict):
    """One thing wrong with a value: where (a JSON pointer), what, and the schema keyword that says so."""

    pointer: str
    message: str
    rule: str


class _Validator(Protocol):
    """What is used of jsonschema's validator."""

    def iter_errors(self, instance: object) -> Iterator[ValidationError]: ...


def problems(schema: Schema, value: object) -> list[Problem]:
    """Everything wrong with a value, in the order of the value, at most 100."""
    validator = cast(_Validator, _SchemaValidator(schema, format_checker=_formats))
    found = [one for error in validator.iter_errors(value) for one in _problems(error)]
    return sorted(found, key=lambda one: (one["pointer"], one["rule"]))[:PROBLEM_LIMIT]


def complete(schema: Schema, value: object) -> object:
    """The value with every declared field present: its default, or None, where it was left out.

    Expressions can then read a field without asking whether it is there.
    """
    if value is None:
        return schema.get("default")
    if isinstance(value, list):
        each = cast(Schema, schema.get("items", {}))
        return [complete(each, one) for one in cast(list[object], value)]
    if isinstance(value, dict):
        given = cast(dict[str, object], value)
        fields = cast(Mapping[str, Schema], schema.get("properties", {}))
        extra = schema.get("additionalProperties")
        free = {
            name: complete(cast(Schema, extra), one) if isinstance(extra, dict) else one
            for name, one in given.items()
            if name not in fields
        }
        return {**{name: complete(one, given.get(name)) for name, one in fields.items()}, **free}
    return value


def without_absent(value: object) -> object:
    """The value without the fields that are None: what was left out on the way in is left out on the way out."""
    if isinstance(value, dict):
        fields = cast(dict[str, object], value)
        return {name: without_absent(one) for name, one in fields.items() if one is not None}
    if isinstance(value, list):
        return [without_absent(one) for one in cast(list[object], value)]
    return value


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of JSON Schema, in which `$` is the end alone: Python's also matches before a last line break."""
    parts = re.findall(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", pattern, re.DOTALL)
    return re.compile("".join(r"\Z" if part == "$" else part for part in parts))


def _pattern(_: object, pattern: str, value: object, __: Schema) -> Iterator[ValidationError]:
    if isinstance(value, str) and not _compiled(pattern).search(value):
        yield ValidationError(f"{value!r} does not match {pattern!r}")


def _type(validator: object, types: str | list[str], value: object, schema: Schema) -> Iterator[ValidationError]:
    """The rule of JSON Schema, and that whole numbers have 64 bits: the connector says so, and flows count on it."""
    wrong = [*_TYPE(validator, types, value, schema)]
    yield from wrong
    if wrong or "integer" not in types or "number" in types or not isinstance(value, int | float):
        return
    # A bound of its own tells more.
    if (value < -(2**63) and "minimum" not in schema) or (value >= 2**63 and "maximum" not in schema):
        yield ValidationError(f"{value!r} is not a whole number of 64 bits")


# The stubs of jsonschema leave the types of an extended validator open.
_TYPE = cast(Any, Draft202012Validator).VALIDATORS["type"]
_SchemaValidator = cast(Any, validators).extend(Draft202012Validator, {"pattern": _pattern, "type": _type})


def _problems(error: ValidationError) -> Iterator[Problem]:
    """An error of the validator; the pointer of a missing or an unknown field names that field, not its object."""
    path = list(error.absolute_path)
    rule = str(error.validator)
    instance = cast(Mapping[str, object], error.instance)
    schema = cast(Schema, error.schema)
    if rule == "required":
        missing = re.match(r"'(.*)' is a required property", error.message)
        yield _problem([*path, missing[1]] if missing else path, "is required", rule)
    elif rule == "additionalProperties" and schema[rule] is False:
        known = cast(Mapping[str, Schema], schema.get("properties", {}))
        for name in instance:
            if name not in known:
                yield _problem([*path, name], "is an unknown field", rule)
    else:
        yield _problem(path, error.message, rule)


def _problem(path: list[str | int], message: str, rule: str) -> Problem:
    parts = [str(part).replace("~", "~0").replace("/", "~1") for part in path]
    return {"pointer": "".join(f"/{part}" for part in parts)[:500], "message": message[:500], "rule": rule}


@_formats.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or (len(value) == 10 and bool(date.fromisoformat(value)))


@_formats.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or ("T" in value.upper() and datetime.fromisoformat(value).tzinfo is not None)


@_formats.checks("duration")
def _is_duration(value: object) -> bool:
    return not isinstance(value, str) or _DURATION.fullmatch(value) is not None


@_formats.checks("uuid", raises=ValueError)
def _is_uuid(value: object) -> bool:
    return not isinstance(value, str) or (len(value) == 36 and bool(UUID(value)))


@_formats.checks("email")
def _is_email(value: object) -> bool:
    return not isinstance(value, str) or re.fullmatch(r"[^@\s]+@[^@\s]+", value) is not None


@_formats.checks("uri", raises=ValueError)
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or bool(urlsplit(value).scheme)
