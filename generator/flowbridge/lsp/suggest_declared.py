"""The names that a workflow and its surroundings declare, where one of them is wanted as a value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flowbridge.lsp.cursor import Level, ListLevel, MapLevel
from flowbridge.lsp.document import Document
from flowbridge.lsp.language import Word
from flowbridge.lsp.outline import MapPart, Outline
from flowbridge.lsp.suggestion import Suggestion
from flowbridge.lsp.told import about_activity, about_type, about_workflow
from flowbridge.model.raising import BUILT_IN
from flowbridge.model.workflow import Workflow

_TYPES = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number with a fraction",
    "boolean": "true or false",
    "date": "such as 2026-01-31",
    "date-time": "such as 2026-01-31T08:00:00Z",
    "duration": "such as 7d or 1h30m",
    "email": "an e-mail address",
    "uri": "an address on the web",
    "uuid": "a unique identifier",
}
_SHAPES = {"object": "fields under `properties`", "array": "a list of `items`", "map": "free keys, and `values`"}


def suggest_declared(
    document: Document, levels: tuple[Level, ...], words: tuple[Word, ...], start: int, end: int
) -> Iterator[Suggestion]:
    """What is declared under the names that fit the place; a place of the author's data has none."""
    if not words or all(not one.kinds for one in words):
        return
    kinds = {one.definition for one in words} | {one.choice_of for one in words}
    key, outer = _keys_of(levels)
    match key:
        case "call":
            yield from _activities(document, start, end)
        case "run":
            yield from _workflows(document, start, end)
        case "use":
            yield from _retries(document, start, end)
        case "retry" if "retry" in kinds:
            yield from _retries(document, start, end)
        case _:
            pass
    if "errorName" in kinds and outer != "errors":
        yield from _errors(document, key, start, end)
    if "type" in kinds or (key == "type" and any(one.title == "Type" for one in words)):
        yield from _types(document, start, end, long=key == "type" and "type" not in kinds)


def _keys_of(levels: tuple[Level, ...]) -> tuple[str | None, str | None]:
    """The key that holds a place, lists passed over, and the key of the whole file that does."""
    keys = [one.key for one in levels if isinstance(one, MapLevel)]
    last = next((one.key for one in reversed(levels) if not isinstance(one, ListLevel)), None)
    return last, keys[0] if len(keys) == 1 else None


def _activities(document: Document, start: int, end: int) -> Iterator[Suggestion]:
    workflow, good = document.workflow, document.good
    found = {one.name: one for one in workflow.activities} if workflow is not None else {}
    sources = good.around.activities if good is not None else None
    for name in dict.fromkeys([*found, *declared(document.now.outline, "activities")]):
        activity = found.get(name)
        function = sources.function(name) if sources is not None else None
        words = about_activity(activity, function) if activity is not None else ""
        yield Suggestion(name, "activity", start, end, "activity", words, rank=1)


def _workflows(document: Document, start: int, end: int) -> Iterator[Suggestion]:
    others: Mapping[str, Workflow] = document.good.around.others if document.good is not None else {}
    for name in dict.fromkeys([*others, *document.names]):
        other = others.get(name)
        words = about_workflow(other) if other is not None else ""
        yield Suggestion(name, "workflow", start, end, "workflow", words, rank=1)


def _retries(document: Document, start: int, end: int) -> Iterator[Suggestion]:
    for name in declared(document.now.outline, "retries"):
        yield Suggestion(name, "retry", start, end, "retry policy", rank=1)


def _errors(document: Document, key: str | None, start: int, end: int) -> Iterator[Suggestion]:
    workflow = document.workflow
    own = workflow.errors if workflow is not None else ()
    raised = [name for one in workflow.activities for name in one.errors] if workflow is not None else []
    for name in dict.fromkeys([*own, *(raised if key not in ("raise", "error") else ())]):
        given = workflow.error_type(name) if workflow is not None else None
        yield Suggestion(name, "error", start, end, "error", about_type(given) if given is not None else "", rank=1)
    if key not in ("raise", "error", "errors"):
        for name in BUILT_IN:
            yield Suggestion(name, "error", start, end, "raised by the language", rank=3)


def _types(document: Document, start: int, end: int, *, long: bool) -> Iterator[Suggestion]:
    workflow = document.workflow
    known = {one.name: one for one in workflow.types if one.name} if workflow is not None else {}
    for name in dict.fromkeys([*known, *declared(document.now.outline, "types")]):
        given = known.get(name)
        yield Suggestion(name, "type", start, end, "type", about_type(given) if given is not None else "", rank=1)
    for name, words in {**_TYPES, **(_SHAPES if long else {})}.items():
        yield Suggestion(name, "type", start, end, words, rank=2)


def declared(outline: Outline, section: str) -> list[str]:
    """The names under a key of the whole file, as it is being written."""
    entry = outline.root.get(section)
    return [one.key for one in entry.child.entries] if entry is not None and isinstance(entry.child, MapPart) else []
