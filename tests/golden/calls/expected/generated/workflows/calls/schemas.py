"""The JSON schemas of what calls takes in: its input, results and answers."""

from __future__ import annotations

from runtime.validation import Schema

INPUT: Schema = {
    "type": "object",
    "properties": {
        "word": {"type": "string"},
        "times": {"type": ["integer", "null"], "minimum": 1, "maximum": 5, "default": 2},
    },
    "required": ["word"],
    "additionalProperties": False,
}

START: Schema = {
    "type": "object",
    "properties": {
        "word": {"type": "string"},
        "times": {"type": ["integer", "null"], "minimum": 1, "maximum": 5, "default": 2},
        "instanceId": {"type": ["string", "null"], "maxLength": 100, "pattern": "^[A-Za-z0-9][A-Za-z0-9_.:-]*$"},
    },
    "required": ["word"],
    "additionalProperties": False,
}

REPEAT_RESULT: Schema = {"type": "string"}

SHOUT_RESULT: Schema = {"type": "string"}

MEASURE_RESULT: Schema = {
    "type": "object",
    "properties": {"length": {"type": "integer"}},
    "required": ["length"],
    "additionalProperties": False,
}

CLASS_OF_RESULT: Schema = {"type": "string", "enum": ["small", "large"]}
