"""What type is wanted where the author's data stands: the input of a call, the output of the workflow and the like."""

from __future__ import annotations

from collections.abc import Sequence

from flowbridge.lsp.cursor import Level, ListLevel, MapLevel
from flowbridge.lsp.reading import Reading
from flowbridge.model.assignability import present
from flowbridge.model.types import ArrayType, MapType, ObjectType, Type


def expected_at(reading: Reading, levels: Sequence[Level]) -> Type | None:
    """The type of the map that a key is written in, or of the value at a place; None where nothing is known."""
    for index in range(len(levels) - 1, -1, -1):
        level = levels[index]
        if isinstance(level, MapLevel) and level.key is not None:
            found = _begun(reading, level)
            if found is not None:
                return _inner(found, levels[index + 1 :])
    return None


def _begun(reading: Reading, level: MapLevel) -> Type | None:
    """The type of the data that begins under this key of a step."""
    workflow = reading.workflow
    if workflow is None:
        return None
    match level.key:
        case "with" if "call" in level.keys:
            activity = workflow.activity(level.keys["call"])
            return activity.input if activity is not None else None
        case "with" if "run" in level.keys:
            other = reading.around.others.get(level.keys["run"])
            return other.input if other is not None else None
        case "with" if "error" in level.keys:
            return workflow.error_type(level.keys["error"])
        case "return":
            return workflow.output
        case "input" if "cron" in level.keys:
            return workflow.input
        case _:
            return None


def _inner(given: Type, levels: Sequence[Level]) -> Type | None:
    """The type of a part of a value."""
    for level in levels:
        given = present(given)
        if isinstance(level, ListLevel):
            if not isinstance(given, ArrayType):
                return None
            given = given.items
        elif level.key is not None:
            if isinstance(given, MapType):
                given = given.values
            elif isinstance(given, ObjectType) and (field := given.field(level.key)) is not None:
                given = field.type
            else:
                return None
    return present(given)
