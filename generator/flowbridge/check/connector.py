"""What would make a connector that the platform refuses."""

from __future__ import annotations

from collections.abc import Iterator

from flowbridge.model.types import ArrayType, MapType, ObjectType, OptionalType, Type
from flowbridge.model.workflow import Workflow
from flowbridge.text.diagnostic import Diagnostic

SCHEMAS = 500
"""The platform takes 512 schemas a body; the operations add a few of their own."""


def check(workflow: Workflow) -> Iterator[Diagnostic]:
    """All rules of this family."""
    for name, kind in (("input", workflow.input), ("output", workflow.output)):
        count = 0 if kind is None else schemas(kind)
        if count > SCHEMAS:
            words = f"the {name} has {count} values, counted at every depth; a connector can show {SCHEMAS}"
            yield Diagnostic("E502", workflow.name_span or workflow.span, words, f"the {name} of this workflow")


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
