"""The JSON schemas of what branches takes in: its input, results and answers."""

from __future__ import annotations

from runtime.validation import Schema

INPUT: Schema = {
    "type": "object",
    "properties": {
        "amount": {"type": "number"},
        "vip": {"type": ["boolean", "null"], "default": False},
        "names": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["amount", "names"],
    "additionalProperties": False,
}

START: Schema = {
    "type": "object",
    "properties": {
        "amount": {"type": "number"},
        "vip": {"type": ["boolean", "null"], "default": False},
        "names": {"type": "array", "items": {"type": "string"}},
        "instanceId": {"type": ["string", "null"], "maxLength": 100, "pattern": "^[A-Za-z0-9][A-Za-z0-9_.:-]*$"},
    },
    "required": ["amount", "names"],
    "additionalProperties": False,
}

INSPECT_RESULT: Schema = {
    "type": "object",
    "properties": {"verdict": {"type": "string"}, "discount": {"type": "number"}},
    "required": ["verdict", "discount"],
    "additionalProperties": False,
}

GREET_RESULT: Schema = {"type": "string"}
