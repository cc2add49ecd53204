"""Types as Python annotations: the names of their models, and what has to be imported for them."""

from __future__ import annotations

from typing import assert_never

from flowbridge.emit.code import quoted
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
    StringType,
    Type,
    UnknownType,
)
from flowbridge.plan.plan import Model


def annotation(kind: Type, models: tuple[Model, ...]) -> str:
    """A type as the annotation of a variable or a field; objects by the name of their model."""
    match kind:
        case StringType():
            return "str"
        case EnumType():
            return f"Literal[{', '.join(quoted(value) for value in kind.values)}]"
        case IntegerType():
            return "int"
        case NumberType():
            return "float"
        case BooleanType():
            return "bool"
        case NullType():
            return "None"
        case OptionalType():
            inner = annotation(kind.inner, models)
            return inner if inner.endswith("| None") else f"{inner} | None"
        case ArrayType():
            return f"list[{annotation(kind.items, models)}]"
        case MapType():
            return f"dict[str, {annotation(kind.values, models)}]"
        case ObjectType():
            return model_name(kind, models)
        case UnknownType():
            return "object"
        case _:
            assert_never(kind)


def model_name(kind: ObjectType, models: tuple[Model, ...]) -> str:
    """The name of an object type's model: its own if it is a named type, else that of the first equal one."""
    same = [model.name for model in models if model.type == kind]
    return kind.name if kind.name in same else same[0]
