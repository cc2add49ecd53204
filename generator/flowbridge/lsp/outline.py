"""The shape of a YAML text told from its indents, whether it is whole or still being written.

A parser of YAML stops at the first mistake, and a text that is being written is one mistake after another. The scan
here never stops: a line is a key, the item of a list, or part of what stands above it, and its column tells what it
belongs to. `cursor` asks it where a place in the text is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TypeGuard

from flowbridge.lsp.flow import flow_end
from flowbridge.lsp.lines import Lines

_KEY = re.compile(
    r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\n]|'')*'|[^\s#'"{}\[\],&*!|>%@`-][^\n#:]*?|-[^\s\n#:][^\n#:]*?)[ \t]*:(?=\s|$)"""
)
_DASH = re.compile(r"-(?=\s|$)[ \t]*")
_BLOCK = re.compile(r"(?:&\S+[ \t]+)?[|>][-+0-9]*[ \t]*(?:#.*)?$")
_BLANKS = re.compile(r"[ \t]*")
_COMMENT = re.compile(r"(?:(?<=\s)|^)#")


@dataclass(eq=False)
class MapPart:
    """A map: the offset of its first key, its column, and the entry or item that it is the value of."""

    start: int
    column: int
    owner: Entry | Item | None
    entries: list[Entry] = field(default_factory=list["Entry"])

    def get(self, key: str) -> Entry | None:
        """The first entry of a key."""
        return next((one for one in self.entries if one.key == key), None)


@dataclass(eq=False)
class Entry:
    """A key and its value. `value` is the offset at which the value may begin, `end` where the part that stands on
    the key's own line, or in braces, quotes or a block of text, ends."""

    key: str
    start: int
    key_end: int
    value: int
    end: int
    parent: MapPart
    child: MapPart | ListPart | None = None


@dataclass(eq=False)
class ListPart:
    """A list: its column, and the entry or item that it is the value of."""

    column: int
    owner: Entry | Item
    items: list[Item] = field(default_factory=list["Item"])


@dataclass(eq=False)
class Item:
    """An item of a list: the offset of its dash, and where its value begins and ends on the same line."""

    start: int
    value: int
    end: int
    parent: ListPart
    child: MapPart | ListPart | None = None


@dataclass(eq=False)
class Row:
    """What a line holds: the innermost part that begins on it or that it goes on with.

    `fresh` if the line begins something; a line that goes on with a text, braces or brackets does not.
    """

    owner: MapPart | Entry | Item
    fresh: bool


