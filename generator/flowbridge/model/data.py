"""The type of data: YAML with `${ … }` leaves, checked against what is wanted where it stands."""

from __future__ import annotations

from typing import assert_never

from flowbridge.model.assignability import assignable, describe, join
from flowbridge.model.expression import Expression
from flowbridge.model.fitting import fits
from flowbridge.model.inference import UNKNOWN, Scope, constant_type, infer
from flowbridge.model.literals import in_format, misfit
from flowbridge.model.missing import there
from flowbridge.model.types import (
    ArrayType,
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
from flowbridge.model.workflow import Computed, Data, Mapping, Scalar, Sequence, Template
from flowbridge.text.diagnostic import Diagnostic, Report, ignore
from flowbridge.text.source import Span
from flowbridge.text.suggest import did_you_mean, nearest, one_of


def data_type(
    data: Data, scope: Scope, expected: Type | None = None, report: Report = ignore, what: str = "this value"
) -> Type:
    """The type of data in a scope: `expected` where that is given and fits, else what the data is by itself.

    `what` names in messages what the data is for.
    """
    match data:
        case Scalar():
            return _scalar(data, expected, report, what)
        case Computed():
            given = infer(data.expression, scope, report)
            if expected is not None:
                fits(data.expression, given, expected, scope, report, what)
            return given
        case Template():
            return _template(data, scope, expected, report, what)
        case Mapping():
            return _mapping(data, scope, expected, report, what)
        case Sequence():
            return _sequence(data, scope, expected, report, what)
        case _:
            assert_never(data)


def text_type(data: Scalar | Computed | Template, scope: Scope, report: Report) -> None:
    """Checks a text for people: whatever is computed in it must be something that can be written out."""
    match data:
        case Scalar():
            pass
        case Computed():
            _written(data.expression, scope, report)
        case Template():
            _template(data, scope, None, report, "")


def _unwrapped(expected: Type | None) -> Type | None:
    """What is expected of a value that is there; None where anything is."""
    inner = expected.inner if isinstance(expected, OptionalType) else expected
    return None if isinstance(inner, UnknownType) else inner


# ---- scalars and texts


def _scalar(data: Scalar, expected: Type | None, report: Report, what: str) -> Type:
    given = constant_type(data.value)
    if expected is None or isinstance(expected, UnknownType):
        return given
    wanted = _unwrapped(expected)
    if isinstance(given, EnumType) and isinstance(wanted, EnumType):
        if data.value not in wanted.values:
            word = str(data.value)
            hint = did_you_mean(word, wanted.values) or f"the choices are {one_of(wanted.values)}"
            report(Diagnostic("E308", data.span, f'"{word}" is not one of the choices of {what}', "not a choice", hint))
    elif not assignable(given, expected):
        _wrong_scalar(data, given, expected, report, what)
    elif isinstance(wanted, StringType) and wanted.format is not None and isinstance(data.value, str):
        if not in_format(data.value, wanted.format):
            words = f'"{data.value}" is not in the format {wanted.format} of {what}'
            report(Diagnostic("E313", data.span, words, f"not a {wanted.format}"))
    elif isinstance(wanted, StringType | IntegerType | NumberType) and (problem := misfit(data.value, wanted)):
        report(Diagnostic("E301", data.span, f"{what} does not take this value: {problem}", "out of its bounds"))
    return given


def _wrong_scalar(data: Scalar, given: Type, expected: Type, report: Report, what: str) -> None:
    hint = None
    wanted = _unwrapped(expected)
    source = data.span.source.text[data.span.start : data.span.end]
    if isinstance(wanted, StringType | EnumType) and not isinstance(given, NullType):
        hint = f"put it into quotes: '{source}'"
    elif isinstance(given, EnumType) and not isinstance(wanted, ObjectType | ArrayType | MapType):
        hint = "an expression stands in ${ }; numbers, true and false stand without quotes"
    elif isinstance(given, NullType):
        hint = "leave the field out only where it is not required"
    kind = "text" if isinstance(given, EnumType) else describe(given)
    report(Diagnostic("E301", data.span, f"{what} wants {describe(expected)}, not {kind}", f"this is {kind}", hint))


def _template(data: Template, scope: Scope, expected: Type | None, report: Report, what: str) -> Type:
    for part in data.parts:
        if not isinstance(part, str):
            _written(part, scope, report)
    wanted = _unwrapped(expected)
    if wanted is not None and not isinstance(wanted, StringType):
        hint = "a text that is one whole ${ } keeps the type of its expression"
        if isinstance(wanted, EnumType):
            hint = 'choose with ${"a" if … else "b"}'
        words = f"{what} wants {describe(wanted)}, not a text that is put together"
        report(Diagnostic("E301", data.span, words, "this is a text", hint))
    return StringType()


def _written(expression: Expression, scope: Scope, report: Report) -> None:
    """Checks that a value in a text can be written there."""
    given = there(expression, infer(expression, scope, report), scope, report)
    if isinstance(given, ArrayType | MapType | ObjectType):
        source = expression.span.source.text[expression.span.start : expression.span.end]
        hint = f"write to_json({source})"
        if isinstance(given, ArrayType) and isinstance(given.items, StringType | EnumType):
            hint = f'write join({source}, ", ")'
        elif isinstance(given, ObjectType) and given.fields:
            hint = f"name one of its fields: {source}.{given.fields[0].name}"
        words = f"{describe(given)} cannot be written into a text"
        report(Diagnostic("E309", expression.span, words, f"this is {describe(given)}", hint))


# ---- maps and lists


def _mapping(data: Mapping, scope: Scope, expected: Type | None, report: Report, what: str) -> Type:
    wanted = _unwrapped(expected)
    match wanted:
        case None:
            fields = tuple(
                Field(name, data_type(one, scope, None, report, f'"{name}"'), span=one.span)
                for name, one in data.fields
            )
            return ObjectType(tuple(_as_field(one) for one in fields))
        case ObjectType():
            _object(data, wanted, scope, report, what)
            return wanted
        case MapType(values=values):
            for name, one in data.fields:
                data_type(one, scope, values, report, f'"{name}"')
            return wanted
        case _:
            words = f"{what} wants {describe(wanted)}, not a map"
            report(Diagnostic("E301", _head(data), words, "this is a map"))
            for name, one in data.fields:
                data_type(one, scope, None, report, f'"{name}"')
            return wanted


def _as_field(field: Field) -> Field:
    """A field whose value may be missing is a field that is not required."""
    if isinstance(field.type, OptionalType):
        return Field(field.name, field.type.inner, required=False, span=field.span)
    return field


def _object(data: Mapping, wanted: ObjectType, scope: Scope, report: Report, what: str) -> None:
    given: set[str] = set()
    misspelt: set[str | None] = set()
    for (name, one), span in zip(data.fields, data.name_spans, strict=True):
        field = wanted.field(name)
        given.add(name)
        if field is None:
            free = [each.name for each in wanted.fields]
            hint = did_you_mean(name, free) or (f"it has {one_of(free)}" if free else "it has no fields")
            misspelt.add(nearest(name, free))
            report(Diagnostic("E210", span, f'{what} has no field "{name}"', "no such field", hint))
            data_type(one, scope, None, report, f'"{name}"')
        else:
            target = field.type if field.required else OptionalType(field.type)
            data_type(one, scope, target, report, f'"{name}"')
    for field in wanted.fields:
        if field.required and field.name not in given and field.name not in misspelt:
            words = f'{what} lacks "{field.name}"'
            report(Diagnostic("E302", _head(data), words, f'"{field.name}" is missing', _field_hint(field)))


def _field_hint(field: Field) -> str:
    return f"add `{field.name}:` with {_article(describe(field.type))}"


def _article(words: str) -> str:
    return words if words[0] in "\"'" else f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def _head(data: Mapping) -> Span:
    """Where a map is shown: at its first key, or whole where it stands in braces."""
    if data.name_spans and data.span.source.text[data.span.start : data.span.start + 1] != "{":
        return data.name_spans[0]
    return data.span


def _sequence(data: Sequence, scope: Scope, expected: Type | None, report: Report, what: str) -> Type:
    wanted = _unwrapped(expected)
    if wanted is not None and not isinstance(wanted, ArrayType):
        words = f"{what} wants {describe(wanted)}, not a list"
        report(Diagnostic("E301", data.span, words, "this is a list"))
        wanted = None
    if isinstance(wanted, ArrayType):
        for number, one in enumerate(data.items, 1):
            data_type(one, scope, wanted.items, report, f"item {number} of {what}")
        return wanted
    items: Type | None = None
    for one in data.items:
        given = data_type(one, scope, None, report, what)
        joined = given if items is None else join(items, given)
        if joined is None and items is not None:
            words = f"the items of a list have one type: {describe(items)} before, and {describe(given)} here"
            report(Diagnostic("E301", one.span, words, "another type"))
            return ArrayType(UNKNOWN)
        items = joined
    return ArrayType(items if items is not None else UNKNOWN)
