"""What goes over the wire beside an author's own types: the id of an instance, and the answer to an approval."""

from __future__ import annotations

from flowbridge.model.types import EnumType, Field, ObjectType, StringType
from flowbridge.plan.plan import ApprovalPlan

INSTANCE_ID = Field("instanceId", StringType(max_length=100, pattern="^[A-Za-z0-9][A-Za-z0-9_.:-]*$"), required=False)
USUAL_OUTCOMES = ("Approve", "Reject")


def answer_type(approval: ApprovalPlan) -> ObjectType:
    """The body with which an approval is answered."""
    fields = [
        Field("decision", EnumType(approval.outcomes)),
        Field("responder", StringType(min_length=1, max_length=320)),
        Field("comments", StringType(max_length=4_000), required=False),
    ]
    if approval.form is not None:
        fields.append(Field("form", approval.form))
    return ObjectType(tuple(fields))


def answer_schema(approval: ApprovalPlan) -> str:
    """The name of the constant that holds the schema of an approval's answer."""
    return f"{approval.id.upper()}_ANSWER"
