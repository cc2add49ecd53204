"""The JSON schemas of what retries takes in: its input, results and answers."""

from __future__ import annotations

from runtime.validation import Schema

INPUT: Schema = {
    "type": "object",
    "properties": {
        "policy": {"type": "string"},
        "failures": {"type": "integer"},
        "error": {"type": ["string", "null"], "default": "BusyError"},
    },
    "required": ["policy", "failures"],
    "additionalProperties": False,
}

START: Schema = {
    "type": "object",
    "properties": {
        "policy": {"type": "string"},
        "failures": {"type": "integer"},
        "error": {"type": ["string", "null"], "default": "BusyError"},
        "instanceId": {"type": ["string", "null"], "maxLength": 100, "pattern": "^[A-Za-z0-9][A-Za-z0-9_.:-]*$"},
    },
    "required": ["policy", "failures"],
    "additionalProperties": False,
}

STUMBLE_RESULT: Schema = {
    "type": "object",
    "properties": {"attempts": {"type": "integer"}},
    "required": ["attempts"],
    "additionalProperties": False,
}
