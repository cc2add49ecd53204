"""The `${ … }` around a place in a text that may not be whole, and the words of an expression before that place."""

from __future__ import annotations

import re
from dataclasses import dataclass

_COMPREHENSION = re.compile(r"\bfor\s+([A-Za-z_]\w*)\s+in\s+")
_OPENING, _CLOSING = "([", ")]"


@dataclass(frozen=True)
class Piece:
    """An expression in a text: its offsets, without `${` and `}`."""

    start: int
    end: int


@dataclass(frozen=True)
class Chain:
    """What is being written in an expression: a name, or a field of `target`; `start` is where that word begins."""

    target: str | None
    start: int


def hole_at(text: str, start: int, end: int, offset: int) -> Piece | None:
    """The `${ … }` that holds an offset; one that is never closed ends with its line."""
    at = start
    while (sign := text.find("${", at, end)) >= 0 and sign + 2 <= offset:
        if sign > start and text[sign - 1] == "$":
            at = sign + 2
            continue
        closing = _closing(text, sign + 2, end)
        if closing is None:
            stop = text.find("\n", offset, end)
            return Piece(sign + 2, end if stop < 0 else stop)
        if offset <= closing:
            return Piece(sign + 2, closing)
        at = closing + 1
    return None


def _closing(text: str, at: int, end: int) -> int | None:
    depth = 0
    while at < end:
        character = text[at]
        if character in "'\"":
            after = text.find(character, at + 1, end)
            if after < 0:
                # A quote that is not closed yet hides nothing that closes the expression.
                found = text.find("}", at, end)
                return found if found >= 0 else None
            at = after
        elif character == "{":
            depth += 1
        elif character == "}":
            if depth == 0:
                return at
            depth -= 1
        elif character == "\n" and text[at + 1 : at + 2] == "\n":
            return None
        at += 1
    return None


def chain_before(text: str, start: int, offset: int) -> Chain | None:
    """What is being written at an offset of an expression that begins at `start`; None within a quoted text."""
    if _in_quotes(text, start, offset):
        return None
    word = offset
    while word > start and (text[word - 1].isalnum() or text[word - 1] == "_"):
        word -= 1
    dot = word
    while dot > start and text[dot - 1] in " \t":
        dot -= 1
    if dot == start or text[dot - 1] != ".":
        return Chain(None, word) if not text[word:offset][:1].isdigit() else None
    begin = _target_start(text, start, dot - 1)
    target = text[begin : dot - 1].strip()
    return Chain(target, word) if target and not target[0].isdigit() else None


def _target_start(text: str, start: int, end: int) -> int:
    """Where the value before a dot begins: a chain of names, calls and items."""
    at = end
    while at > start:
        character = text[at - 1]
        if character in ")]":
            opening = _opening(text, start, at - 1)
            if opening is None:
                return at
            at = opening
            if character == "]" and (at == start or (text[at - 1] not in ")]\"'" and not _is_letter(text[at - 1]))):
                return at
        elif character in "'\"":
            found = text.rfind(character, start, at - 1)
            at = found if found >= 0 else start
        elif _is_letter(character) or character == ".":
            at -= 1
        else:
            break
    return at


def _is_letter(character: str) -> bool:
    return character.isalnum() or character == "_"


def _opening(text: str, start: int, closing: int) -> int | None:
    """The bracket that the one at `closing` closes."""
    depth, at = 0, closing
    while at >= start:
        if text[at] in _CLOSING:
            depth += 1
        elif text[at] in _OPENING:
            depth -= 1
            if depth == 0:
                return at
        elif text[at] in "'\"":
            found = text.rfind(text[at], start, at)
            at = found if found >= 0 else start
        at -= 1
    return None


def _in_quotes(text: str, start: int, offset: int) -> bool:
    quote: str | None = None
    for character in text[start:offset]:
        if quote is None and character in "'\"":
            quote = character
        elif character == quote:
            quote = None
    return quote is not None


def comprehensions(expression: str) -> list[tuple[str, str]]:
    """The variables of an expression's comprehensions in order, each with the text of the list that it goes over."""
    found: list[tuple[str, str]] = []
    for one in _COMPREHENSION.finditer(expression):
        end = one.end()
        depth = 0
        while end < len(expression):
            character = expression[end]
            if character in "([{":
                depth += 1
            elif character in ")]}":
                if depth == 0:
                    break
                depth -= 1
            elif depth == 0 and (expression.startswith(" if ", end) or character == ","):
                break
            end += 1
        found.append((one[1], expression[one.end() : end].strip()))
    return found
