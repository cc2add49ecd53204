"""The JSON schemas of what fan_out_nested takes in: its input, results and answers."""

from __future__ import annotations

from runtime.validation import Schema

INPUT: Schema = {
    "type": "object",
    "properties": {
        "factor": {"type": "integer"},
        "rows": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "cells": {"type": "array", "items": {"type": "integer"}}},
                "required": ["name", "cells"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["factor", "rows"],
    "additionalProperties": False,
}

START: Schema = {
    "type": "object",
    "properties": {
        "factor": {"type": "integer"},
        "rows": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "cells": {"type": "array", "items": {"type": "integer"}}},
                "required": ["name", "cells"],
                "additionalProperties": False,
            },
        },
        "instanceId": {"type": ["string", "null"], "maxLength": 100, "pattern": "^[A-Za-z0-9][A-Za-z0-9_.:-]*$"},
    },
    "required": ["factor", "rows"],
    "additionalProperties": False,
}

MULTIPLY_RESULT: Schema = {"type": "integer"}
