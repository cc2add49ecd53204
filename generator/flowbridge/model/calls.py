"""Calls of the language's functions against their table."""

from __future__ import annotations

from flowbridge.model.assignability import describe, join, present
from flowbridge.model.expression import Constant, Expression, FunctionCall
from flowbridge.model.functions import FUNCTIONS, KIND_WORDS, Function, Kind, accepts
from flowbridge.model.literals import in_format
from flowbridge.model.missing import there
from flowbridge.model.operators import membership
from flowbridge.model.sight import Sight
from flowbridge.model.types import NullType, OptionalType, Type, UnknownType
from flowbridge.text.diagnostic import Diagnostic, Report
from flowbridge.text.suggest import did_you_mean

_OTHER_NAMES = {
    "length": "len", "count": "len", "size": "len", "toupper": "upper", "tolower": "lower", "concat": "join",
    "includes": "contains", "startswith": "starts_with", "utcnow": "now", "guid": "uuid", "json": "to_json",
    "string": "str", "number": "float", "integer": "int", "avg": "sum", "sort": "sorted", "if": "coalesce",
    "adddays": "add_duration", "addhours": "add_duration", "formatdatetime": "format_date", "dumps": "to_json",
    "loads": "parse_json", "head": "first", "tail": "last", "default": "coalesce",
}  # fmt: skip


def check_call(expression: FunctionCall, given: tuple[Type, ...], scope: Sight, report: Report) -> Type:
    """The type of a call whose arguments have the types `given`."""
    function = FUNCTIONS.get(expression.function)
    if function is None:
        _unknown(expression, scope, report)
        return UnknownType()
    if not _count(expression, function, report):
        return UnknownType()
    sound = True
    arguments: list[Type] = []
    for index, (argument, one) in enumerate(zip(expression.arguments, given, strict=True)):
        kind = function.kind(index, len(given))
        checked, fine = _argument(function, kind, argument, one, scope, report)
        arguments.append(checked)
        sound = sound and fine
    if not sound:
        return UnknownType()
    if function.name == "contains":
        membership(expression, arguments[1], arguments[0], report)
    if (function.several is not None and len(arguments) > 1) or function.name == "coalesce":
        _one_type(expression, arguments, report)
    return function.result(tuple(arguments)) if arguments or not function.parameters else UnknownType()


def _unknown(expression: FunctionCall, scope: Sight, report: Report) -> None:
    name = expression.function
    other = _OTHER_NAMES.get(name.replace("_", "").lower())
    hint = f'did you mean "{other}"?' if other is not None else did_you_mean(name, FUNCTIONS)
    if hint is None and name in scope.types:
        hint = f"{name}(field=value) makes one"
    if name in scope.names:
        message, hint = f'"{name}" is a value, and cannot be called', None
    else:
        message = f'the language has no function "{name}"'
    report(
        Diagnostic(
            "E211",
            expression.name_span,
            message,
            "no such function",
            hint or "an activity can do what no function does",
        )
    )


def _count(expression: FunctionCall, function: Function, report: Report) -> bool:
    count = len(expression.arguments)
    if count >= function.fewest and (function.most is None or count <= function.most):
        return True
    report(
        Diagnostic(
            "E307", expression.span, f"{function.name} takes {_how_many(function)}, not {count}", function.signature
        )
    )
    return False


def _how_many(function: Function) -> str:
    if function.most is None:
        return f"{function.fewest} or more arguments"
    if function.most == function.fewest:
        return f"{function.fewest} argument{'s' if function.fewest != 1 else ''}"
    return f"{function.fewest} or {function.most} arguments"


def _argument(
    function: Function, kind: Kind, argument: Expression, given: Type, scope: Sight, report: Report
) -> tuple[Type, bool]:
    """The argument's type where it is used, and whether it may be used so."""
    if kind != "optional" and isinstance(given, OptionalType | NullType):
        given = there(argument, given, scope, report)
    if not accepts(kind, given):
        wanted = KIND_WORDS[kind]
        report(
            Diagnostic(
                "E307",
                argument.span,
                f"{function.name} wants {wanted}, not {describe(given)}",
                f"this is {describe(given)}",
                function.signature,
            )
        )
        return given, False
    if kind in ("duration", "time") and isinstance(argument, Constant) and isinstance(argument.value, str):
        _literal(kind, argument, argument.value, report)
    return given, True


def _literal(kind: Kind, argument: Expression, text: str, report: Report) -> None:
    if kind == "duration" and not in_format(text, "duration"):
        report(
            Diagnostic("E313", argument.span, f'"{text}" is not a duration', "not a duration", "write 7d, 1h30m or 90s")
        )
    if kind == "time" and not (in_format(text, "date") or in_format(text, "date-time")):
        report(
            Diagnostic(
                "E313",
                argument.span,
                f'"{text}" is neither a date nor a time',
                "not a time",
                "write 2026-01-31 or 2026-01-31T08:00:00Z",
            )
        )


def _one_type(expression: FunctionCall, arguments: list[Type], report: Report) -> None:
    joined: Type = arguments[0]
    for place, one in zip(expression.arguments[1:], arguments[1:], strict=True):
        found = join(joined, one)
        if found is None:
            report(
                Diagnostic(
                    "E307",
                    place.span,
                    f"{expression.function} wants values of one type: {describe(present(joined))} "
                    f"here, and {describe(present(one))}",
                    "another type",
                )
            )
            return
        joined = found
