"""What narrows a type: bounds of numbers, texts and lists, formats, patterns and choices."""

from __future__ import annotations


def whole_number(number: float | None) -> int | None:
    """A bound as a whole number."""
    return int(number) if number is not None else None
