"""YAML 1.2's core scalars, and where each character of a scalar's text stands in the source.

PyYAML reads YAML 1.1, where `on` and `no` are booleans, `012` is ten and `12:30:45` a number. Here they are what they
look like: two texts, twelve, and a text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from flowbridge.read.nodes import ScalarNode, ScalarValue

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_NUMBER_START = frozenset("0123456789+-.")

EXACT = 2**53
"""Integers beyond this are changed by readers that keep numbers as doubles, Power Automate among them."""


class NotANumberError(ValueError):
    """A number that JSON cannot carry: infinite, not a number, or past 2**53."""


def resolve(text: str) -> ScalarValue:
    """The value of a plain scalar; raises `NotANumberError` with a reason."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_START:
        return text
    if _INTEGER.fullmatch(text):
        return _integer(text)
    if _FLOAT.fullmatch(text):
        return _float(text)
    return text


def _integer(text: str) -> int:
    if len(text) > 40:
        raise NotANumberError("it has too many digits")
    base = {"0x": 16, "0o": 8}.get(text[:2], 10)
    number = int(text, base) if base != 10 else int(text)
    if abs(number) > EXACT:
        raise NotANumberError("whole numbers are exact up to 9007199254740992 only")
    return number


def _float(text: str) -> float:
    lowered = text.lower()
    number = math.inf if lowered.endswith("inf") else math.nan if lowered.endswith("nan") else float(text)
    if not math.isfinite(number):
        raise NotANumberError("it is not finite")
    return number


# ---- places


def offsets(node: ScalarNode) -> tuple[int, ...] | None:
    """The source offset of each character of `node.text`, and of its end; None where they cannot be told apart.

    A character that an escape or a line fold stands for is at the first character of that escape or fold.
    """
    start, end = node.span.start, node.span.end
    raw = node.span.source.text[start:end]
    if raw == node.text:
        return tuple(range(start, end + 1))
    steps: Callable[[str, str], list[int] | None] = {
        "plain": _folded,
        "'": _single_quoted,
        '"': _double_quoted,
        "|": _block,
        ">": _block,
    }[node.style]
    found = steps(raw, node.text)
    return tuple(start + step for step in found) if found is not None else None


def _folded(raw: str, text: str) -> list[int] | None:
    """A plain scalar over several lines: a line break and its indent is one blank, or as many breaks as it had."""
    found: list[int] = []
    at = 0
    for character in text:
        fold = _after_break(raw, at) if found or at else at
        if character in " \n" and fold != at:
            found.append(at)
            at = fold if character == " " else _after_one_break(raw, at, fold)
            continue
        if at >= len(raw) or raw[at] != character:
            return None
        found.append(at)
        at += 1
    return [*found, at]


def _after_break(raw: str, at: int) -> int:
    """Past the white space at `at` if it holds a line break, else `at` itself."""
    end = at
    while end < len(raw) and raw[end] in " \t\r\n":
        end += 1
    return end if "\n" in raw[at:end] or "\r" in raw[at:end] else at


def _after_one_break(raw: str, at: int, fold: int) -> int:
    """Where the next line break of a fold begins; the first break of a fold is dropped, each further is kept."""
    breaks = [one for one in range(at, fold) if raw[one] == "\n"]
    return breaks[2] if len(breaks) > 2 else fold


def _single_quoted(raw: str, text: str) -> list[int] | None:
    """In single quotes a doubled quote is one; lines fold as in a plain scalar."""
    inner = raw[1:-1]
    if "\n" in inner or "\r" in inner:
        if "''" in inner:
            return None
        found = _folded(inner, text)
        return [one + 1 for one in found] if found is not None else None
    steps: list[int] = []
    at = 1
    for character in text:
        if raw[at] != character:
            return None
        steps.append(at)
        at += 2 if character == "'" else 1
    return [*steps, at]


_ESCAPE = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)")


def _double_quoted(raw: str, text: str) -> list[int] | None:
    """In double quotes an escape is one character; over several lines it is not followed."""
    if "\n" in raw or "\r" in raw:
        found = _folded(raw[1:-1], text) if "\\" not in raw else None
        return [one + 1 for one in found] if found is not None else None
    steps: list[int] = []
    at = 1
    for character in text:
        steps.append(at)
        escape = _ESCAPE.match(raw, at) if raw[at] == "\\" else None
        if escape is None and raw[at] != character:
            return None
        at = escape.end() if escape is not None else at + 1
    return [*steps, at]


def _lead(text: str) -> int:
    """The blanks before the first line that has more than blanks."""
    line = next((one for one in text.split("\n") if one.strip()), "")
    return len(line) - len(line.lstrip(" "))


def _block(raw: str, text: str) -> list[int] | None:
    """A block scalar: the header line is skipped, and the same indent at the head of each line."""
    at = raw.find("\n") + 1
    if at == 0:
        return None
    indent = _lead(raw[at:]) - _lead(text)
    found: list[int] = []
    head = True
    for character in text:
        if head and character != "\n":
            at += indent
        head = False
        while raw[at : at + 1] == "\r":
            at += 1
        actual = raw[at : at + 1]
        if actual != character and not (actual == "\n" and character == " ") and actual != "":
            return None
        found.append(min(at, len(raw)))
        at += 1
        head = actual == "\n"
    return [*found, min(at, len(raw))]
