"""The word around a place."""

from __future__ import annotations


def word_around(text: str, offset: int) -> tuple[int, int]:
    """Where the name that holds an offset begins and ends; both are the offset where there is none."""
    start = end = max(0, min(offset, len(text)))
    while start > 0 and (text[start - 1].isalnum() or text[start - 1] == "_"):
        start -= 1
    while end < len(text) and (text[end].isalnum() or text[end] == "_"):
        end += 1
    return start, end
