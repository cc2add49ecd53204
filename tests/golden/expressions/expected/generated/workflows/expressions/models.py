"""The types of expressions, as they go over the wire; what was left out is None."""

from __future__ import annotations

from typing import TypedDict


class ExpressionsInput(TypedDict):
    """What expressions is started with."""

    a: int
    b: float
    s: str
    words: list[str]
    day: str
    moment: str
    flags: list[bool]


class Failure(TypedDict):
    """The type Failure."""

    id: str
    reason: str
    size: int


class ExpressionsOutput(TypedDict):
    """What expressions gives."""

    numbers: list[float]
    texts: list[str]
    truths: list[bool]
    failures: list[Failure]
    stamp: str
    today: str
    id: str
