"""The JSON schemas of what minimal takes in: its input, results and answers."""

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
