"""The types that a workflow declares and its expressions have, and what is assignable to what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from flowbridge.text.source import Span

type_format = Literal["date", "date-time", "duration", "email", "uri", "uuid"]
Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


class _Absent:
    """The mark of a field that has no default; None is a default like any other."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = _Absent()


@dataclass(frozen=True)
class StringType:
    """Text; a format or bounds narrow what is accepted from outside, not what is assignable."""

    format: type_format | None = None
    min_length: int | None = field(default=None, compare=False)
    max_length: int | None = field(default=None, compare=False)
    pattern: str | None = field(default=None, compare=False)


@dataclass(frozen=True)
class EnumType:
    """One of a closed set of texts, in the author's order."""

    values: tuple[str, ...]


@dataclass(frozen=True)
class IntegerType:
    """A whole number; the bounds are inclusive."""

    minimum: int | None = field(default=None, compare=False)
    maximum: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class NumberType:
    """A number with a fraction; an integer is assignable to it."""

    minimum: float | None = field(default=None, compare=False)
    maximum: float | None = field(default=None, compare=False)


@dataclass(frozen=True)
class BooleanType:
    """True or false."""


@dataclass(frozen=True)
class NullType:
    """The type of the literal None alone; it is never declared."""


@dataclass(frozen=True)
class OptionalType:
    """A value that may be missing: a field that is not required, or a step that may not have run."""

    inner: Type


@dataclass(frozen=True)
class ArrayType:
    """A list of one item type."""

    items: Type
    min_items: int | None = field(default=None, compare=False)
    max_items: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class MapType:
    """An object with free keys and one value type."""

    values: Type


@dataclass(frozen=True)
class Field:
    """One property of an object.

    `required` is false for `required: false` and for a field with a default. The type of a field that is not required
    and has no default reads as `OptionalType` in expressions; `type` here is what was declared.
    """

    name: str
    type: Type
    required: bool = True
    default: Json | _Absent = ABSENT
    title: str | None = field(default=None, compare=False)
    description: str | None = field(default=None, compare=False)
    span: Span | None = field(default=None, compare=False, repr=False)

    @property
    def read_type(self) -> Type:
        """The type that an expression sees when it reads this field."""
        if self.required or not isinstance(self.default, _Absent) or isinstance(self.type, OptionalType):
            return self.type
        return OptionalType(self.type)


@dataclass(frozen=True)
class ObjectType:
    """An object with closed, named fields; `name` is set where it was declared under `types`."""

    fields: tuple[Field, ...]
    name: str | None = field(default=None, compare=False)

    def field(self, name: str) -> Field | None:
        """The field of that name, or None."""
        return next((one for one in self.fields if one.name == name), None)


@dataclass(frozen=True)
class UnknownType:
    """The type of what was already reported as wrong; assignable both ways so that one mistake is told once."""


Type = (
    StringType
    | EnumType
    | IntegerType
    | NumberType
    | BooleanType
    | NullType
    | OptionalType
    | ArrayType
    | MapType
    | ObjectType
    | UnknownType
)
