"""What goes over the wire beside an author's own types: the id of an instance, and the answer to an approval."""

from __future__ import annotations

from flowbridge.emit.schema import Schema, json_schema
from flowbridge.model.types import EnumType, Field, ObjectType, StringType
from flowbridge.plan.plan import ApprovalPlan

INSTANCE_ID = Field("instanceId", StringType(max_length=100, pattern="^[A-Za-z0-9][A-Za-z0-9_.:-]*$"), required=False)
REFUSAL = "Reject"
USUAL_OUTCOMES = ("Approve", REFUSAL)


def answer_type(approval: ApprovalPlan, *, signed_in: bool = False) -> ObjectType:
    """The body with which an approval is answered; whoever refuses need not fill in the form.

    Whoever is signed in need not be named.
    """
    fields = [
        Field("decision", EnumType(approval.outcomes)),
        Field("responder", StringType(min_length=1, max_length=320)),
        Field("comments", StringType(max_length=4_000), required=False),
    ]
    if signed_in:
        del fields[1]
    if approval.form is not None:
        fields.append(Field("form", approval.form, required=REFUSAL not in approval.outcomes))
    return ObjectType(tuple(fields))


def answer_body_schema(approval: ApprovalPlan, *, signed_in: bool = False) -> Schema:
    """The JSON schema of that body."""
    schema = json_schema(answer_type(approval, signed_in=signed_in))
    if approval.form is None or REFUSAL not in approval.outcomes:
        return schema
    refused: Schema = {"properties": {"decision": {"const": REFUSAL}}}
    filled: Schema = {"required": ["form"], "properties": {"form": {"type": "object"}}}
    return {**schema, "if": refused, "else": filled}


def answer_schema(approval: ApprovalPlan) -> str:
    """The name of the constant that holds the schema of an approval's answer."""
    return f"{approval.id.upper()}_ANSWER"
