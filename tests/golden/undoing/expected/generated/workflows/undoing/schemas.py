"""The JSON schemas of what undoing takes in: its input, results and answers."""

from __future__ import annotations

from runtime.validation import Schema

INPUT: Schema = {
    "type": "object",
    "properties": {
        "run": {"type": "string"},
        "cities": {"type": "array", "items": {"type": "string"}},
        "fails_at": {"type": ["string", "null"], "default": ""},
        "patient": {"type": ["boolean", "null"], "default": True},
    },
    "required": ["run", "cities"],
    "additionalProperties": False,
}

START: Schema = {
    "type": "object",
    "properties": {
        "run": {"type": "string"},
        "cities": {"type": "array", "items": {"type": "string"}},
        "fails_at": {"type": ["string", "null"], "default": ""},
        "patient": {"type": ["boolean", "null"], "default": True},
        "instanceId": {"type": ["string", "null"], "maxLength": 100, "pattern": "^[A-Za-z0-9][A-Za-z0-9_.:-]*$"},
    },
    "required": ["run", "cities"],
    "additionalProperties": False,
}

BOOK_RESULT: Schema = {
    "type": "object",
    "properties": {"ticket": {"type": "string"}},
    "required": ["ticket"],
    "additionalProperties": False,
}
