"""The annotations of an activity's function against its contract, where they are plain."""

from __future__ import annotations

from collections.abc import Iterator

from flowbridge.model.activities import Annotation, PythonFunction
from flowbridge.model.assignability import describe
from flowbridge.model.types import (
    ArrayType,
    BooleanType,
    EnumType,
    IntegerType,
    MapType,
    NumberType,
    ObjectType,
    OptionalType,
    StringType,
    Type,
)
from flowbridge.model.workflow import Activity
from flowbridge.text.diagnostic import Diagnostic, Related

_ANYTHING = ("?", "object", "Any")


def check_annotations(activity: Activity, function: PythonFunction) -> Iterator[Diagnostic]:
    """Parameters that do not take what they are given, and a result that is not what is declared."""
    for name, given in _given(activity, function):
        written = function.annotations.get(name)
        if written is None:
            continue
        if name in function.optional and isinstance(given, OptionalType):
            given = given.inner
        if not _takes(written, given):
            words = (
                f'the parameter "{name}" of "{activity.name}" is annotated {_text(written)}, and gets {_what(given)}'
            )
            yield _wrong(activity, function, written, words, given)
    result = function.annotations.get("return")
    if result is not None and activity.output is not None and not _gives(result, activity.output):
        wanted = activity.output
        words = f'"{activity.name}" is annotated to return {_text(result)}, and its activity gives {_what(wanted)}'
        yield _wrong(activity, function, result, words, wanted)


def _wrong(activity: Activity, function: PythonFunction, written: Annotation, words: str, given: Type) -> Diagnostic:
    related = (Related(activity.span, "the activity"),)
    return Diagnostic(
        "E455", written.span or function.span, words, "another type", f"write {python_type(given)}", related
    )


def _given(activity: Activity, function: PythonFunction) -> Iterator[tuple[str, Type]]:
    """The parameters by name, each with the type of what it gets."""
    if isinstance(activity.input, ObjectType):
        yield from ((one.name, one.read_type) for one in activity.input.fields)
    elif activity.input is not None and function.parameters:
        yield function.first_parameter, activity.input


def _takes(written: Annotation, given: Type) -> bool:
    """Whether a parameter with this annotation takes every value of a type."""
    name, arguments = written.name, written.arguments
    if name in _ANYTHING:
        return True
    if isinstance(given, OptionalType):
        return name == "|" and _has_none(written) and _takes(written, given.inner)
    if name == "|":
        return any(_takes(one, given) for one in arguments)
    match given:
        case StringType() | EnumType():
            return name == "str"
        case IntegerType():
            return name in ("int", "float")
        case NumberType():
            return name == "float"
        case BooleanType():
            return name == "bool"
        case ArrayType(items=items):
            return name == "list" and (not arguments or _takes(arguments[0], items))
        case MapType(values=values):
            return name == "dict" and (len(arguments) < 2 or _takes(arguments[1], values))
        case ObjectType():
            return name == "dict"
        case _:
            return True


def _has_none(written: Annotation) -> bool:
    return any(one.name == "None" or one.name in _ANYTHING or _has_none(one) for one in written.arguments)


def _gives(written: Annotation, wanted: Type) -> bool:
    """Whether a function with this result may give a value of a type."""
    name, arguments = written.name, written.arguments
    if name in _ANYTHING:
        return True
    if name == "|":
        return all(_gives(one, wanted) for one in arguments)
    match wanted:
        case OptionalType(inner=inner):
            return name == "None" or _gives(written, inner)
        case StringType() | EnumType():
            return name == "str"
        case IntegerType():
            return name == "int"
        case NumberType():
            return name in ("int", "float")
        case BooleanType():
            return name == "bool"
        case ArrayType(items=items):
            return name == "list" and (not arguments or _gives(arguments[0], items))
        case MapType(values=values):
            return name == "dict" and (len(arguments) < 2 or _gives(arguments[1], values))
        case ObjectType():
            return name == "dict"
        case _:
            return True


# ---- in words


def python_type(given: Type) -> str:
    """The annotation that a value of a type has; an object that has a name has it as a TypedDict."""
    match given:
        case StringType() | EnumType():
            return "str"
        case IntegerType():
            return "int"
        case NumberType():
            return "float"
        case BooleanType():
            return "bool"
        case OptionalType(inner=inner):
            return f"{python_type(inner)} | None"
        case ArrayType(items=items):
            return f"list[{python_type(items)}]"
        case MapType(values=values):
            return f"dict[str, {python_type(values)}]"
        case _:
            return "dict[str, object]"


def _text(written: Annotation) -> str:
    span = written.span
    return span.source.text[span.start : span.end] if span is not None else written.name


def _what(given: Type) -> str:
    words = describe(given)
    return words if len(words) <= 60 else f"{words[:59]}…"
