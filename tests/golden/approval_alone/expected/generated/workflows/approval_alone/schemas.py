"""The JSON schemas of what approval_alone takes in: its input, results and answers."""

from __future__ import annotations

from runtime.validation import Schema

INPUT: Schema = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}

START: Schema = {
    "type": "object",
    "properties": {
        "instanceId": {"type": ["string", "null"], "maxLength": 100, "pattern": "^[A-Za-z0-9][A-Za-z0-9_.:-]*$"},
    },
    "required": [],
    "additionalProperties": False,
}

APPROVAL_ANSWER: Schema = {
    "type": "object",
    "properties": {
        "decision": {"type": "string", "enum": ["Approve", "Reject"]},
        "responder": {"type": "string", "minLength": 1, "maxLength": 320},
        "comments": {"type": ["string", "null"], "maxLength": 4000},
    },
    "required": ["decision", "responder"],
    "additionalProperties": False,
}
