"""The type of an expression, and what is wrong with it.

`infer` is used twice: by the checks, which pass on what it reports, and by the plan, which knows that there is nothing
to report and needs the types. What was reported has the type `UnknownType`, which fits everywhere, so that one mistake
is told once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from flowbridge.model.assignability import describe, join
from flowbridge.model.calls import check_call
from flowbridge.model.expression import (
    Arithmetic,
    Attribute,
    Compare,
    Comprehension,
    Conditional,
    Constant,
    Construct,
    Expression,
    FunctionCall,
    Index,
    ListOf,
    Logic,
    Name,
    Negate,
    Not,
)
from flowbridge.model.fitting import fits, wrong_type
from flowbridge.model.missing import there
from flowbridge.model.operators import arithmetic, compare, negate
from flowbridge.model.reading import UNKNOWN, read_field, read_item, read_name
from flowbridge.model.sight import Sight
from flowbridge.model.types import (
    ArrayType,
    BooleanType,
    EnumType,
    IntegerType,
    MapType,
    NullType,
    NumberType,
    ObjectType,
    OptionalType,
    Type,
    UnknownType,
)
from flowbridge.text.diagnostic import Diagnostic, Report, ignore
from flowbridge.text.suggest import did_you_mean, nearest


@dataclass(frozen=True)
class Scope(Sight):
    """What an expression may read where it stands."""

    def type_named(self, name: str) -> ObjectType:
        """A declared object type; KeyError where there is none, which the checks have ruled out."""
        return self.types[name]

    def inside(self, comprehension: Comprehension, report: Report = ignore) -> Scope:
        """The scope of a comprehension's element and conditions; each condition narrows what comes after it."""
        items = infer(comprehension.items, self, report)
        inner = items.items if isinstance(items, ArrayType) else UNKNOWN
        scope = self.having(comprehension.variable, inner)
        for one in comprehension.conditions:
            condition(one, scope, report, '"if"')
            scope = scope.narrowed(one, True)
        return scope


def infer(expression: Expression, scope: Scope, report: Report = ignore) -> Type:
    """The type of an expression in a scope; a text that is written out has the type of that one text."""
    match expression:
        case Constant():
            return constant_type(expression.value)
        case Name():
            return read_name(expression, scope, report)
        case Attribute():
            return read_field(expression, infer(expression.target, scope, report), scope, report)
        case Index():
            target, index = infer(expression.target, scope, report), infer(expression.index, scope, report)
            return read_item(expression, target, index, scope, report)
        case ListOf():
            return _list(expression, scope, report)
        case Compare():
            left, right = infer(expression.left, scope, report), infer(expression.right, scope, report)
            return compare(expression, left, right, scope, report)
        case Logic():
            return _logic(expression, scope, report)
        case Not():
            condition(expression.operand, scope, report, '"not"')
            return BooleanType()
        case Negate():
            return negate(expression, infer(expression.operand, scope, report), scope, report)
        case Arithmetic():
            left, right = infer(expression.left, scope, report), infer(expression.right, scope, report)
            return arithmetic(expression, left, right, scope, report)
        case Conditional():
            return _conditional(expression, scope, report)
        case Comprehension():
            return _comprehension(expression, scope, report)
        case FunctionCall():
            given = tuple(infer(one, scope, report) for one in expression.arguments)
            return check_call(expression, given, scope, report)
        case Construct():
            return _construct(expression, scope, report)
        case _:
            assert_never(expression)


def constant_type(value: bool | int | float | str | None) -> Type:
    """The type of a value that is written out."""
    match value:
        case None:
            return NullType()
        case bool():
            return BooleanType()
        case int():
            return IntegerType()
        case float():
            return NumberType()
        case str():
            return EnumType((value,))


