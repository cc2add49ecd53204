"""Lays out Python code so that it comes out as the formatter would leave it.

A document is flat where it fits the line. Where it does not, a bracket puts each item on a line of its own with a
trailing comma, and a chain of operands is put into parentheses, one operand a line: both are forms that the formatter
keeps as they are.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

WIDTH = 120
INDENT = 4


@dataclass(frozen=True)
class Bracket:
    """`open item, item close`; `bare` marks a single item that takes no trailing comma, such as a generator."""

    open: str
    items: tuple[Doc, ...]
    close: str
    bare: bool = False


@dataclass(frozen=True)
class Joined:
    """Pieces that follow each other directly; where they do not fit, the last piece that can be broken is."""

    pieces: tuple[Doc, ...]


@dataclass(frozen=True)
class Chain:
    """Operands, each with what stands before it (`and `, `+ `, `if `, …; empty for the first).

    `enclosed` says that brackets around it are there already, so that breaking adds no parentheses.
    """

    operands: tuple[tuple[str, Doc], ...]
    enclosed: bool = False


@dataclass(frozen=True)
class Strings:
    """A text as string literals; `pieces` are what it is split into where it does not fit one line.

    `halves` are for a text of one piece that is too long for its place all the same.
    """

    whole: str
    pieces: tuple[str, ...]
    halves: tuple[str, ...]


Doc = str | Bracket | Joined | Chain | Strings


def call(function: str, *items: Doc) -> Doc:
    """A call of a function."""
    return Joined((function, Bracket("(", items, ")")))


def keyword(name: str, value: Doc) -> Doc:
    """A keyword argument."""
    return Joined((f"{name}=", value))


def columns(text: str) -> int:
    """How wide a text is on a screen, which is what the formatter goes by: two columns for a character such as 漢."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.east_asian_width(character) in ("W", "F"):
        return 2
    return 0 if unicodedata.category(character) in ("Mn", "Me") else 1


def flat(doc: Doc) -> str:
    """The document on one line."""
    match doc:
        case str():
            return doc
        case Bracket():
            return doc.open + ", ".join(flat(item) for item in doc.items) + doc.close
        case Joined():
            return "".join(flat(piece) for piece in doc.pieces)
        case Chain():
            return " ".join(before + flat(operand) for before, operand in doc.operands)
        case Strings():
            return doc.whole


def lines(doc: Doc, indent: int, before: str = "", after: str = "") -> list[str]:
    """A statement: the document after `before` and followed by `after`, on as many lines as it takes."""
    column = indent + len(before)
    fits = column + columns(flat(doc)) + len(after) <= WIDTH
    hugged = _hug(doc, indent, column, len(after)) if isinstance(doc, Chain) and not fits else None
    text = hugged or _fit(doc, indent, column, len(after))
    return (" " * indent + before + text + after).split("\n")


def _hug(doc: Chain, indent: int, column: int, after: int) -> str | None:
    """Two operands of which one is in brackets: these are broken, and no parentheses are added, if that is enough."""
    if len(doc.operands) != 2 or doc.enclosed:
        return None
    (_, first), (before, last) = doc.operands
    head = f"{flat(first)} {before}"
    tail = _fit(last, indent, column + columns(head), after)
    if _is_bracketed(last) and column + columns(head + tail.split("\n")[0]) <= WIDTH:
        return head + tail
    if not (isinstance(first, Bracket) and first.items):
        return None
    head = f"{_break_bracket(first, indent)} {before}"
    used = columns(head.rpartition("\n")[2])
    tail = _fit(last, indent, used, after)
    return head + tail if used + columns(tail.split("\n")[0]) <= WIDTH else None


def _is_bracketed(doc: Doc) -> bool:
    match doc:
        case Bracket():
            return bool(doc.items)
        case Joined():
            return _is_bracketed(doc.pieces[-1])
        case Strings():
            return len(doc.pieces) > 1
        case _:
            return False


def _fit(doc: Doc, indent: int, column: int, after: int) -> str:
    """The document from a column on, with room for `after` more characters; its later lines start at `indent`."""
    line = flat(doc)
    if column + columns(line) + after <= WIDTH:
        return line
    match doc:
        case str():
            return doc
        case Bracket():
            return _break_bracket(doc, indent)
        case Joined():
            return _break_joined(doc, indent, column, after)
        case Chain():
            return _break_chain(doc, indent)
        case Strings():
            return _enclose(_parts(doc, WIDTH - indent - INDENT), indent) if len(doc.halves) > 1 else doc.whole


def _parts(doc: Strings, room: int) -> list[str]:
    """What a text is split into between brackets: nothing where it fits there, as the formatter joins what it can."""
    if columns(doc.whole) <= room:
        return [doc.whole]
    return list(doc.pieces if len(doc.pieces) > 1 else doc.halves)


def _break_bracket(doc: Bracket, indent: int) -> str:
    if not doc.items:
        return doc.open + doc.close
    inner = indent + INDENT
    comma = "" if doc.bare else ","
    items = [" " * inner + _fit(item, inner, inner, len(comma)) + comma for item in doc.items]
    return "\n".join([doc.open, *items, " " * indent + doc.close])


def _break_joined(doc: Joined, indent: int, column: int, after: int) -> str:
    """Breaks the last piece that can be, and the pieces before it only if the first line is still too long."""
    breakable = [number for number, piece in enumerate(doc.pieces) if _can_break(piece)]
    if not breakable and isinstance(doc.pieces[-1], Strings):
        breakable = [len(doc.pieces) - 1]
    if not breakable:
        return flat(doc)
    last = breakable[-1]
    head = "".join(flat(piece) for piece in doc.pieces[:last])
    tail = "".join(flat(piece) for piece in doc.pieces[last + 1 :])
    return head + _fit(doc.pieces[last], indent, column + columns(head), after + columns(tail)) + tail


def _can_break(doc: Doc) -> bool:
    match doc:
        case str():
            return False
        case Bracket():
            return bool(doc.items)
        case Joined():
            return any(_can_break(piece) for piece in doc.pieces)
        case Chain():
            return True
        case Strings():
            return len(doc.pieces) > 1


def _break_chain(doc: Chain, indent: int) -> str:
    inner = indent if doc.enclosed else indent + INDENT
    parts = [before + _fit(operand, inner, inner + len(before), 0) for before, operand in doc.operands]
    return ("\n" + " " * inner).join(parts) if doc.enclosed else _enclose(parts, indent)


def _enclose(parts: list[str], indent: int) -> str:
    inner = " " * (indent + INDENT)
    return "\n".join(["(", *(inner + part for part in parts), " " * indent + ")"])
