"""Cron expressions of five fields, or of six that begin with the second, as the platform's timer reads them."""

from __future__ import annotations

import re

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_FIELDS = (
    ("second", 0, 59, ()),
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("day of the week", 0, 7, _DAYS),
)
_PART = re.compile(r"(\*|\w+)(?:-(\w+))?(?:/(\d+))?")
_DAYS_OF_MONTH = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}


def cron_problem(text: str) -> str | None:
    """Why a text is no cron expression, or one that never comes; None where it is right."""
    parts = text.split()
    if len(parts) not in (5, 6):
        return f"a schedule has five or six fields, and this has {len(parts)}"
    fields = _FIELDS if len(parts) == 6 else _FIELDS[1:]
    values: dict[str, set[int]] = {}
    for part, (name, least, most, words) in zip(parts, fields, strict=True):
        found = _values(part, least, most, words)
        if isinstance(found, str):
            return f'the {name} "{part[:40]}" {found}'
        values[name] = found
    last = max(_DAYS_OF_MONTH.get(month, 31) for month in values["month"])
    if min(values["day"]) > last:
        return f"no month of the schedule has a day {min(values['day'])}"
    return None


def _values(field: str, least: int, most: int, words: tuple[str, ...]) -> set[int] | str:
    """The numbers that a field stands for, or what is wrong with it."""
    found: set[int] = set()
    for part in field.split(","):
        match = _PART.fullmatch(part)
        if match is None or (match[1] == "*" and match[2] is not None):
            return "cannot be read"
        first = least if match[1] == "*" else _number(match[1], words, least)
        last = most if match[1] == "*" else _number(match[2], words, least) if match[2] is not None else first
        if match[3] is not None and match[2] is None:
            last = most
        step = int(match[3] or 1)
        if first is None or last is None:
            return f"is neither a number nor one of {', '.join(words)}" if words else "is not a number"
        if not least <= first <= most or not least <= last <= most:
            return f"is not between {least} and {most}"
        if first > last or step < 1 or step > most:
            return "stands for nothing"
        found |= set(range(first, last + 1, step))
    return found


def _number(text: str, words: tuple[str, ...], least: int) -> int | None:
    """A number, or the place of a name such as `mon`."""
    if text.isascii() and text.isdigit() and len(text) <= 4:
        return int(text)
    short = text.lower()[:3]
    whole = text.lower()
    if short in words and whole in (short, *_long(short)):
        return words.index(short) + (1 if least == 1 else 0)
    return None


def _long(short: str) -> tuple[str, ...]:
    names = (
        *("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"),
        *("january", "february", "march", "april", "may", "june", "july", "august"),
        *("september", "october", "november", "december"),
    )
    return tuple(one for one in names if one.startswith(short))
