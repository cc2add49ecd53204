"""What is told of the thing under the pointer."""

from __future__ import annotations

from dataclasses import dataclass

from flowbridge.lsp.cursor import Cursor, MapLevel
from flowbridge.lsp.document import Document
from flowbridge.lsp.expected import expected_at
from flowbridge.lsp.language import Word, is_step, words_at
from flowbridge.lsp.things import Thing
from flowbridge.lsp.told import (
    about_activity,
    about_field,
    about_function,
    about_step,
    about_type,
    about_workflow,
    code,
)
from flowbridge.lsp.words import word_around
from flowbridge.model.assignability import describe
from flowbridge.model.functions import FUNCTIONS
from flowbridge.model.types import ObjectType

_VALUES = {
    "input": "What the instance was started with.",
    "config": "The settings of the app, read once when an instance starts.",
    "run": "The instance: its id, the workflow's name and version, and when it was started.",
    "error": "The error that failed the workflow.",
    "payload": "What the event brings.",
}
_VARIABLES = {
    "for_each": "The item of the loop.",
    "catch": "The error that was caught.",
    "comprehension": "The item of the comprehension.",
}


@dataclass(frozen=True)
class Told:
    """Markdown about what stands at `[start, end)`."""

    markdown: str
    start: int
    end: int


def hover(document: Document, offset: int) -> Told | None:
    """What is known of the name or the key at an offset; None where there is nothing to tell."""
    old, things = document.back(offset), document.things
    thing = things.at(old) if things is not None and old is not None else None
    if thing is not None and old is not None:
        markdown = _about(document, thing)
        if markdown:
            shift = offset - old
            return Told(markdown, thing.span.start + shift, thing.span.end + shift)
    found = document.cursor(offset)
    if found is None or found.hole is not None:
        return None
    return _key(document, found) if found.at == "key" else _type_name(document, found, offset)


def _about(document: Document, thing: Thing) -> str:
    kind = f": {describe(thing.type)}" if thing.type is not None else ""
    head = code(f"{thing.name}{kind}")
    more = about_type(thing.type) if thing.type is not None else ""
    match thing.kind:
        case "step":
            return _joined(head, about_step(thing.step) if thing.step is not None else "", more)
        case "variable":
            return _joined(head, _VARIABLES[thing.variable.kind] if thing.variable is not None else "", more)
        case "value":
            return _joined(head, _VALUES.get(thing.name, ""), more) if thing.type is not None else ""
        case "field":
            return _joined(head, about_field(thing.field) if thing.field is not None else more)
        case "function":
            function = FUNCTIONS.get(thing.name)
            return about_function(function) if function is not None else ""
        case "type":
            return _joined(code(f"type {thing.name}"), more)
        case "error":
            return _error(document, thing.name)
        case "activity":
            return _activity(document, thing.name)
        case "workflow":
            other = document.good.around.others.get(thing.name) if document.good is not None else None
            return _joined(code(f"workflow {thing.name}"), about_workflow(other)) if other is not None else ""


def _joined(*parts: str) -> str:
    return "\n\n".join(one for one in parts if one)


def _activity(document: Document, name: str) -> str:
    good, workflow = document.good, document.workflow
    activity = workflow.activity(name) if workflow is not None else None
    if good is None or activity is None:
        return ""
    function = good.around.activities.function(name) if good.around.activities is not None else None
    return _joined(code(f"activity {name}"), about_activity(activity, function))


def _error(document: Document, name: str) -> str:
    given = document.workflow.error_type(name) if document.workflow is not None else None
    return _joined(code(f"error {name}"), about_type(given) if given is not None else "")


# ---- keys and types


def _key(document: Document, found: Cursor) -> Told | None:
    key = document.now.text[found.start : found.end].strip("'\"")
    level = found.levels[-1]
    if not isinstance(level, MapLevel):
        return None
    words = words_at((*found.levels[:-1], MapLevel(level.start, {**level.keys, key: ""}, None)))
    for word in words:
        if key in word.keys and (inner := word.property(key)) is not None:
            return Told(_word(key, word, inner), found.start, found.end)
    return _data_key(document, key, found)


def _word(key: str, word: Word, inner: Word) -> str:
    described = word.description if is_step(word) and word.verb == key else ""
    choices = "One of " + ", ".join(f"`{one}`" for one in inner.choices) + "." if inner.choices else ""
    needed = "Required." if key in word.required and word.verb != key else ""
    return _joined(f"**{key}** — {inner.title}", described, inner.description, choices, needed)


def _data_key(document: Document, key: str, found: Cursor) -> Told | None:
    if document.good is None:
        return None
    wanted = expected_at(document.good, found.levels)
    field = wanted.field(key) if isinstance(wanted, ObjectType) else None
    if field is None:
        return None
    return Told(_joined(code(f"{key}: {describe(field.type)}"), about_field(field)), found.start, found.end)


def _type_name(document: Document, found: Cursor, offset: int) -> Told | None:
    """The name of a type where a field, an input or an output is declared."""
    kinds = {one.definition for one in words_at(found.levels)} | {one.choice_of for one in words_at(found.levels)}
    if "type" not in kinds or document.workflow is None:
        return None
    start, end = word_around(document.now.text, offset)
    name = document.now.text[start:end]
    given = next((one for one in document.workflow.types if one.name == name), None)
    return Told(_joined(code(f"type {name}"), about_type(given)), start, end) if given is not None else None
