"""Names for the object types of a workflow: each becomes one TypedDict of the generated app."""

from __future__ import annotations

from typing import assert_never

from flowbridge.model.types import (
    ArrayType,
    BooleanType,
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
from flowbridge.plan.identifiers import Allotment, pascal
from flowbridge.plan.plan import Model

# fmt: off
_IMPORTED = (
    "Activity", "ApprovalResult", "Context", "Envelope", "FanOutResult", "Lane", "Literal", "Orchestration",
    "Retry", "Run", "Schema", "StepError", "Steps", "TypedDict", "Workflow", "Client",
)
# fmt: on


class Models:
    """The models that have been named so far, in the order of their first use."""

    def __init__(self, named: tuple[ObjectType, ...]) -> None:
        self.found: list[Model] = []
        self._names = Allotment([*_IMPORTED, *(one.name or "" for one in named)])

    def take(self, kind: Type, hint: str, description: str) -> None:
        """Names every object type in a type; `hint` is the name of one that has none of its own."""
        match kind:
            case OptionalType():
                self.take(kind.inner, hint, description)
            case ArrayType():
                self.take(kind.items, f"{hint}Item", description)
            case MapType():
                self.take(kind.values, f"{hint}Value", description)
            case ObjectType():
                self.model(kind, hint, description)
            case StringType() | EnumType() | IntegerType() | NumberType() | BooleanType() | NullType() | UnknownType():
                pass
            case _:
                assert_never(kind)

    def model(self, kind: ObjectType, hint: str, description: str) -> Model:
        """The model of an object type: the one it has, or a new one."""
        for one in self.found:
            if one.type == kind and (kind.name is None or one.name == kind.name):
                return one
        for field in kind.fields:
            self.take(field.type, f"{kind.name or hint}{pascal(field.name)}", f"{field.name} of {kind.name or hint}.")
        name = kind.name or self._names.numbered(hint)
        made = Model(name, kind, f"The type {name}." if kind.name else description)
        self.found.append(made)
        return made

    def own(self, kind: ObjectType, hint: str, description: str) -> Model:
        """A model of its own under the hinted name, even if another has the same fields."""
        for field in kind.fields:
            self.take(field.type, f"{hint}{pascal(field.name)}", f"{field.name} of {hint}.")
        made = Model(self._names.numbered(hint), kind, description)
        self.found.append(made)
        return made

    def exports(self, name: str, fields: tuple[tuple[str, Type], ...], step: str) -> ObjectType:
        """A model of what a child gives back by name."""
        for field, kind in fields:
            self.take(kind, f"{name}{pascal(field)}", f"{field} of {step}.")
        kind = ObjectType(tuple(Field(field, one) for field, one in fields))
        self.own(kind, name, f"What {step} gives back.")
        return kind

    def reserve(self, name: str) -> str:
        """A name for a model that is not an object type of the language."""
        return self._names.numbered(name)
