"""The JSON schemas of what data_processing takes in: its input, results and answers."""

from __future__ import annotations

from runtime.validation import Schema

INPUT: Schema = {
    "type": "object",
    "properties": {
        "dataSource": {"type": "string", "minLength": 1, "maxLength": 2000},
        "recordCount": {"type": "integer", "minimum": 1, "maximum": 10000000},
        "requestedBy": {"type": "string", "minLength": 1, "maxLength": 320},
    },
    "required": ["dataSource", "recordCount", "requestedBy"],
    "additionalProperties": False,
}

START: Schema = {
    "type": "object",
    "properties": {
        "dataSource": {"type": "string", "minLength": 1, "maxLength": 2000},
        "recordCount": {"type": "integer", "minimum": 1, "maximum": 10000000},
        "requestedBy": {"type": "string", "minLength": 1, "maxLength": 320},
        "instanceId": {"type": ["string", "null"], "maxLength": 100, "pattern": "^[A-Za-z0-9][A-Za-z0-9_.:-]*$"},
    },
    "required": ["dataSource", "recordCount", "requestedBy"],
    "additionalProperties": False,
}

VALIDATE_INPUT_RESULT: Schema = {
    "type": "object",
    "properties": {
        "valid": {"type": "boolean"},
        "recordCount": {"type": "integer"},
        "problems": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["valid", "recordCount", "problems"],
    "additionalProperties": False,
}

SPLIT_INTO_BATCHES_RESULT: Schema = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "number": {"type": "integer"},
            "firstRecord": {"type": "integer"},
            "recordCount": {"type": "integer"},
        },
        "required": ["number", "firstRecord", "recordCount"],
        "additionalProperties": False,
    },
}

PROCESS_BATCH_RESULT: Schema = {
    "type": "object",
    "properties": {
        "number": {"type": "integer"},
        "recordsProcessed": {"type": "integer"},
        "recordsRejected": {"type": "integer"},
        "total": {"type": "number"},
        "checksum": {"type": "string"},
    },
    "required": ["number", "recordsProcessed", "recordsRejected", "total", "checksum"],
    "additionalProperties": False,
}

GENERATE_REPORT_RESULT: Schema = {
    "type": "object",
    "properties": {
        "path": {"type": "string"},
        "recordsProcessed": {"type": "integer"},
        "recordsRejected": {"type": "integer"},
        "total": {"type": "number"},
    },
    "required": ["path", "recordsProcessed", "recordsRejected", "total"],
    "additionalProperties": False,
}

FINALIZE_RESULT: Schema = {
    "type": "object",
    "properties": {"reportPath": {"type": "string"}},
    "required": ["reportPath"],
    "additionalProperties": False,
}

APPROVAL_ANSWER: Schema = {
    "type": "object",
    "properties": {
        "decision": {"type": "string", "enum": ["Approve", "Reject"]},
        "responder": {"type": "string", "minLength": 1, "maxLength": 320},
        "comments": {"type": ["string", "null"], "maxLength": 4000},
    },
    "required": ["decision", "responder"],
    "additionalProperties": False,
}
