"""Where the thing under the cursor is made: in the same file, in another workflow, or in Python."""

from __future__ import annotations

from dataclasses import dataclass

from flowbridge.lsp.cursor import Cursor, MapLevel
from flowbridge.lsp.document import Document
from flowbridge.lsp.language import words_at
from flowbridge.lsp.outline import MapPart
from flowbridge.lsp.scopes import Moved
from flowbridge.lsp.things import Thing
from flowbridge.lsp.words import word_around
from flowbridge.text.source import Span


@dataclass(frozen=True)
class Home:
    """Where something is made. `path` and `text` are those of its file; a file of None is the one that was asked."""

    path: str | None
    text: str
    start: int
    end: int


def define(document: Document, offset: int) -> Home | None:
    """The home of what is named at an offset; None where nothing is, or where the language itself has made it."""
    old, things = document.back(offset), document.things
    thing = things.at(old) if things is not None and old is not None else None
    if thing is not None:
        return _home(document, thing)
    found = document.cursor(offset)
    if found is None or found.hole is not None or found.at == "key":
        return None
    return _declared(document, found, offset)


def _home(document: Document, thing: Thing) -> Home | None:
    good = document.good
    if good is not None and thing.kind == "activity" and good.around.activities is not None:
        function = good.around.activities.function(thing.name)
        if function is not None:
            return _of(document, function.span)
    if good is not None and thing.kind == "workflow":
        other = good.around.others.get(thing.name)
        if other is not None:
            return _of(document, other.name_span or other.span)
    return _of(document, thing.home) if thing.home is not None else None


def _of(document: Document, span: Span) -> Home | None:
    if span.source.path != document.shown:
        return Home(span.source.path, span.source.text, span.start, span.end)
    # The file may have changed since it was read.
    start = Moved(document.now.text, span.source.text).back(span.start)
    if start is None:
        return None
    return Home(None, document.now.text, start, start + span.end - span.start)


def _declared(document: Document, found: Cursor, offset: int) -> Home | None:
    """What is named in plain YAML: a type, or a retry policy."""
    words = words_at(found.levels)
    kinds = {one.definition for one in words} | {one.choice_of for one in words}
    level = found.levels[-1] if found.levels else None
    key = level.key if isinstance(level, MapLevel) else None
    start, end = word_around(document.now.text, offset)
    name = document.now.text[start:end]
    if "type" in kinds or key == "type":
        return _in_section(document, "types", name)
    if key == "use" or "retry" in kinds:
        return _in_section(document, "retries", name)
    return None


def _in_section(document: Document, section: str, name: str) -> Home | None:
    entry = document.now.outline.root.get(section)
    found = entry.child.get(name) if entry is not None and isinstance(entry.child, MapPart) else None
    return Home(None, document.now.text, found.start, found.key_end) if found is not None else None
