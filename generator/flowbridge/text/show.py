"""Diagnostics as people and machines read them: text with a caret, JSON, SARIF, or annotations of a CI system.

The only place that renders a finding. Text goes to terminals, so control characters of the author's file never pass.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Literal, assert_never

from flowbridge.text.diagnostic import Diagnostic, in_order
from flowbridge.text.sarif import sarif
from flowbridge.text.source import Span

Format = Literal["text", "json", "github", "sarif"]

_WIDEST = 160
"""Columns of source shown; a longer line is cut around the caret."""


def wants_color(environment: Mapping[str, str], terminal: bool) -> bool:
    """Whether to colour: NO_COLOR forbids, FORCE_COLOR demands, else where a terminal reads (no-color.org)."""
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return terminal and environment.get("TERM") != "dumb"


def render(diagnostics: Iterable[Diagnostic], format: Format = "text", color: bool = False) -> str:  # noqa: A002
    """All findings in their stable order; ends with a newline unless there is nothing to say in text."""
    ordered = in_order(diagnostics)
    match format:
        case "text":
            return "".join(_text(one, color) + "\n" for one in ordered)
        case "json":
            return json.dumps([_json(one) for one in ordered], ensure_ascii=False, indent=2) + "\n"
        case "github":
            return "".join(_github(one) + "\n" for one in ordered)
        case "sarif":
            return sarif(ordered)
        case _:
            assert_never(format)


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """`2 errors, 1 warning`; empty where there is nothing."""
    found = [one.severity for one in in_order(diagnostics)]
    counts = [(found.count("error"), "error"), (found.count("warning"), "warning")]
    return ", ".join(f"{count} {word}{'s' if count != 1 else ''}" for count, word in counts if count)


# ---- text


def _text(one: Diagnostic, color: bool) -> str:
    paint = _Paint(color)
    strong = paint.red if one.severity == "error" else paint.yellow
    gutter = len(str(max([one.span.line, *(each.span.line for each in one.related)])))
    lines = [f"{strong(f'{one.severity}[{one.rule}]')}: {paint.bold(_clean(one.message))}"]
    lines += _excerpt(one.span, one.label, "^", "-->", gutter, paint, strong)
    for each in one.related:
        lines += _excerpt(each.span, each.message, "-", ":::", gutter, paint, paint.blue)
    hint = [_clean(each) for each in one.hint.split("\n")] if one.hint else []
    told = f"\n{' ' * (gutter + 3)}".join([*hint[:-1], *(f"{each}   " for each in hint[-1:])])
    start = f"{' ' * (gutter + 1)}{paint.blue('=')} {'hint: ' if hint else ''}"
    lines.append(f"{start}{told}help: flowbridge explain {one.rule}")
    return "\n".join(lines)


def _excerpt(span: Span, label: str, mark: str, arrow: str, gutter: int, paint: _Paint, strong: _Brush) -> list[str]:
    line, column = span.source.position(span.start)
    text = span.source.line(line)
    stop = span.source.position(span.end)
    last = stop[1] - 1 if stop[0] == line else len(text)
    before, marked, after = _window(text, column - 1, max(last, column))
    pad = " " * _width(before)
    carets = mark * max(1, _width(marked))
    bar = paint.blue("|")
    return [
        f"{' ' * gutter}{paint.blue(arrow)} {_clean(span.source.path)}:{line}:{column}",
        f"{paint.blue(str(line).rjust(gutter))} {bar} {before}{marked}{after}".rstrip(),
        f"{' ' * gutter} {bar} {pad}{strong(carets)} {strong(_clean(label))}".rstrip(),
    ]


def _window(text: str, start: int, end: int) -> tuple[str, str, str]:
    """The line in three parts, before, at and after the caret, cut to what a terminal shows."""
    start, end = min(start, len(text)), min(end, len(text))
    left, right = 0, len(text)
    if len(text) > _WIDEST:
        end = min(end, start + _WIDEST // 2)
        left = max(0, min(start - _WIDEST // 4, len(text) - _WIDEST))
        right = min(len(text), max(left + _WIDEST, end))
    head = "…" if left else ""
    tail = "…" if right < len(text) else ""
    return head + _clean(text[left:start]), _clean(text[start:end]), _clean(text[end:right]) + tail


def _clean(text: str) -> str:
    """Text that a terminal shows as it is: a tab is one space, what steers terminals or direction is `�`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(" " if one in "\t\n\r" else "\ufffd" if _steers(one) else one for one in text)


def _steers(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") and character != "\u200d"


def _width(text: str) -> int:
    """Terminal columns: wide characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text
    )


class _Paint:
    """Terminal colours, or none."""

    def __init__(self, on: bool) -> None:
        self.red = _Brush("1;31", on)
        self.yellow = _Brush("1;33", on)
        self.blue = _Brush("1;34", on)
        self.bold = _Brush("1", on)


class _Brush:
    """One colour as a function from text to text."""

    def __init__(self, code: str, on: bool) -> None:
        self.code = code if on else ""

    def __call__(self, text: str) -> str:
        return f"\x1b[{self.code}m{text}\x1b[0m" if self.code and text else text


# ---- machines


def _json(one: Diagnostic) -> dict[str, object]:
    return {
        "code": one.rule,
        "slug": one.entry.slug,
        "severity": one.severity,
        "message": one.message,
        "label": one.label,
        "hint": one.hint,
        **_place(one.span),
        "related": [{"message": each.message, **_place(each.span)} for each in one.related],
    }


def _place(span: Span) -> dict[str, object]:
    line, column = span.source.position(span.start)
    end_line, end_column = span.source.position(max(span.end, span.start))
    return {"file": span.source.path, "line": line, "column": column, "endLine": end_line, "endColumn": end_column}


def _github(one: Diagnostic) -> str:
    """A workflow command that shows the finding at its line in a pull request."""
    place = _place(one.span)
    last = f",endColumn={place['endColumn']}" if place["endLine"] == place["line"] else ""
    text = " ".join(part for part in (one.message, f"({one.label})" if one.label else "", one.hint or "") if part)
    where = f"file={_property(one.span.source.path)},line={place['line']},endLine={place['endLine']}"
    title = _property(f"{one.rule} {one.entry.title}")
    return f"::{one.severity} {where},col={place['column']}{last},title={title}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
