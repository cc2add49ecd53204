"""Expressions where a type is wanted: the messages where they do not fit, and how they would."""

from __future__ import annotations

from flowbridge.model.assignability import assignable, describe, optional, plain, present
from flowbridge.model.expression import Expression
from flowbridge.model.missing import there
from flowbridge.model.sight import Sight
from flowbridge.model.types import ArrayType, EnumType, ObjectType, OptionalType, Type
from flowbridge.text.diagnostic import Diagnostic, Report
from flowbridge.text.suggest import did_you_mean, one_of


def wrong_type(
    what: str, span_of: Expression, given: Type, wanted: str, report: Report, hint: str | None = None
) -> None:
    """Reports a value of the wrong type."""
    report(
        Diagnostic(
            "E301", span_of.span, f"{what} wants {wanted}, not {describe(given)}", f"this is {describe(given)}", hint
        )
    )


def fits(expression: Expression, given: Type, wanted: Type, scope: Sight, report: Report, what: str) -> None:
    """Reports an expression whose type does not fit what is wanted; `what` is what wants it."""
    if assignable(given, wanted):
        return
    if isinstance(given, OptionalType) and assignable(given.inner, wanted):
        there(expression, given, scope, report)
        return
    inner, target = present(given), present(wanted)
    if isinstance(inner, EnumType) and isinstance(target, EnumType):
        strange = [one for one in inner.values if one not in target.values]
        hint = did_you_mean(strange[0], target.values) or f"the choices are {one_of(target.values)}"
        report(
            Diagnostic(
                "E308", expression.span, f'"{strange[0]}" is not one of the choices of {what}', "not a choice", hint
            )
        )
        return
    wrong_type(what, expression, given, describe(wanted), report, type_hint(inner, target))


def type_hint(given: Type, wanted: Type) -> str | None:
    """How a value of one type becomes one of another, or what parts two objects."""
    match plain(given), plain(wanted):
        case ObjectType() as one, ObjectType() as other:
            return _difference(one, other)
        case ArrayType(items=inner), ArrayType(items=target):
            return type_hint(inner, target)
        case _, ArrayType(items=inner) if assignable(given, inner):
            return "put it into a list: [ … ]"
        case given_plain, wanted_plain:
            name = {"string": "str", "integer": "int", "number": "float"}.get(describe(wanted_plain))
            simple = describe(given_plain) in ("string", "integer", "number", "boolean")
            return f"convert it with {name}( … )" if name and simple and not isinstance(wanted, EnumType) else None


def _difference(given: ObjectType, wanted: ObjectType) -> str | None:
    for field in wanted.fields:
        found = given.field(field.name)
        if found is None and field.required:
            return f'"{field.name}" is missing in it'
        if found is not None and not assignable(
            found.read_type, field.type if field.required else optional(field.type)
        ):
            return f'its "{field.name}" is {describe(found.read_type)}, and {describe(field.type)} is wanted'
    extra = [one.name for one in given.fields if wanted.field(one.name) is None]
    return f'"{extra[0]}" is too much in it' if extra else None
