"""The JSON schemas of what fan_out takes in: its input, results and answers."""

from __future__ import annotations

from runtime.validation import Schema

INPUT: Schema = {
    "type": "object",
    "properties": {
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "failures": {"type": "integer"},
                    "seconds": {"type": "number"},
                },
                "required": ["name", "failures", "seconds"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["items"],
    "additionalProperties": False,
}

START: Schema = {
    "type": "object",
    "properties": {
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "failures": {"type": "integer"},
                    "seconds": {"type": "number"},
                },
                "required": ["name", "failures", "seconds"],
                "additionalProperties": False,
            },
        },
        "instanceId": {"type": ["string", "null"], "maxLength": 100, "pattern": "^[A-Za-z0-9][A-Za-z0-9_.:-]*$"},
    },
    "required": ["items"],
    "additionalProperties": False,
}

WORK_RESULT: Schema = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "busiest": {"type": "integer"}},
    "required": ["name", "busiest"],
    "additionalProperties": False,
}
