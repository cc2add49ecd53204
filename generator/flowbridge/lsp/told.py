"""What people are told of a thing, in Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from flowbridge.model.activities import PythonFunction
from flowbridge.model.assignability import describe, present
from flowbridge.model.functions import KIND_WORDS, Function
from flowbridge.model.types import (
    ABSENT,
    ArrayType,
    EnumType,
    Field,
    IntegerType,
    MapType,
    NumberType,
    ObjectType,
    StringType,
    Type,
)
from flowbridge.model.workflow import (
    Activity,
    Approval,
    Block,
    Call,
    ForEach,
    Parallel,
    Raise,
    Repeat,
    Return,
    RunWorkflow,
    Set,
    Status,
    Step,
    Switch,
    Wait,
    WaitFor,
    Workflow,
)

_MOST_FIELDS = 40


def code(text: str) -> str:
    """A line of code."""
    return f"```\n{text}\n```"


def about_type(given: Type) -> str:
    """The fields of an object, or what is in a list of them; empty where the type's name says all."""
    inner = present(given)
    while isinstance(inner, ArrayType):
        inner = present(inner.items)
    if not isinstance(inner, ObjectType):
        return ""
    lines = [_field_line(one) for one in inner.fields[:_MOST_FIELDS]]
    if len(inner.fields) > _MOST_FIELDS:
        lines.append(f"- and {len(inner.fields) - _MOST_FIELDS} more")
    return "\n".join(lines)


def _field_line(field: Field) -> str:
    words = f" — {field.title or field.description}" if field.title or field.description else ""
    return f"- `{field.name}`: {describe(field.read_type)}{words}"


def about_field(field: Field) -> str:
    """A field: its title, its description, its bounds, and whether it has to be given."""
    parts = [f"**{field.title}**" if field.title else "", field.description or "", *_bounds(field.type)]
    if field.default is not ABSENT:
        parts.append(f"Unless given: `{field.default!r}`")
    elif not field.required:
        parts.append("It may be missing.")
    return "\n\n".join(one for one in [*parts, about_type(field.type)] if one)


def _bounds(given: Type) -> Iterator[str]:
    match given:
        case IntegerType(minimum=least, maximum=most) | NumberType(minimum=least, maximum=most):
            yield from _between(least, most, "")
        case StringType(min_length=least, max_length=most, pattern=pattern):
            yield from _between(least, most, " characters")
            if pattern is not None:
                yield f"It matches `{pattern}`."
        case ArrayType(min_items=least, max_items=most):
            yield from _between(least, most, " items")
        case EnumType(values=values):
            yield "One of " + ", ".join(f"`{one}`" for one in values) + "."
        case MapType() | _:
            return


def _between(least: float | None, most: float | None, unit: str) -> Iterator[str]:
    if least is not None:
        yield f"At least {least}{unit}."
    if most is not None:
        yield f"At most {most}{unit}."


def about_function(function: Function) -> str:
    """A function of the language: its signature, what it does, and what it takes."""
    lines = [f"- `{one.name}`: {KIND_WORDS[one.kind]}" for one in function.parameters]
    return "\n\n".join(one for one in (code(function.signature), function.summary, "\n".join(lines)) if one)


def about_activity(activity: Activity, function: PythonFunction | None) -> str:
    """An activity's contract, and the Python function behind it."""
    parts = [f"**{activity.title}**" if activity.title else "", activity.description or ""]
    for word, given in (("Takes", activity.input), ("Gives", activity.output)):
        if given is None:
            parts.append(f"{word} nothing.")
        else:
            fields = about_type(given)
            parts.append(f"{word} {describe(given)}" + (f":\n{fields}" if fields else "."))
    if activity.errors:
        parts.append("May raise " + ", ".join(f"`{one}`" for one in activity.errors) + ".")
    parts.append("It may run twice." if activity.idempotent else "It is not marked idempotent.")
    if function is not None:
        word = "async def" if function.is_async else "def"
        parts.append(code(f"{word} {function.name}({', '.join(function.parameters)})  # {function.module}"))
    return "\n\n".join(one for one in parts if one)


def about_workflow(workflow: Workflow) -> str:
    """A workflow that may be run: what it takes and gives."""
    parts = [f"**{workflow.title}**", workflow.description]
    if workflow.input.fields:
        parts.append(f"Takes:\n{about_type(workflow.input)}")
    if workflow.output is not None:
        parts.append(f"Gives:\n{about_type(workflow.output)}")
    return "\n\n".join(one for one in parts if one)


def about_step(step: Step) -> str:
    """What a step is, in a few words."""
    words = f"{kind_of(step)}, line {step.common.span.line}"
    return f"**{step.common.title}** — {words}" if step.common.title else words[0].upper() + words[1:]


def kind_of(step: Step) -> str:
    """The verb of a step, with what it is about."""
    match step:
        case Call(activity=name):
            return f"call {name}"
        case RunWorkflow(workflow=name):
            return f"run {name}"
        case ForEach(variable=name):
            return f"for_each {name}"
        case Raise(error=name):
            return f"raise {name}"
        case Parallel():
            return "parallel"
        case Switch():
            return "switch"
        case Block():
            return "steps"
        case Repeat():
            return "repeat"
        case Wait():
            return "wait"
        case WaitFor():
            return "wait_for " + ", ".join(one.name for one in step.events)
        case Approval():
            return "approval"
        case Set():
            return "set"
        case Status():
            return "status"
        case Return():
            return "return"
        case _:
            assert_never(step)