def condition(expression: Expression, scope: Scope, report: Report, what: str) -> None:
    """Checks that an expression is true or false; `what` is what wants it."""
    given = infer(expression, scope, report)
    if isinstance(given, BooleanType | UnknownType):
        return
    if isinstance(given, OptionalType | NullType):
        there(expression, given, scope, report)
        return
    source = expression.span.source.text[expression.span.start : expression.span.end]
    match given:
        case ArrayType() | MapType():
            hint = f"write len({source}) > 0"
        case IntegerType() | NumberType():
            hint = f"write {source} != 0"
        case ObjectType():
            hint = "name one of its fields"
        case _:
            hint = f'compare it: {source} == "…"'
    report(
        Diagnostic(
            "E304",
            expression.span,
            f"{what} wants true or false, not {describe(given)}",
            f"this is {describe(given)}",
            hint,
        )
    )


# ---- composed kinds


def _list(expression: ListOf, scope: Scope, report: Report) -> Type:
    items: Type | None = None
    for one in expression.items:
        given = infer(one, scope, report)
        joined = given if items is None else join(items, given)
        if joined is None and items is not None:
            wrong_type("an item of this list", one, given, describe(items), report, "the items of a list have one type")
            return ArrayType(UNKNOWN)
        items = joined
    return ArrayType(items if items is not None else UNKNOWN)


def _logic(expression: Logic, scope: Scope, report: Report) -> Type:
    holds = expression.operator == "and"
    for one in expression.operands:
        condition(one, scope, report, f'"{expression.operator}"')
        scope = scope.narrowed(one, holds)
    return BooleanType()


def _conditional(expression: Conditional, scope: Scope, report: Report) -> Type:
    condition(expression.condition, scope, report, '"if"')
    then = infer(expression.then, scope.narrowed(expression.condition, True), report)
    otherwise = infer(expression.otherwise, scope.narrowed(expression.condition, False), report)
    joined = join(then, otherwise)
    if joined is None:
        wrong_type(
            "the value after else", expression.otherwise, otherwise, describe(then), report, "both values have one type"
        )
        return UNKNOWN
    return joined


def _comprehension(expression: Comprehension, scope: Scope, report: Report) -> Type:
    items = there(expression.items, infer(expression.items, scope), scope, report)
    if not isinstance(items, ArrayType | UnknownType):
        words = f"for … in wants a list, not {describe(items)}"
        report(Diagnostic("E306", expression.items.span, words, "not a list"))
    if expression.variable in scope.names or expression.variable in scope.known:
        words = f'the variable "{expression.variable}" hides another of that name'
        report(Diagnostic("E205", expression.span, words, "the same name", "give it another name"))
    return ArrayType(infer(expression.element, scope.inside(expression, report), report))


def _construct(expression: Construct, scope: Scope, report: Report) -> Type:
    wanted = scope.types.get(expression.type_name)
    given = [(name, value, infer(value, scope, report)) for name, value in expression.fields]
    if wanted is None:
        hint = did_you_mean(expression.type_name, scope.types) or "declare it under `types`"
        report(
            Diagnostic(
                "E208", expression.name_span, f'the type "{expression.type_name}" is not declared', "no such type", hint
            )
        )
        return UNKNOWN
    seen: set[str] = set()
    for name, value, found in given:
        field = wanted.field(name)
        if field is None:
            hint = did_you_mean(name, [one.name for one in wanted.fields])
            seen |= {near} if (near := nearest(name, [one.name for one in wanted.fields])) is not None else set()
            report(
                Diagnostic("E210", value.span, f'{expression.type_name} has no field "{name}"', "for no field", hint)
            )
        elif name in seen:
            report(Diagnostic("E204", value.span, f'the field "{name}" is given twice', "again"))
        else:
            target = field.type if field.required else OptionalType(field.type)
            fits(value, found, target, scope, report, f'"{name}"')
        seen.add(name)
    for field in wanted.fields:
        if field.required and field.name not in seen:
            report(
                Diagnostic(
                    "E302",
                    expression.span,
                    f'{expression.type_name} needs "{field.name}"',
                    f'"{field.name}" is missing',
                )
            )
    return wanted
