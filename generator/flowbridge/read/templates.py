"""`${ … }` in texts: where each begins and ends."""

from __future__ import annotations

from dataclasses import dataclass

from flowbridge.read.placed import Placed
from flowbridge.text.diagnostic import Diagnostic, Report


@dataclass(frozen=True)
class Hole:
    """What stands between `${` and `}`."""

    inner: Placed


def split(placed: Placed, report: Report) -> list[str | Hole] | None:
    """The literal and computed parts of a text in order; None where it was reported. `$${` is the text `${`."""
    text = placed.text
    parts: list[str | Hole] = []
    literal = ""
    at = 0
    while (sign := text.find("${", at)) >= 0:
        if sign > at and text[sign - 1] == "$":
            literal += text[at : sign - 1] + "${"
            at = sign + 2
            continue
        try:
            end = _closing(text, sign)
        except _UnclosedError as unclosed:
            report(_finding(placed, unclosed))
            return None
        if literal or sign > at:
            parts.append(literal + text[at:sign])
            literal = ""
        parts.append(Hole(placed.piece(sign + 2, end)))
        at = end + 1
    if literal or at < len(text):
        parts.append(literal + text[at:])
    return parts


def holds_template(text: str) -> bool:
    """Whether a text has a `${`, escaped or not."""
    return "${" in text


class _UnclosedError(Exception):
    """What was opened at `at` has no end; the search stops there, so that a text is scanned once."""

    def __init__(self, at: int, quote: bool) -> None:
        super().__init__(at)
        self.at = at
        self.quote = quote


def _finding(placed: Placed, unclosed: _UnclosedError) -> Diagnostic:
    if unclosed.quote:
        span = placed.span(unclosed.at, unclosed.at + 1)
        return Diagnostic("E130", span, "a quote in an expression is never closed", "opened here", "close it")
    span = placed.span(unclosed.at, unclosed.at + 2)
    hint = "close it with }, or write $${ for the two characters themselves"
    return Diagnostic("E132", span, "this ${ has no }", "opened here", hint)


def _closing(text: str, sign: int) -> int:
    """The `}` that closes the `${` at `sign`; braces inside are counted and quoted texts skipped."""
    depth = 0
    at = sign + 2
    while at < len(text):
        character = text[at]
        if character in "'\"":
            after = _after_quote(text, at)
            if after is None:
                raise _UnclosedError(at if "}" in text[at:] else sign, quote="}" in text[at:])
            at = after
            continue
        if character == "{":
            depth += 1
        elif character == "}":
            if depth == 0:
                return at
            depth -= 1
        at += 1
    raise _UnclosedError(sign, quote=False)


def _after_quote(text: str, at: int) -> int | None:
    """Past the quoted text that begins at `at`; None where it is never closed."""
    quote = text[at]
    end = at + 1
    while end < len(text):
        if text[end] == "\\":
            end += 2
            continue
        if text[end] == quote:
            return end + 1
        end += 1
    return None


def outside_quotes(text: str, wanted: str) -> int | None:
    """Where a character stands that is not within a quoted text; None where it does not."""
    at = 0
    while at < len(text):
        if text[at] in "'\"":
            after = _after_quote(text, at)
            if after is None:
                return None
            at = after
            continue
        if text[at] == wanted:
            return at
        at += 1
    return None
