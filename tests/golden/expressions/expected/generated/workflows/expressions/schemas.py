"""The JSON schemas of what expressions takes in: its input, results and answers."""

from __future__ import annotations

from runtime.validation import Schema

INPUT: Schema = {
    "type": "object",
    "properties": {
        "a": {"type": "integer"},
        "b": {"type": "number"},
        "s": {"type": "string"},
        "words": {"type": "array", "items": {"type": "string"}},
        "day": {"type": "string", "format": "date"},
        "moment": {"type": "string", "format": "date-time"},
        "flags": {"type": "array", "items": {"type": "boolean"}},
    },
    "required": ["a", "b", "s", "words", "day", "moment", "flags"],
    "additionalProperties": False,
}

START: Schema = {
    "type": "object",
    "properties": {
        "a": {"type": "integer"},
        "b": {"type": "number"},
        "s": {"type": "string"},
        "words": {"type": "array", "items": {"type": "string"}},
        "day": {"type": "string", "format": "date"},
        "moment": {"type": "string", "format": "date-time"},
        "flags": {"type": "array", "items": {"type": "boolean"}},
        "instanceId": {"type": ["string", "null"], "maxLength": 100, "pattern": "^[A-Za-z0-9][A-Za-z0-9_.:-]*$"},
    },
    "required": ["a", "b", "s", "words", "day", "moment", "flags"],
    "additionalProperties": False,
}
