"""The JSON schemas of what listening takes in: its input, results and answers."""

from __future__ import annotations

from runtime.validation import Schema
from runtime.values import FormField

INPUT: Schema = {
    "type": "object",
    "properties": {"reference": {"type": "string"}},
    "required": ["reference"],
    "additionalProperties": False,
}

START: Schema = {
    "type": "object",
    "properties": {
        "reference": {"type": "string"},
        "instanceId": {"type": ["string", "null"], "maxLength": 100, "pattern": "^[A-Za-z0-9][A-Za-z0-9_.:-]*$"},
    },
    "required": ["reference"],
    "additionalProperties": False,
}

REVIEW_ANSWER: Schema = {
    "type": "object",
    "properties": {
        "decision": {"type": "string", "enum": ["Good", "Bad"]},
        "responder": {"type": "string", "minLength": 1, "maxLength": 320},
        "comments": {"type": ["string", "null"], "maxLength": 4000},
        "form": {
            "type": "object",
            "properties": {"stars": {"type": "integer", "minimum": 1, "maximum": 5}},
            "required": ["stars"],
            "additionalProperties": False,
        },
    },
    "required": ["decision", "responder", "form"],
    "additionalProperties": False,
}

REVIEW_FORM: Schema = {
    "type": "object",
    "properties": {"stars": {"type": "integer", "minimum": 1, "maximum": 5}},
    "required": ["stars"],
    "additionalProperties": False,
}

PAID_EVENT: Schema = {
    "type": "object",
    "properties": {"amount": {"type": "number"}, "reference": {"type": "string"}},
    "required": ["amount", "reference"],
    "additionalProperties": False,
}

PARCEL_PACKED_EVENT: Schema = {
    "type": "object",
    "properties": {"weight": {"type": "number"}},
    "required": ["weight"],
    "additionalProperties": False,
}

SHIPPED_EVENT: Schema = {
    "type": "object",
    "properties": {"carrier": {"type": "string"}},
    "required": ["carrier"],
    "additionalProperties": False,
}

CANCELLED_EVENT: Schema = {
    "type": "object",
    "properties": {"reason": {"type": "string"}},
    "required": ["reason"],
    "additionalProperties": False,
}

REVIEW_FIELDS: list[FormField] = [
    {
        "name": "stars",
        "title": "Stars",
        "description": "The stars, a whole number.",
        "type": "integer",
        "required": True,
    },
]
