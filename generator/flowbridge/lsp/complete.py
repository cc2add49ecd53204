"""What may be written at a place: keys, values, and the names and fields of expressions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flowbridge.lsp.cursor import Cursor, Level, MapLevel
from flowbridge.lsp.document import Document
from flowbridge.lsp.expected import expected_at
from flowbridge.lsp.holes import Piece
from flowbridge.lsp.language import Word, is_condition, is_step, words_at
from flowbridge.lsp.suggest_declared import suggest_declared
from flowbridge.lsp.suggest_names import suggest_in_expression
from flowbridge.lsp.suggestion import Suggestion
from flowbridge.lsp.told import about_field
from flowbridge.model.assignability import describe
from flowbridge.model.types import BooleanType, EnumType, ObjectType

_WORD_BEFORE = re.compile(r"[A-Za-z0-9_.\-]*\Z")
_WORD_AFTER = re.compile(r"[A-Za-z0-9_\-]*")


def complete(document: Document, offset: int) -> list[Suggestion]:
    """Everything that may be written at an offset, the likeliest first; the client picks what fits what is there."""
    found = document.cursor(offset)
    if found is None:
        return []
    suggestions = [*_suggest(document, found, offset)]
    unique = {(one.label, one.kind): one for one in reversed(suggestions)}
    return sorted(unique.values(), key=lambda one: (one.rank, one.label))


def expression_at(document: Document, found: Cursor, offset: int) -> Piece | None:
    """The expression that holds an offset: a `${ … }`, or the whole value of a condition."""
    if found.hole is not None:
        return found.hole
    if found.at == "value" and is_condition(found.levels):
        text = document.now.text
        start = found.start + (text[found.start : found.start + 1] in ("'", '"'))
        end = max(found.end, offset)
        if end > start and text[end - 1] == text[found.start] and text[found.start] in "'\"" and offset < end:
            end -= 1
        return Piece(start, end) if offset >= start else None
    return None


def _suggest(document: Document, found: Cursor, offset: int) -> Iterator[Suggestion]:
    text = document.now.text
    piece = expression_at(document, found, offset)
    if piece is not None:
        yield from suggest_in_expression(text, piece, offset, document.scope(found.levels), document.things)
        return
    start, end = _word(text, found, offset)
    words = words_at(found.levels)
    if found.at == "key":
        yield from _keys(document, found.levels, words, start, end)
        return
    if found.item and any("object" in one.kinds for one in words):
        level = MapLevel(start, {}, None)
        yield from _keys(document, (*found.levels, level), words_at((*found.levels, level)), start, end)
    yield from suggest_declared(document, found.levels, words, start, end)
    yield from _choices(document, found.levels, words, start, end)


def _word(text: str, found: Cursor, offset: int) -> tuple[int, int]:
    """The word around an offset, within what the place gives to be written over."""
    before = _WORD_BEFORE.search(text, min(found.start, offset), offset)
    after = _WORD_AFTER.match(text, offset, max(found.end, offset))
    return before.start() if before is not None else offset, after.end() if after is not None else offset


# ---- keys


def _keys(
    document: Document, levels: tuple[Level, ...], words: tuple[Word, ...], start: int, end: int
) -> Iterator[Suggestion]:
    level = levels[-1]
    taken = frozenset(level.keys if isinstance(level, MapLevel) else ())
    colon = "" if document.now.text[end : end + 1] == ":" else ":"
    steps = [one for one in words if is_step(one)]
    undecided = len(words) > 1
    for word in words:
        for key in word.keys:
            inner = word.property(key)
            if key in taken or inner is None:
                continue
            if undecided and is_step(word) and key != word.verb and not all(key in one.keys for one in steps):
                continue
            is_verb = undecided and key == word.verb
            described = word if is_verb and is_step(word) else inner
            rank = 1 if is_verb else 2 if key in word.required else 3
            yield Suggestion(
                key, "verb" if is_verb else "key", start, end, described.title, described.description,
                f"{key}{colon}{_gap(inner) if colon else ''}", rank,
            )  # fmt: skip
    if not words or all(not one.keys for one in words):
        yield from _data_keys(document, levels, taken, start, end, colon)


def _gap(word: Word) -> str:
    """A blank behind the colon of what stands on the same line."""
    return "" if word.kinds and all(kind in ("object", "array") for kind in word.kinds) else " "


def _data_keys(
    document: Document, levels: tuple[Level, ...], taken: frozenset[str], start: int, end: int, colon: str
) -> Iterator[Suggestion]:
    """The fields of the type that is wanted where the author's data stands."""
    wanted = expected_at(document.good, levels) if document.good is not None else None
    for field in wanted.fields if isinstance(wanted, ObjectType) else ():
        if field.name not in taken:
            insert = f"{field.name}{colon}{' ' if colon else ''}"
            rank = 1 if field.required else 2
            detail, words = describe(field.type), about_field(field)
            yield Suggestion(field.name, "field", start, end, detail, words, insert, rank)


# ---- values


def _choices(
    document: Document, levels: tuple[Level, ...], words: tuple[Word, ...], start: int, end: int
) -> Iterator[Suggestion]:
    for word in words:
        for choice in word.choices:
            yield Suggestion(choice, "value", start, end, word.title, word.description, rank=1)
        if "boolean" in word.kinds:
            yield from (Suggestion(one, "value", start, end, word.title, rank=2) for one in ("true", "false"))
    wanted = expected_at(document.good, levels) if document.good is not None and not _told(words) else None
    if isinstance(wanted, EnumType):
        yield from (Suggestion(one, "value", start, end, "a choice", rank=1) for one in wanted.values)
    elif isinstance(wanted, BooleanType):
        yield from (Suggestion(one, "value", start, end, "boolean", rank=1) for one in ("true", "false"))


def _told(words: tuple[Word, ...]) -> bool:
    return any(one.kinds for one in words)
