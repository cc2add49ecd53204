"""Durations as text: `7d`, `1h30m`, `90s`, and ISO 8601 without years and months, which have no fixed length."""

from __future__ import annotations

import re

_SIMPLE = re.compile(r"(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?")
_ISO = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")
_SECONDS = (604_800, 86_400, 3_600, 60, 1)

LONGEST = 100 * 365 * 86_400
"""A hundred years: what is longer is a mistake, and past what a date can hold."""


def parse_duration(text: str) -> float | None:
    """Seconds, whole where they are; None where the text is no duration or a century is not enough."""
    if len(text) > 40 or not text.isascii():
        return None
    match = _SIMPLE.fullmatch(text) or _ISO.fullmatch(text)
    if match is None or not any(match.groups()):
        return None
    seconds = sum(float(part) * size for part, size in zip(match.groups(), _SECONDS, strict=True) if part)
    return seconds if seconds <= LONGEST else None


def show_duration(seconds: float) -> str:
    """The shortest of the forms that authors write: `7d`, `1h30m`, `2.5s`."""
    parts: list[str] = []
    rest = seconds
    for size, unit in zip(_SECONDS[1:-1], "dhm", strict=True):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count:.0f}{unit}")
    if rest or not parts:
        parts.append(f"{rest:g}s")
    return "".join(parts)
