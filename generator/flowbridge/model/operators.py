"""Comparisons and arithmetic: what goes with what."""

from __future__ import annotations

from flowbridge.model.assignability import describe, join, plain, present
from flowbridge.model.expression import Arithmetic, Compare, Constant, Expression, Negate
from flowbridge.model.missing import there
from flowbridge.model.sight import Sight
from flowbridge.model.types import (
    ArrayType,
    BooleanType,
    EnumType,
    IntegerType,
    MapType,
    NullType,
    NumberType,
    OptionalType,
    StringType,
    Type,
    UnknownType,
)
from flowbridge.text.diagnostic import Diagnostic, Report
from flowbridge.text.suggest import did_you_mean, one_of

_NUMBERS = (IntegerType, NumberType)


def compare(expression: Compare, left: Type, right: Type, scope: Sight, report: Report) -> Type:
    """The type of a comparison: always a truth value."""
    match expression.operator:
        case "is" | "is not":
            _identity(expression, left, report)
        case "==" | "!=":
            _equality(expression, left, right, report)
        case "in" | "not in":
            container = there(expression.right, right, scope, report)
            membership(expression, left, container, report)
        case _:
            left, right = there(expression.left, left, scope, report), there(expression.right, right, scope, report)
            if not _ordered(left, right):
                words = f"{describe(left)} and {describe(right)}"
                report(
                    Diagnostic(
                        "E305",
                        expression.span,
                        f'"{expression.operator}" does not go between {words}',
                        words,
                        "numbers, texts and dates have an order, each among themselves",
                    )
                )
    return BooleanType()


def _identity(expression: Compare, left: Type, report: Report) -> None:
    if not (isinstance(expression.right, Constant) and expression.right.value is None):
        equal = "==" if expression.operator == "is" else "!="
        report(
            Diagnostic(
                "E305", expression.span, f'"{expression.operator}" goes with None only', "not None", f"write {equal}"
            )
        )
    elif not isinstance(left, OptionalType | NullType | UnknownType):
        report(
            Diagnostic(
                "E305",
                expression.span,
                f"{describe(left)} is always there: the test decides nothing",
                "never None",
                "leave the test out",
            )
        )


def _equality(expression: Compare, left: Type, right: Type, report: Report) -> None:
    if isinstance(left, NullType) or isinstance(right, NullType):
        word = "is None" if expression.operator == "==" else "is not None"
        report(
            Diagnostic(
                "E305",
                expression.span,
                f'"{expression.operator}" does not go with None',
                "compared with None",
                f"write {word}",
            )
        )
        return
    one, other = present(left), present(right)
    if isinstance(one, EnumType) and isinstance(other, EnumType) and not set(one.values) & set(other.values):
        _never_equal(expression, one, other, report)
    elif join(plain(one), plain(other)) is None:
        words = f"{describe(one)} and {describe(other)}"
        report(Diagnostic("E305", expression.span, f"{words} are never equal", "never equal"))


def _never_equal(expression: Compare, left: EnumType, right: EnumType, report: Report) -> None:
    """A text compared with a closed set of which it is not one."""
    literal, choices = (right, left) if isinstance(expression.right, Constant) else (left, right)
    place: Expression = expression.right if isinstance(expression.right, Constant) else expression.left
    hint = did_you_mean(literal.values[0], choices.values) or f"the choices are {one_of(choices.values)}"
    report(
        Diagnostic("E308", place.span, f'"{literal.values[0]}" is never one of the choices here', "not a choice", hint)
    )


def membership(expression: Expression, item: Type, container: Type, report: Report) -> None:
    """Checks that a value can be in a list, a text in a text, or a key in a map."""
    match plain(container):
        case UnknownType():
            return
        case ArrayType(items=items):
            wanted = items
        case StringType() | MapType():
            wanted = StringType()
        case _:
            report(
                Diagnostic(
                    "E306",
                    expression.span,
                    f"nothing can be in {describe(container)}",
                    "not a list",
                    "a list, a text or a map is wanted",
                )
            )
            return
    one, other = present(item), present(wanted)
    if isinstance(one, EnumType) and isinstance(other, EnumType) and not set(one.values) & set(other.values):
        hint = did_you_mean(one.values[0], other.values) or f"the choices are {one_of(other.values)}"
        report(Diagnostic("E308", expression.span, f'"{one.values[0]}" is never in the list', "not a choice", hint))
    elif join(plain(one), plain(other)) is None:
        report(
            Diagnostic("E305", expression.span, f"{describe(item)} is never in {describe(container)}", "never in it")
        )


def _ordered(left: Type, right: Type) -> bool:
    one, other = plain(left), plain(right)
    if isinstance(one, UnknownType) or isinstance(other, UnknownType):
        return True
    if isinstance(one, _NUMBERS) and isinstance(other, _NUMBERS):
        return True
    return isinstance(one, StringType) and isinstance(other, StringType)


def negate(expression: Negate, given: Type, scope: Sight, report: Report) -> Type:
    """The type of `-a`."""
    value = there(expression.operand, given, scope, report)
    if isinstance(value, UnknownType | IntegerType | NumberType):
        return IntegerType() if isinstance(value, IntegerType) else value
    report(Diagnostic("E305", expression.span, f'"-" does not go before {describe(value)}', describe(value)))
    return UnknownType()


def arithmetic(expression: Arithmetic, left: Type, right: Type, scope: Sight, report: Report) -> Type:
    """The type of `a + b` and its like; `+` also joins two texts or two lists."""
    left, right = there(expression.left, left, scope, report), there(expression.right, right, scope, report)
    one, other = plain(left), plain(right)
    if isinstance(one, UnknownType) or isinstance(other, UnknownType):
        return UnknownType()
    if isinstance(one, _NUMBERS) and isinstance(other, _NUMBERS):
        whole = isinstance(one, IntegerType) and isinstance(other, IntegerType) and expression.operator != "/"
        return IntegerType() if whole else NumberType()
    if expression.operator == "+":
        if isinstance(one, StringType) and isinstance(other, StringType):
            return StringType()
        if isinstance(one, ArrayType) and isinstance(other, ArrayType):
            items = join(one.items, other.items)
            if items is not None:
                return ArrayType(items)
    words = f"{describe(left)} and {describe(right)}"
    hint = None
    if expression.operator == "+" and (isinstance(one, StringType) or isinstance(other, StringType)):
        hint = "write one text with ${ } in it, or convert with str( … )"
    report(Diagnostic("E305", expression.span, f'"{expression.operator}" does not go between {words}', words, hint))
    return UnknownType()
