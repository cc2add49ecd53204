"""Texts with expressions in them as f-strings, split into several where one does not fit the line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flowbridge.emit.code import escaped, split
from flowbridge.emit.layout import Strings

_ROOM = 80


@dataclass(frozen=True)
class Insert:
    """What stands in braces, as code."""

    code: str


def f_string(parts: Sequence[str | Insert]) -> Strings | None:
    """One f-string; None where the quotes within do not allow one before Python 3.12."""
    plain = "".join(part for part in parts if isinstance(part, str))
    inserts = [part.code for part in parts if isinstance(part, Insert)]
    nested = any('"' in one or "'" in one for one in inserts)
    if any("\\" in one or "'" in one for one in inserts) or (nested and '"' in plain):
        return None
    quote = "'" if plain.count('"') > plain.count("'") else '"'
    whole = "".join(_inside(parts, quote, _ROOM))
    pieces, halves = (
        tuple(_marked(line, quote) for line in _packed(_inside(parts, quote, room), room + 10))
        for room in (_ROOM, len(whole) // 2)
    )
    return Strings(_marked(whole, quote), pieces, halves)


def _inside(parts: Sequence[str | Insert], quote: str, room: int) -> list[str]:
    """The inside of an f-string, its plain parts in pieces of so many columns."""
    written: list[str] = []
    for part in parts:
        if isinstance(part, Insert):
            written.append("{" + part.code.replace('"', "'") + "}")
        elif part:
            pieces = split(part, room)
            written += [escaped(piece, quote).replace("{", "{{").replace("}", "}}") for piece in pieces]
    return written


def _packed(parts: list[str], room: int) -> list[str]:
    """Parts put together to lines of about the given length."""
    packed: list[str] = []
    for part in parts:
        if packed and len(packed[-1]) + len(part) <= room:
            packed[-1] += part
        else:
            packed.append(part)
    return packed


def _marked(inside: str, quote: str) -> str:
    """A string literal of the given inside, with an f only where it has a placeholder."""
    has_placeholder = "{" in inside.replace("{{", "")
    plain = inside if has_placeholder else inside.replace("{{", "{").replace("}}", "}")
    return f"{'f' if has_placeholder else ''}{quote}{plain}{quote}"
