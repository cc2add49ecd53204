"""Where a place in a text is: at a key, in a value or in an expression, and the maps and lists around it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from flowbridge.lsp.flow import FlowPart, flow_at, later_keys
from flowbridge.lsp.holes import Piece, hole_at
from flowbridge.lsp.outline import Entry, Item, ListPart, MapPart, Outline

_WORD = re.compile(r"[^\s:#]*")


@dataclass(frozen=True)
class MapLevel:
    """A map around a place: where it begins, its keys with what stands behind each, and the key that holds the place.

    `key` is None where the place is at a key of this map; that key is not among `keys`.
    """

    start: int
    keys: Mapping[str, str]
    key: str | None


@dataclass(frozen=True)
class ListLevel:
    """A list around a place: the number of the item that holds it, and where the items before that one begin."""

    index: int
    before: tuple[int, ...] = ()


Level = MapLevel | ListLevel


@dataclass(frozen=True)
class Cursor:
    """What is at a place. `start` and `end` are the word that is there, `value_end` is where its value ends.

    `hole` is the `${ … }` around the place. An item of a list that is a lone word may be a key as well as a value:
    there `item` is set.
    """

    at: Literal["key", "value"]
    levels: tuple[Level, ...]
    start: int
    end: int
    value_end: int
    hole: Piece | None = None
    item: bool = False


def cursor(outline: Outline, offset: int) -> Cursor | None:
    """What is at an offset; None in a comment, in an indent, and where nothing can stand."""
    lines, text = outline.lines, outline.lines.text
    line = lines.line_of(offset)
    start, end = lines.start(line), lines.end(line)
    row = outline.rows[line]
    if row is None:
        return None if text[start:offset].strip() else _at_column(outline, line, offset - start, offset, offset)
    owner = row.owner
    if isinstance(owner, MapPart):
        first = start + len(text[start:end]) - len(text[start:end].lstrip())
        return _at_column(outline, line, first - start, first, _word_end(text, first, end)) if offset >= first else None
    if not row.fresh or offset > owner.value or (isinstance(owner, Item) and offset == owner.value):
        return _in_value(outline, owner, offset)
    if isinstance(owner, Entry) and owner.start <= offset <= owner.key_end:
        levels = (*_around(outline, owner.parent.owner), _level(outline, owner.parent, None, owner))
        return Cursor("key", levels, owner.start, owner.key_end, owner.key_end)
    return _in_value(outline, owner, offset) if offset == owner.value and text[offset - 1 : offset] != ":" else None


def levels_around(outline: Outline, owner: Entry | Item | None) -> tuple[Level, ...]:
    """The maps and lists around the value of an entry or an item, from the outside in."""
    return _around(outline, owner)


# ---- levels


def _around(outline: Outline, part: Entry | Item | None) -> tuple[Level, ...]:
    found: list[Level] = []
    while part is not None:
        if isinstance(part, Entry):
            found.append(_level(outline, part.parent, part.key))
        else:
            index = part.parent.items.index(part)
            found.append(ListLevel(index, tuple(_start(one) for one in part.parent.items[:index])))
        part = part.parent.owner
    return tuple(reversed(found))


def _level(outline: Outline, part: MapPart, key: str | None, without: Entry | None = None) -> MapLevel:
    keys = {one.key: outline.raw(one) for one in part.entries if one is not without}
    return MapLevel(part.start, keys, key)


def _start(item: Item) -> int:
    return item.child.start if isinstance(item.child, MapPart) else item.value


def _word_end(text: str, start: int, end: int) -> int:
    found = _WORD.match(text, start, end)
    return found.end() if found is not None else start


# ---- a key that is being written


def _at_column(outline: Outline, line: int, column: int, start: int, end: int) -> Cursor | None:
    """A line that holds no key yet: its column tells which map it belongs to."""
    part = _above(outline, line)
    while part is not None:
        if isinstance(part, MapPart):
            if part.column <= column or part.owner is None:
                return _new_key(outline, part, start, end)
            part = part.owner
            continue
        own = outline.column(part.start)
        if column > own:
            return _below(outline, part, column, start, end)
        if isinstance(part, Entry) and column == own:
            return _new_key(outline, part.parent, start, end)
        part = part.parent.owner
    return _new_key(outline, outline.root, start, end) if column <= outline.root.column else None


def _above(outline: Outline, line: int) -> MapPart | Entry | Item | None:
    return next((row.owner for row in reversed(outline.rows[max(0, line - 400) : line]) if row is not None), None)


def _below(outline: Outline, part: Entry | Item, column: int, start: int, end: int) -> Cursor | None:
    """What is deeper than a key or a dash belongs to its value: a map that is there, or one that begins here."""
    if isinstance(part.child, MapPart):
        return _new_key(outline, part.child, start, end)
    if isinstance(part.child, ListPart):
        last = part.child.items[-1]
        return _below(outline, last, column, start, end) if column > part.child.column else None
    if outline.lines.text[part.value : part.end].strip():
        return _in_value(outline, part, start)
    levels = (*_around(outline, part), MapLevel(start, {}, None))
    return Cursor("key", levels, start, end, end)


def _new_key(outline: Outline, part: MapPart, start: int, end: int) -> Cursor:
    levels = (*_around(outline, part.owner), _level(outline, part, None))
    return Cursor("key", levels, start, end, end)


# ---- values


def _in_value(outline: Outline, owner: Entry | Item, offset: int) -> Cursor | None:
    text, lines = outline.lines.text, outline.lines
    value_end = max(owner.end, owner.value)
    if offset > value_end:
        if text[value_end:offset].strip():
            return None
        value_end = offset
    start = owner.value
    while start < value_end and text[start] in " \t":
        start += 1
    hole = hole_at(text, start, value_end, offset)
    limit = hole.start - 2 if hole is not None else offset
    levels: list[Level] = list(_around(outline, owner))
    if offset < start or start >= value_end or text[start] not in "{['\"":
        end = max(start, len(text[:value_end].rstrip()) if lines.line_of(start) == lines.line_of(value_end) else offset)
        return Cursor("value", tuple(levels), min(start, offset), max(end, offset), value_end, hole, _is_word(owner))
    flow = flow_at(text, start, limit)
    levels += [_flow_level(one) for one in flow.open]
    inner = flow.open[-1] if flow.open else None
    token = flow.token + (flow.quote is not None or text[flow.token : flow.token + 1] in ("'", '"'))
    is_key = inner is not None and inner.is_map and inner.key is None and hole is None
    end = _token_end(text, token, value_end, flow.quote or (":,}]\n" if is_key else ",}]\n"))
    if inner is not None and is_key:
        later = dict.fromkeys(later_keys(text, max(end, offset), value_end), "")
        levels[-1] = MapLevel(inner.start, {**later, **inner.values}, None)
        return Cursor("key", tuple(levels), min(token, offset), max(end, offset), value_end)
    return Cursor("value", tuple(levels), min(token, offset), max(end, offset), value_end, hole)


def _is_word(owner: Entry | Item) -> bool:
    return isinstance(owner, Item) and owner.child is None


def _flow_level(part: FlowPart) -> Level:
    if part.is_map:
        return MapLevel(part.start, part.values, part.key)
    return ListLevel(part.count)


def _token_end(text: str, start: int, end: int, stops: str) -> int:
    return next((at for at in range(start, end) if text[at] in stops), end)