class Outline:
    """The parts of a text, and what each line holds (None: nothing)."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.root = MapPart(0, 0, None)
        self.rows: list[Row | None] = [None] * len(lines)
        self._open: list[MapPart | ListPart] = [self.root]
        self._last: Row | None = None
        line = 0
        while line < len(lines):
            line = self._scan(line)

    def raw(self, entry: Entry) -> str:
        """What stands behind a key on its line, without quotes and comments."""
        text = self.lines.text[entry.value : entry.end].strip()
        if text[:1] in ("'", '"'):
            return text[1:-1] if text[-1:] == text[:1] and len(text) > 1 else text[1:]
        return text

    def column(self, offset: int) -> int:
        """How far an offset is from the beginning of its line, in characters."""
        return offset - self.lines.start(self.lines.line_of(offset))

    def _set(self, line: int, owner: MapPart | Entry | Item, *, fresh: bool = True) -> None:
        self.rows[line] = self._last = Row(owner, fresh)

    # ---- the scan

    def _scan(self, line: int) -> int:
        """Takes in one line, and those that its value goes on over; gives the next."""
        text, start, end = self.lines.text, self.lines.start(line), self.lines.end(line)
        at = _skip(text, start, end)
        if at == end or text[at] == "#" or (at == start and text.startswith(("---", "..."), at)):
            return line + 1
        owner: Entry | Item | None = None
        while (dash := _DASH.match(text, at, end)) is not None:
            owner = self._item(at, at - start, dash.end(), end)
            at = dash.end()
        if at >= end and owner is not None:
            self._set(line, owner)
            return line + 1
        found = _KEY.match(text, at, end)
        if found is None:
            return self._rest(line, at, end, owner)
        entry = self._entry(_plain(found[1]), at, at - start, found.end(1), found.end(), end)
        self._set(line, entry)
        return self._value(line, entry, at - start)

    def _rest(self, line: int, at: int, end: int, owner: Entry | Item | None) -> int:
        """A line without a key: a list's item, or a text that goes on, or what is half written."""
        if owner is not None:
            self._set(line, owner)
            return self._value(line, owner, at - self.lines.start(line))
        above, column = self._last, at - self.lines.start(line)
        if above is not None and self._goes_on(above.owner, column):
            above.owner.end = end
            self._set(line, above.owner, fresh=False)
            return line + 1
        self._close(column)
        holder = next((one for one in reversed(self._open) if isinstance(one, MapPart)), self.root)
        self._set(line, holder)
        return line + 1

    def _goes_on(self, owner: MapPart | Entry | Item, column: int) -> TypeGuard[Entry]:
        """Whether a line of this column goes on with the text behind a key."""
        return isinstance(owner, Entry) and column > self.column(owner.start) and bool(self.raw(owner))

    def _value(self, line: int, owner: Entry | Item, column: int) -> int:
        """Passes over a value that goes on over the following lines."""
        text, end = self.lines.text, self.lines.end(line)
        at, following = _skip(text, owner.value, end), line + 1
        if at >= end or text[at] not in "|>&{['\"":
            owner.end = _comment(text, at, end)
            return following
        if _BLOCK.match(text, at, end):
            following = self._deeper(line, column - (isinstance(owner, Item)), keep=True)
        elif at < end and text[at] in "{['\"":
            last = self._deeper(line, column, keep=False) - 1
            closed = flow_end(text, at, self.lines.end(last))
            following = self.lines.line_of(max(at, closed - 1)) + 1
            end = max(closed, min(end, self.lines.end(following - 1)))
        else:
            owner.end = _comment(text, at, end)
            return following
        for one in range(line + 1, following):
            self._set(one, owner, fresh=False)
        owner.end = max(end, self.lines.end(following - 1)) if _BLOCK.match(text, at, end) else end
        return following

    def _deeper(self, line: int, column: int, *, keep: bool) -> int:
        """The first line after this one that is not indented deeper; blank lines count as deeper if `keep`."""
        text = self.lines.text
        following = last = line + 1
        while following < len(self.lines):
            start, end = self.lines.start(following), self.lines.end(following)
            at = _skip(text, start, end)
            if at < end:
                if at - start <= column:
                    return following if keep else last
                last = following + 1
            following += 1
        return following if keep else last

    # ---- parts

    def _close(self, column: int) -> None:
        while len(self._open) > 1 and self._open[-1].column > column:
            self._open.pop()

    def _owner(self) -> Entry | Item | None:
        """What the next part would be the value of: the last entry or item of the innermost open part."""
        top = self._open[-1]
        inner = top.entries if isinstance(top, MapPart) else top.items
        return inner[-1] if inner else None

    def _item(self, at: int, column: int, value: int, end: int) -> Item:
        self._close(column)
        top = self._open[-1]
        if not isinstance(top, ListPart) or top.column < column:
            owner = self._owner()
            if owner is None:
                owner = Entry("", at, at, at, at, self.root)
            top = ListPart(column, owner)
            owner.child = top
            self._open.append(top)
        item = Item(at, value, end, top)
        top.items.append(item)
        return item

    def _entry(self, key: str, at: int, column: int, key_end: int, value: int, end: int) -> Entry:
        self._close(column)
        while len(self._open) > 1 and isinstance(self._open[-1], ListPart) and self._open[-1].column >= column:
            self._open.pop()
        top = self._open[-1]
        if isinstance(top, ListPart) or top.column < column:
            owner = self._owner()
            top = MapPart(at, column, owner)
            if owner is not None:
                owner.child = top
            self._open.append(top)
        elif not top.entries:
            top.start = at
        entry = Entry(key, at, key_end, value, end, top)
        top.entries.append(entry)
        return entry


def _skip(text: str, at: int, end: int) -> int:
    found = _BLANKS.match(text, at, end)
    return found.end() if found is not None else at


def _comment(text: str, at: int, end: int) -> int:
    """Where a plain value ends: before a comment."""
    if text.find("#", at, end) < 0:
        return end
    found = _COMMENT.search(text, at, end)
    return found.start() if found is not None else end


def _plain(key: str) -> str:
    return key[1:-1] if key[:1] in "'\"" else key
