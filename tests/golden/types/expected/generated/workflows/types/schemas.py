"""The JSON schemas of what types takes in: its input, results and answers."""

from __future__ import annotations

from runtime.validation import Schema

INPUT: Schema = {
    "type": "object",
    "properties": {
        "text": {"type": "string", "minLength": 2, "maxLength": 5, "pattern": "^[a-z]+$"},
        "whole": {"type": "integer", "minimum": -1, "maximum": 10},
        "fraction": {"type": "number", "minimum": 0, "maximum": 1},
        "truth": {"type": "boolean"},
        "choice": {"type": "string", "enum": ["red", "dark green", "1"]},
        "day": {"type": "string", "format": "date"},
        "moment": {"type": "string", "format": "date-time"},
        "span": {"type": "string", "format": "duration"},
        "mail": {"type": "string", "format": "email"},
        "link": {"type": "string", "format": "uri"},
        "token": {"type": "string", "format": "uuid"},
        "tags": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 2},
        "prices": {"type": "object", "additionalProperties": {"type": "number"}},
        "order": {
            "type": "object",
            "properties": {
                "id": {"type": "string"},
                "amount": {"type": "number"},
                "note": {"type": ["string", "null"]},
            },
            "required": ["id", "amount"],
            "additionalProperties": False,
        },
        "orders": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "amount": {"type": "number"},
                    "note": {"type": ["string", "null"]},
                },
                "required": ["id", "amount"],
                "additionalProperties": False,
            },
        },
        "nested": {
            "type": "object",
            "properties": {
                "inner": {
                    "type": "object",
                    "properties": {"deep": {"type": "integer"}},
                    "required": ["deep"],
                    "additionalProperties": False,
                },
            },
            "required": ["inner"],
            "additionalProperties": False,
        },
        "maybe": {
            "type": ["object", "null"],
            "properties": {
                "id": {"type": "string"},
                "amount": {"type": "number"},
                "note": {"type": ["string", "null"]},
            },
            "required": ["id", "amount"],
            "additionalProperties": False,
        },
        "preset": {"type": ["string", "null"], "default": "given"},
        "list_preset": {"type": ["array", "null"], "items": {"type": "integer"}, "default": [1, 2]},
    },
    "required": [
        "text",
        "whole",
        "fraction",
        "truth",
        "choice",
        "day",
        "moment",
        "span",
        "mail",
        "link",
        "token",
        "tags",
        "prices",
        "order",
        "orders",
        "nested",
    ],
    "additionalProperties": False,
}

START: Schema = {
    "type": "object",
    "properties": {
        "text": {"type": "string", "minLength": 2, "maxLength": 5, "pattern": "^[a-z]+$"},
        "whole": {"type": "integer", "minimum": -1, "maximum": 10},
        "fraction": {"type": "number", "minimum": 0, "maximum": 1},
        "truth": {"type": "boolean"},
        "choice": {"type": "string", "enum": ["red", "dark green", "1"]},
        "day": {"type": "string", "format": "date"},
        "moment": {"type": "string", "format": "date-time"},
        "span": {"type": "string", "format": "duration"},
        "mail": {"type": "string", "format": "email"},
        "link": {"type": "string", "format": "uri"},
        "token": {"type": "string", "format": "uuid"},
        "tags": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 2},
        "prices": {"type": "object", "additionalProperties": {"type": "number"}},
        "order": {
            "type": "object",
            "properties": {
                "id": {"type": "string"},
                "amount": {"type": "number"},
                "note": {"type": ["string", "null"]},
            },
            "required": ["id", "amount"],
            "additionalProperties": False,
        },
        "orders": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "amount": {"type": "number"},
                    "note": {"type": ["string", "null"]},
                },
                "required": ["id", "amount"],
                "additionalProperties": False,
            },
        },
        "nested": {
            "type": "object",
            "properties": {
                "inner": {
                    "type": "object",
                    "properties": {"deep": {"type": "integer"}},
                    "required": ["deep"],
                    "additionalProperties": False,
                },
            },
            "required": ["inner"],
            "additionalProperties": False,
        },
        "maybe": {
            "type": ["object", "null"],
            "properties": {
                "id": {"type": "string"},
                "amount": {"type": "number"},
                "note": {"type": ["string", "null"]},
            },
            "required": ["id", "amount"],
            "additionalProperties": False,
        },
        "preset": {"type": ["string", "null"], "default": "given"},
        "list_preset": {"type": ["array", "null"], "items": {"type": "integer"}, "default": [1, 2]},
        "instanceId": {"type": ["string", "null"], "maxLength": 100, "pattern": "^[A-Za-z0-9][A-Za-z0-9_.:-]*$"},
    },
    "required": [
        "text",
        "whole",
        "fraction",
        "truth",
        "choice",
        "day",
        "moment",
        "span",
        "mail",
        "link",
        "token",
        "tags",
        "prices",
        "order",
        "orders",
        "nested",
    ],
    "additionalProperties": False,
}

ECHO_RESULT: Schema = {
    "type": "object",
    "properties": {
        "day": {"type": "string", "format": "date"},
        "moment": {"type": "string", "format": "date-time"},
        "order": {
            "type": "object",
            "properties": {
                "id": {"type": "string"},
                "amount": {"type": "number"},
                "note": {"type": ["string", "null"]},
            },
            "required": ["id", "amount"],
            "additionalProperties": False,
        },
        "prices": {"type": "object", "additionalProperties": {"type": "number"}},
        "maybe": {
            "type": ["object", "null"],
            "properties": {
                "id": {"type": "string"},
                "amount": {"type": "number"},
                "note": {"type": ["string", "null"]},
            },
            "required": ["id", "amount"],
            "additionalProperties": False,
        },
        "list_preset": {"type": "array", "items": {"type": "integer"}},
    },
    "required": ["day", "moment", "order", "prices", "list_preset"],
    "additionalProperties": False,
}
