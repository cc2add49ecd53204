"""Expressions as the author meant them: a closed union of frozen nodes, each with its place in the YAML."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal as OneOf

from flowbridge.text.source import Span

Comparison = OneOf["==", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "is not"]
Operator = OneOf["+", "-", "*", "/", "//", "%"]


@dataclass(frozen=True)
class Constant:
    """A text, a number, True, False or None."""

    value: bool | int | float | str | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Name:
    """`input`, `run`, a step's id, a loop variable or a comprehension's variable."""

    name: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Attribute:
    """A field of an object: `target.name`; `name_span` is the name alone."""

    target: Expression
    name: str
    span: Span = field(compare=False, repr=False)
    name_span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Index:
    """An item of a list by position, or of a map by key: `target[index]`."""

    target: Expression
    index: Expression
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class ListOf:
    """A list written out: `[a, b]`."""

    items: tuple[Expression, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Compare:
    """One comparison; `a < b < c` is bound as `a < b and b < c`."""

    left: Expression
    operator: Comparison
    right: Expression
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Logic:
    """`a and b …` or `a or b …`; both want booleans and give one."""

    operator: OneOf["and", "or"]
    operands: tuple[Expression, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Not:
    """`not a`."""

    operand: Expression
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Negate:
    """`-a`."""

    operand: Expression
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Arithmetic:
    """`left operator right`; `+` also joins two texts or two lists."""

    left: Expression
    operator: Operator
    right: Expression
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Conditional:
    """`then if condition else otherwise`."""

    condition: Expression
    then: Expression
    otherwise: Expression
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Comprehension:
    """`[element for variable in items if condition]`, or the same without brackets as the argument of a function."""

    element: Expression
    variable: str
    items: Expression
    conditions: tuple[Expression, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class FunctionCall:
    """A call of a function of the language's table; `name_span` is the name alone."""

    function: str
    arguments: tuple[Expression, ...]
    span: Span = field(compare=False, repr=False)
    name_span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Construct:
    """An object of a named type: `Failure(id=…, reason=…)`."""

    type_name: str
    fields: tuple[tuple[str, Expression], ...]
    span: Span = field(compare=False, repr=False)
    name_span: Span = field(compare=False, repr=False)


Expression = (
    Constant
    | Name
    | Attribute
    | Index
    | ListOf
    | Compare
    | Logic
    | Not
    | Negate
    | Arithmetic
    | Conditional
    | Comprehension
    | FunctionCall
    | Construct
)
