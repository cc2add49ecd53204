"""What would make a connector that the platform refuses, or whose users could not fill in a field."""

from __future__ import annotations

from collections.abc import Iterator

from flowbridge.model.types import ArrayType, Field, MapType, ObjectType, OptionalType, Type
from flowbridge.model.workflow import Workflow
from flowbridge.text.diagnostic import Diagnostic

TAKEN = {
    "instanceid": "the id of the instance, which Start takes beside the input",
    "callbackurl": "the address at which a waiting flow is called back, which RunAndWait takes beside the input",
}
SCHEMAS = 500
"""The platform takes 512 schemas a body; the operations add a few of their own."""


def check(workflow: Workflow) -> Iterator[Diagnostic]:
    """All rules of this family."""
    for one in workflow.input.fields:
        yield from _input(workflow, one)
    for name, kind in (("input", workflow.input), ("output", workflow.output)):
        count = 0 if kind is None else schemas(kind)
        if count > SCHEMAS:
            words = f"the {name} has {count} values, counted at every depth; a connector can show {SCHEMAS}"
            yield Diagnostic("E502", workflow.name_span or workflow.span, words, f"the {name} of this workflow")


def _input(workflow: Workflow, one: Field) -> Iterator[Diagnostic]:
    span = one.span or workflow.name_span or workflow.span
    if told := TAKEN.get(one.name.lower()):
        words = f'the input "{one.name}" has the name of {told}'
        yield Diagnostic("E501", span, words, "taken by the connector", "name it after what it is for")
    elif one.name.lower() == "connectionid":
        words = f'"{one.name}" is a name that the Power Platform keeps for itself, and its validator refuses'
        yield Diagnostic("W501", span, words, "kept by the platform", "give it another name, such as accountId")


def schemas(kind: Type) -> int:
    """How many schemas a type becomes, itself included, with everything written in place."""
    match kind:
        case ObjectType():
            return 1 + sum(schemas(one.type) for one in kind.fields)
        case ArrayType():
            return 1 + schemas(kind.items)
        case MapType():
            return 1 + schemas(kind.values)
        case OptionalType():
            return schemas(kind.inner)
        case _:
            return 1
