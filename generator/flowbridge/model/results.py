"""What steps give that is not declared by anybody: the types of an approval's answer, a fan-out, branches, events."""

from __future__ import annotations

from flowbridge.model.assignability import present
from flowbridge.model.types import (
    ArrayType,
    BooleanType,
    EnumType,
    Field,
    IntegerType,
    ObjectType,
    OptionalType,
    StringType,
    Type,
)
from flowbridge.model.workflow import Approval, Event, ForEach, WaitFor

ERROR = ObjectType(
    (
        Field("code", StringType()),
        Field("message", StringType()),
        Field("step", StringType(), required=False),
    )
)
"""What a catch sees of an error, and `on_failure` of the one that failed the workflow."""

COUNTS = ("succeeded", "failed", "total")
"""What every fan-out counts."""


def error_type(details: ObjectType | None, certain: bool) -> ObjectType:
    """An error with the fields that it declares; `certain` if nothing else raises it without them."""
    if details is None:
        return ERROR
    return ObjectType((*ERROR.fields, Field("details", details, required=certain)))


def fan_out_type(step: ForEach, variable: Type, item: Type | None) -> ObjectType:
    """What a for_each gives, by the type of its variable and of what each item gives; None where it has no `output`."""
    fields = [Field(name, IntegerType()) for name in COUNTS]
    if step.tolerated_failures:
        failure = ObjectType((Field("index", IntegerType()), Field("item", variable), Field("error", ERROR)))
        fields.insert(0, Field("errors", ArrayType(failure)))
    if item is not None:
        fields.insert(0, Field("results", ArrayType(item)))
    return ObjectType(tuple(fields))


def approval_type(step: Approval, *, approved: bool = True) -> ObjectType:
    """What an approval gives; before it is known to be approved, the answers to its form may be missing."""
    answer = (
        Field("outcome", EnumType(step.outcomes)),
        Field("responder", StringType()),
        Field("comments", StringType(), required=False),
        Field("decidedAt", StringType("date-time")),
    )
    fields = [*answer, Field("responses", ArrayType(ObjectType(answer)))]
    if step.form is not None:
        fields.append(Field("form", step.form, required=approved))
    return ObjectType(tuple(fields))


def branches_type(outputs: list[tuple[str, Type]], all_needed: bool) -> ObjectType | None:
    """What a parallel gives, by the outputs of its branches; None where no branch has one."""
    if not outputs:
        return None
    fields = (
        Field(name, present(given), required=all_needed and not isinstance(given, OptionalType))
        for name, given in outputs
    )
    return ObjectType(tuple(fields))


def events_type(step: WaitFor) -> Type | None:
    """What a wait_for gives; None where its one event brings nothing."""
    if step.mode == "one":
        payload = step.events[0].payload if step.events else None
        return ArrayType(payload) if payload is not None and step.count > 1 else payload
    return ObjectType(tuple(Field(one.name, _brought(one), required=step.mode == "all") for one in step.events))


def _brought(event: Event) -> Type:
    return event.payload if event.payload is not None else BooleanType()
