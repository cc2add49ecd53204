"""Which names an expression may read where it stands, of what types, and which of them are known to be there.

A sight never changes; a step adds to it by making the next one. A value of a workflow never changes either, so what a
condition has shown of a name or of a field of it holds for as long as the condition does.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, Self

from flowbridge.model.assignability import present
from flowbridge.model.expression import Attribute, Compare, Constant, Expression, Logic, Name, Not
from flowbridge.model.types import Field, IntegerType, ObjectType, StringType, Type
from flowbridge.text.source import Span

Path = tuple[str, ...]

RUN = ObjectType(
    (
        Field("id", StringType()),
        Field("name", StringType()),
        Field("version", IntegerType()),
        Field("startedAt", StringType("date-time")),
    )
)
"""What `run` has: the instance's id, the workflow's name and version, and when the instance was started."""


@dataclass(frozen=True)
class Hider:
    """What keeps the names inside of it from being read outside: a loop, a branch, a `finally`, the workflow's parts.

    `failed` is a step that was caught: what it names has no value in its `catch`. `key` tells one hider from another.
    """

    kind: Literal["for_each", "repeat", "parallel", "finally", "failed", "steps", "on_failure"]
    name: str
    key: Hashable
    branch: str | None = None


@dataclass(frozen=True)
class Known:
    """A step's id anywhere in the workflow: its place, what hides it, and whether the step has a result."""

    span: Span
    hider: Hider
    has_result: bool


@dataclass(frozen=True)
class Sight:
    """The names in sight; `inference.Scope` adds what needs types.

    `sure` are the paths known not to be None, `skipped` has the `if` of each step that may not have run, and `known`
    has every step's id, in sight or not, so that a message can tell why a name is not; `within` are the hiders around.
    """

    names: Mapping[str, Type]
    types: Mapping[str, ObjectType]
    sure: frozenset[Path] = frozenset()
    skipped: Mapping[str, Span] = field(default_factory=dict[str, Span])
    known: Mapping[str, Known] = field(default_factory=dict[str, Known])
    within: frozenset[Hashable] = frozenset()

    def having(self, name: str, given: Type, skipped: Span | None = None) -> Self:
        """This one with one more name; `skipped` is the condition under which alone it has a value."""
        maybe = {**self.skipped, name: skipped} if skipped is not None else self.skipped
        return replace(self, names={**self.names, name: given}, skipped=maybe)

    def entering(self, key: Hashable) -> Self:
        """This one inside of a hider."""
        return replace(self, within=self.within | {key})

    def narrowed(self, condition: Expression, holds: bool) -> Self:
        """This one where a condition is known to be true, or false."""
        found = _shown(condition, holds)
        return replace(self, sure=self.sure | found) if found else self

    def seen(self, expression: Expression, given: Type) -> Type:
        """The type of a value as it is seen here: without its being optional where a condition has ruled that out."""
        path = path_of(expression)
        return present(given) if path is not None and path in self.sure else given


def path_of(expression: Expression) -> Path | None:
    """`("report", "total")` for `report.total`; None for what is no chain of names."""
    match expression:
        case Name(name=name):
            return (name,)
        case Attribute(target=target, name=name):
            inner = path_of(target)
            return (*inner, name) if inner is not None else None
        case _:
            return None


def _shown(condition: Expression, holds: bool) -> frozenset[Path]:
    """The paths that a condition shows to be there, where it is true or where it is false."""
    match condition:
        case Not(operand=operand):
            return _shown(operand, not holds)
        case Logic(operator="and", operands=operands) if holds:
            return frozenset[Path]().union(*(_shown(one, True) for one in operands))
        case Logic(operator="or", operands=operands) if not holds:
            return frozenset[Path]().union(*(_shown(one, False) for one in operands))
        case Compare(operator="is not" | "is" as operator, right=Constant(value=None)):
            return _path(condition.left) if holds == (operator == "is not") else frozenset()
        case Compare(operator="==", right=Constant(value=value)) if value is not None:
            return _path(condition.left) if holds else frozenset()
        case _:
            return frozenset()


def _path(expression: Expression) -> frozenset[Path]:
    path = path_of(expression)
    return frozenset({path}) if path is not None else frozenset()
