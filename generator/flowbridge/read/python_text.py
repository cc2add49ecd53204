"""The text of an expression to Python's own syntax tree, and what Python says of a broken one in the author's words."""

from __future__ import annotations

import ast
import re
import warnings

from flowbridge.read.placed import Placed
from flowbridge.text.diagnostic import Diagnostic, Report


def parse_python(text: str, placed: Placed, report: Report) -> ast.expr | None:
    """Python's tree of a text; None where it was reported as no expression."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return ast.parse(text, mode="eval").body
    except SyntaxError as error:
        report(_syntax_finding(error, text, placed))
    except (ValueError, RecursionError, MemoryError):
        report(
            Diagnostic(
                "E134", placed.whole, "the expression is nested too deeply", "too deep", "split it with `set` steps"
            )
        )
    return None


def _syntax_cure(text: str, rest: str) -> str | None:
    """The cure for what other languages write: `text` is the expression, `rest` begins where Python stumbled."""
    if "&&" in text or "||" in text:
        return "write `and` and `or`"
    if "===" in text or "!==" in text:
        return "write `==` and `!=`"
    if rest.startswith("!") and not rest.startswith("!="):
        return "write `not`"
    if rest.startswith("?"):
        return "write `a if condition else b`"
    if rest.startswith("$"):
        return "inside of an expression names stand without ${ }"
    if "=" in re.sub(r"[=!<>]=", "", text):
        return "compare with `==`"
    return None


def _syntax_finding(error: SyntaxError, text: str, placed: Placed) -> Diagnostic:
    at = min((error.offset or len(text) + 1) - 1, len(text))
    if at >= len(text.rstrip()) and text:
        at = len(text) - 1
    end = at + 1
    if error.end_offset is not None and error.end_lineno == error.lineno and error.end_offset - 1 > at:
        end = min(error.end_offset - 1, len(text))
    foreign = [sign for sign in ("&&", "||") if sign in text]
    if foreign:
        at = min(text.index(sign) for sign in foreign)
        end = at + 2
    rest = text[at:]
    hint = _syntax_cure(text, rest)
    message = (error.msg or "it cannot be read").split(". Perhaps")[0].split(". Maybe")[0].split(". Did")[0]
    if "too many nested" in message:
        return Diagnostic("E134", placed.span(at, end), "the expression is nested too deeply", "too deep")
    if message in ("invalid syntax", "unexpected EOF while parsing", "f-string: invalid syntax"):
        message = f'"{rest.split(" ")[0][:20]}" does not fit here' if rest.strip() else "it ends too early"
    return Diagnostic("E130", placed.span(at, end), f"the expression cannot be read: {message}", "here", hint)
