"""Functions of the expression language that Python does not have under one name."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TypeVar, cast, overload

_Value = TypeVar("_Value")
_Other = TypeVar("_Other")
_Ordered = TypeVar("_Ordered", int, float, str)

_UNITS = {"w": 604_800.0, "d": 86_400.0, "h": 3_600.0, "m": 60.0, "s": 1.0}
_SHORT = re.compile(r"(\d+(?:\.\d+)?)([wdhms])")
_ISO = re.compile(r"P(?:(?P<w>\d+)W)?(?:(?P<d>\d+)D)?(?:T(?:(?P<h>\d+)H)?(?:(?P<m>\d+)M)?(?:(?P<s>\d+(?:\.\d+)?)S)?)?")


def first(items: Sequence[_Value]) -> _Value | None:
    """The first item, or None for an empty list."""
    return items[0] if items else None


def last(items: Sequence[_Value]) -> _Value | None:
    """The last item, or None for an empty list."""
    return items[-1] if items else None


def coalesce(value: _Value | None, other: _Other) -> _Value | _Other:
    """The value, or the other one if it is None."""
    return other if value is None else value


@overload
def smallest(value: Sequence[_Ordered], /) -> _Ordered | None: ...
@overload
def smallest(value: _Ordered, other: _Ordered, /, *more: _Ordered) -> _Ordered: ...
def smallest(value: object, /, *more: object) -> object:
    """The least item of a list, None if it is empty; or the least of several values."""
    items = cast(Sequence[str], (value, *more) if more else value)
    return min(items, default=None)


@overload
def largest(value: Sequence[_Ordered], /) -> _Ordered | None: ...
@overload
def largest(value: _Ordered, other: _Ordered, /, *more: _Ordered) -> _Ordered: ...
def largest(value: object, /, *more: object) -> object:
    """The greatest item of a list, None if it is empty; or the greatest of several values."""
    items = cast(Sequence[str], (value, *more) if more else value)
    return max(items, default=None)


def text(value: object) -> str:
    """A value as people write it: true and false in small letters, no decimal point on a whole number."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e16:
        return str(int(value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def parse_json(source: str) -> object:
    """The value that a JSON text stands for; ValueError if it is none."""
    return json.loads(source)


def to_json(value: object) -> str:
    """A value as compact JSON text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def add_duration(moment: str, duration: str) -> str:
    """A date or a moment in ISO 8601, later by a duration such as 7d, 1h30m or P1DT2H; a minus makes it earlier."""
    negative = duration.startswith("-")
    shift = timedelta(seconds=_seconds(duration.removeprefix("-")))
    later = datetime.fromisoformat(moment) + (-shift if negative else shift)
    return later.isoformat().replace("+00:00", "") + ("" if later.tzinfo and later.utcoffset() else "Z")


def _seconds(duration: str) -> float:
    parts = _SHORT.findall(duration)
    if parts and "".join(number + unit for number, unit in parts) == duration:
        return sum(float(number) * _UNITS[unit] for number, unit in parts)
    found = _ISO.fullmatch(duration)
    if found is None or not any(found.groups()):
        raise ValueError(f"{duration!r} is no duration: write 7d, 1h30m or P1DT2H")
    return sum(float(number) * _UNITS[unit] for unit, number in found.groupdict().items() if number)


def format_date(moment: str, pattern: str) -> str:
    """A date or a moment in ISO 8601, written by a pattern of strftime."""
    value = date.fromisoformat(moment) if len(moment) == 10 else datetime.fromisoformat(moment)
    return value.strftime(pattern)
