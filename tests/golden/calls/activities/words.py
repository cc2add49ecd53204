"""Functions of every form that an activity may have."""

from __future__ import annotations

import asyncio
from typing import Literal


def repeat(word: str, times: int, separator: str | None = None) -> str:
    """Says a word several times."""
    return (separator or " ").join([word] * times)


async def shout(text: str) -> str:
    """Says it loudly."""
    await asyncio.sleep(0)
    return text.upper() + "!"


def measure(texts: list[str]) -> dict[str, int]:
    """Counts the characters of all texts."""
    return {"length": sum(map(len, texts))}


def note() -> None:
    """Does nothing that anybody reads."""


def class_of(value: float) -> Literal["small", "large"]:
    """Puts a number into a class."""
    return "small" if value < 10 else "large"
