"""Another name for a step or a variable, at every place that names it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from keyword import iskeyword
from typing import cast

from flowbridge.lsp.document import Document
from flowbridge.lsp.language import definition
from flowbridge.lsp.reading import Reading, read
from flowbridge.lsp.things import Thing, Things
from flowbridge.text.source import Source, Span

_WHY_NOT = {
    "value": 'the language itself gives "{0}" its name',
    "field": '"{0}" is a field of a type, and callers know it by this name',
    "function": '"{0}" is a function of the language',
    "type": '"{0}" is a type, and renaming covers the ids of steps and variables only',
    "activity": '"{0}" is an activity, and has the name of its Python function',
    "workflow": '"{0}" is a workflow, and its instances and its connector go by this name',
    "error": '"{0}" is an error, and has the name of a Python exception',
}


class RefusedError(Exception):
    """Why something is not renamed, in words for people."""


@dataclass(frozen=True)
class Renamed:
    """What is renamed at an offset: its name there, and every place that has it, the declaration among them."""

    name: str
    start: int
    end: int
    places: tuple[tuple[int, int], ...]


def find_renamed(document: Document, offset: int) -> Renamed:
    """What would be renamed at an offset of a text that has just been read; `RefusedError` tells why nothing is."""
    reading = document.reading
    if reading is None or reading.source.text != document.now.text or not reading.readable or document.things is None:
        raise RefusedError(_unreadable(reading))
    thing = document.things.at(offset)
    if thing is None:
        raise RefusedError("here is nothing to rename: put the cursor on the id of a step or on a variable")
    if thing.kind not in ("step", "variable") or thing.home is None:
        raise RefusedError(_WHY_NOT.get(thing.kind, '"{0}" cannot be renamed').format(thing.name))
    places = tuple(sorted({_bare(one, thing.name) for one in _spans(document.things, thing)}))
    here = next((one for one in places if one[0] <= offset <= one[1]), places[0])
    return Renamed(thing.name, *here, places)


def rename(document: Document, offset: int, name: str) -> tuple[tuple[int, int], ...]:
    """The places to be overwritten with a new name; `RefusedError` where that would not be the same workflow."""
    found = find_renamed(document, offset)
    if name == found.name:
        return ()
    _check_letters(name)
    _check_outcome(document, found, name)
    return found.places


def _unreadable(reading: Reading | None) -> str:
    errors = [one for one in reading.findings if one.severity == "error"] if reading is not None else []
    if not errors:
        return "the file could not be read"
    return f"mend the file first, line {errors[0].span.line}: {errors[0].message}"


def _spans(things: Things, thing: Thing) -> list[Span]:
    assert thing.home is not None
    uses = (one for one in things.uses(thing.name) if one.kind == thing.kind and one.home == thing.home)
    return [thing.home, *(one.span for one in uses)]


def _bare(span: Span, name: str) -> tuple[int, int]:
    """The place of the name alone, without the quotes around it."""
    text = span.source.text[span.start : span.end]
    if text != name and text.strip("'\"") == name:
        start = span.start + text.index(name)
        return start, start + len(name)
    if text != name:
        raise RefusedError(
            f'"{name}" is named in a text on line {span.line} whose places cannot be told: write that text on one line'
        )
    return span.start, span.end


def _check_letters(name: str) -> None:
    wanted = definition("stepId").schema
    pattern, longest = cast("str", wanted["pattern"]), cast("int", wanted["maxLength"])
    if re.search(pattern, name) is None or len(name) > longest or name.endswith("\n"):
        raise RefusedError(f'"{name}" cannot be a name: {wanted["x-hint"]}')
    if iskeyword(name):
        raise RefusedError(f'"{name}" is a word of Python, and no name')


def _check_outcome(document: Document, found: Renamed, name: str) -> None:
    """Reads the text as it would be: it must have no new errors, and the new name must mean the same everywhere."""
    before = document.reading
    assert before is not None
    after = read(Source(before.source.path, replaced(before.source.text, found.places, name)), before.around)
    counts = Counter(one.rule for one in before.findings if one.severity == "error")
    for one in after.findings:
        if one.severity == "error":
            counts[one.rule] -= 1
            if counts[one.rule] < 0:
                raise RefusedError(f"{one.message} (line {one.span.line})")
    things = Things(after)
    start = found.places[0][0]
    thing = things.at(start)
    if thing is None or len({_bare(one, name) for one in _spans(things, thing)}) != len(found.places):
        raise RefusedError(f'"{name}" is the name of something else here')


def replaced(text: str, places: tuple[tuple[int, int], ...], name: str) -> str:
    """A text with a name at each of the places."""
    for start, end in reversed(places):
        text = text[:start] + name + text[end:]
    return text
