"""What fits where: assignability and joins of types, and types in words.

Objects are compared by their fields, not by their names: an object fits another if it has exactly its fields, each of
a fitting type, and nothing that is required may be missing.
"""

from __future__ import annotations

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


def plain(given: Type) -> Type:
    """The type without its being optional, and a closed set of texts as text."""
    if isinstance(given, OptionalType):
        return plain(given.inner)
    return StringType() if isinstance(given, EnumType) else given


def optional(given: Type) -> Type:
    """The type of the same value where it may be missing."""
    return given if isinstance(given, OptionalType | NullType | UnknownType) else OptionalType(given)


def present(given: Type) -> Type:
    """The type of the same value where it is known to be there."""
    return given.inner if isinstance(given, OptionalType) else given


def assignable(source: Type, target: Type) -> bool:
    """Whether a value of type `source` may stand where `target` is wanted."""
    match source, target:
        case (UnknownType(), _) | (_, UnknownType()):
            return True
        case OptionalType(inner=inner), OptionalType(inner=wanted):
            return assignable(inner, wanted)
        case NullType(), OptionalType() | NullType():
            return True
        case _, OptionalType(inner=wanted):
            return assignable(source, wanted)
        case EnumType(values=values), EnumType(values=allowed):
            return set(values) <= set(allowed)
        case StringType() | EnumType(), StringType():
            return True
        case IntegerType(), IntegerType() | NumberType():
            return True
        case (NumberType(), NumberType()) | (BooleanType(), BooleanType()):
            return True
        case ArrayType(items=items), ArrayType(items=wanted):
            return assignable(items, wanted)
        case MapType(values=values), MapType(values=wanted):
            return assignable(values, wanted)
        case _:
            if not isinstance(source, ObjectType) or not isinstance(target, ObjectType):
                return False
            return source is target or _object_fits(source, target)


def _object_fits(source: ObjectType, target: ObjectType) -> bool:
    if any(target.field(field.name) is None for field in source.fields):
        return False
    for wanted in target.fields:
        given = source.field(wanted.name)
        if given is None:
            if wanted.required:
                return False
        elif not assignable(given.read_type, wanted.type if wanted.required else OptionalType(wanted.type)):
            return False
    return True


def join(left: Type, right: Type) -> Type | None:
    """The narrowest type that both fit, or None where there is none worth a name."""
    if isinstance(left, UnknownType) or isinstance(right, UnknownType):
        return UnknownType()
    if isinstance(left, NullType):
        return optional(right)
    if isinstance(right, NullType):
        return optional(left)
    if isinstance(left, OptionalType) or isinstance(right, OptionalType):
        inner = join(present(left), present(right))
        return optional(inner) if inner is not None else None
    if isinstance(left, EnumType) and isinstance(right, EnumType):
        return EnumType(tuple(dict.fromkeys((*left.values, *right.values))))
    if isinstance(left, StringType) and isinstance(right, StringType):
        return left if left == right else StringType()
    if isinstance(left, ArrayType) and isinstance(right, ArrayType):
        items = join(left.items, right.items)
        return ArrayType(items) if items is not None else None
    if assignable(left, right):
        return right
    return left if assignable(right, left) else None


MOST_PARTS = 1_000
"""Fields of one type, those of its fields included; what is larger is passed as a file."""
DEEPEST_TYPE = 32
"""Types within types."""


def is_too_large(given: Type) -> bool:
    """Whether a type has more parts or is deeper than anything can be made of."""
    left = MOST_PARTS
    waiting: list[tuple[Type, int]] = [(given, 0)]
    while waiting:
        one, depth = waiting.pop()
        left -= 1
        if left < 0 or depth > DEEPEST_TYPE:
            return True
        match one:
            case ObjectType(fields=fields):
                waiting += [(field.type, depth + 1) for field in fields]
            case ArrayType(items=inner) | MapType(values=inner) | OptionalType(inner=inner):
                waiting.append((inner, depth + 1))
            case _:
                pass
    return False


def describe(given: Type) -> str:
    """A type in the author's words: `string`, `Batch[]`, `"Approved" or "Rejected"`."""
    match given:
        case StringType(format=form):
            return form or "string"
        case EnumType(values=values):
            return " or ".join(f'"{one}"' for one in values[:4]) + (" …" if len(values) > 4 else "")
        case IntegerType():
            return "integer"
        case NumberType():
            return "number"
        case BooleanType():
            return "boolean"
        case NullType():
            return "None"
        case OptionalType(inner=inner):
            return f"{describe(inner)} that may be missing"
        case ArrayType(items=items):
            inner = describe(items)
            return f"list of {inner}" if " " in inner else f"{inner}[]"
        case MapType(values=values):
            return f"map of {describe(values)}"
        case ObjectType(name=name, fields=fields):
            shown = ", ".join(one.name for one in fields[:4]) + (", …" if len(fields) > 4 else "")
            return name or f"object with {shown or 'no fields'}"
        case UnknownType():
            return "anything"
