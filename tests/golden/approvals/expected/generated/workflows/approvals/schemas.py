"""The JSON schemas of what approvals takes in: its input, results and answers."""

from __future__ import annotations

from runtime.validation import Schema

INPUT: Schema = {
    "type": "object",
    "properties": {"approvers": {"type": "array", "items": {"type": "string"}}, "amount": {"type": "number"}},
    "required": ["approvers", "amount"],
    "additionalProperties": False,
}

START: Schema = {
    "type": "object",
    "properties": {
        "approvers": {"type": "array", "items": {"type": "string"}},
        "amount": {"type": "number"},
        "instanceId": {"type": ["string", "null"], "maxLength": 100, "pattern": "^[A-Za-z0-9][A-Za-z0-9_.:-]*$"},
    },
    "required": ["approvers", "amount"],
    "additionalProperties": False,
}

PAY_RESULT: Schema = {
    "type": "object",
    "properties": {"receipt": {"type": "string"}},
    "required": ["receipt"],
    "additionalProperties": False,
}

SIGNED_ANSWER: Schema = {
    "type": "object",
    "properties": {
        "decision": {"type": "string", "enum": ["Approve", "Reject"]},
        "responder": {"type": "string", "minLength": 1, "maxLength": 320},
        "comments": {"type": ["string", "null"], "maxLength": 4000},
    },
    "required": ["decision", "responder"],
    "additionalProperties": False,
}

COUNTERSIGNED_ANSWER: Schema = {
    "type": "object",
    "properties": {
        "decision": {"type": "string", "enum": ["Approve", "Reject"]},
        "responder": {"type": "string", "minLength": 1, "maxLength": 320},
        "comments": {"type": ["string", "null"], "maxLength": 4000},
    },
    "required": ["decision", "responder"],
    "additionalProperties": False,
}
