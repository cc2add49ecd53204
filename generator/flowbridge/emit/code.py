"""Python code as a type of its own: values become literals, and nothing else gets into generated code.

`Code` marks text that is code; everything else that reaches a template is data and is written as a literal (see
`templates.py`), so hostile text lands as one string constant.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import cast

from markupsafe import Markup

from flowbridge.emit.layout import WIDTH, Bracket, Doc, Joined, Strings, columns, lines

_QUOTES = ("'", '"')


class Code(Markup):
    """Text that is Python code; made by the emitters alone, never from what an author wrote."""

    __slots__ = ()


def code(doc: Doc, indent: int = 0, before: str = "", after: str = "") -> Code:
    """A document as code; its first line is not indented, because the template has done that."""
    return Code("\n".join(lines(doc, indent, before, after))[indent:])


def quoted(text: str, prefix: str = "") -> str:
    """A text as one string literal in the formatter's quotes; whatever is not printable is escaped."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    return prefix + quote + escaped(text, quote) + quote


def escaped(text: str, quote: str) -> str:
    """The inside of a string literal with these quotes."""
    out: list[str] = []
    for character in text:
        if character in ("\\", quote):
            out.append("\\" + character)
        elif character.isprintable():
            out.append(character)
        else:
            out.append(repr(character)[1:-1])
    return "".join(out)


def string(text: str, room: int = 80) -> Strings:
    """A text as a document that can be split into several literals, at spaces where there are any."""
    pieces, halves = (tuple(quoted(piece) for piece in split(text, most)) for most in (room, 1 + columns(text) // 2))
    return Strings(quoted(text), pieces, halves)


def split(text: str, room: int) -> list[str]:
    """The text in pieces of at most `room` columns as a literal, each cut after a space if it has one."""
    pieces: list[str] = []
    start = after_space = used = 0
    for index, character in enumerate(text):
        used += _columns(character)
        if used > room and index > start:
            end = after_space if after_space > start else index
            pieces.append(text[start:end])
            start, used = end, sum(_columns(one) for one in text[end : index + 1])
        if character == " ":
            after_space = index + 1
    return [*pieces, text[start:]]


@cache
def _columns(character: str) -> int:
    """The columns that a character takes in a literal of either kind of quotes."""
    return max(1, columns(escaped(character, character if character in _QUOTES else "")))


def literal(value: object) -> Doc:
    """A JSON-like value as a Python literal; TypeError or ValueError for what has none."""
    if value is None or isinstance(value, bool | int):
        return repr(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{value} has no literal")
        return repr(value)
    if isinstance(value, str):
        return string(value)
    if isinstance(value, Mapping):
        fields = cast(Mapping[str, object], value)
        return Bracket("{", tuple(Joined((quoted(name) + ": ", literal(one))) for name, one in fields.items()), "}")
    if isinstance(value, tuple):
        parts = tuple(literal(one) for one in cast(tuple[object, ...], value))
        return Bracket("(", parts, ",)" if len(parts) == 1 else ")")
    if isinstance(value, list):
        return Bracket("[", tuple(literal(one) for one in cast(list[object], value)), "]")
    raise TypeError(f"{type(value).__name__} has no literal")


def comment(text: str, indent: int) -> str:
    """One line of comment, cut to the line; whatever could end a comment is escaped."""
    plain = escaped(" ".join(text.split()), "")
    room = WIDTH - indent - 2
    if columns(plain) > room:
        while columns(plain) >= room:
            plain = plain[:-1]
        plain += "…"
    return f"# {plain}"


def docstring(text: str, indent: int) -> Code:
    """A text as a docstring, wrapped to the line."""
    room = WIDTH - indent - 7
    wrapped = [""]
    for word in text.split():
        # Words are escaped one by one and never cut: half an escape would be another text, or none.
        plain = escaped(word, '"' if '"' in text else "")
        if wrapped[-1] and columns(wrapped[-1]) + 1 + columns(plain) > room:
            wrapped.append(plain)
        else:
            wrapped[-1] = f"{wrapped[-1]} {plain}".lstrip()
    if len(wrapped) == 1:
        return Code(f'"""{wrapped[0]}"""')
    pad = " " * indent
    return Code('"""' + f"\n{pad}".join(wrapped) + f'\n{pad}"""')
