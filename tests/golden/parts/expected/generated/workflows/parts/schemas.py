"""The JSON schemas of what parts takes in: its input, results and answers."""

from __future__ import annotations

from runtime.validation import Schema

INPUT: Schema = {
    "type": "object",
    "properties": {
        "near": {"type": "integer"},
        "far": {"type": "integer"},
        "broken": {"type": ["boolean", "null"], "default": False},
        "turns": {"type": "integer"},
        "slow": {"type": ["integer", "null"], "default": 0},
    },
    "required": ["near", "far", "turns"],
    "additionalProperties": False,
}

START: Schema = {
    "type": "object",
    "properties": {
        "near": {"type": "integer"},
        "far": {"type": "integer"},
        "broken": {"type": ["boolean", "null"], "default": False},
        "turns": {"type": "integer"},
        "slow": {"type": ["integer", "null"], "default": 0},
        "instanceId": {"type": ["string", "null"], "maxLength": 100, "pattern": "^[A-Za-z0-9][A-Za-z0-9_.:-]*$"},
    },
    "required": ["near", "far", "turns"],
    "additionalProperties": False,
}

OFFER_RESULT: Schema = {"type": "integer"}

NEXT_TURN_RESULT: Schema = {
    "type": "object",
    "properties": {"number": {"type": "integer"}},
    "required": ["number"],
    "additionalProperties": False,
}

MEASURE_RESULT: Schema = {"type": "integer"}

CONFIG: Schema = {
    "type": "object",
    "properties": {"limit": {"type": ["integer", "null"], "minimum": 1, "default": 7}},
    "required": [],
    "additionalProperties": False,
}
