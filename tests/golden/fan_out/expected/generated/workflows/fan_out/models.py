"""The types of fan_out, as they go over the wire; what was left out is None."""

from __future__ import annotations

from typing import TypedDict


class Item(TypedDict):
    """The type Item."""

    name: str
    failures: int
    seconds: float


class FanOutInput(TypedDict):
    """What fan_out is started with."""

    items: list[Item]


class FanOutOutput(TypedDict):
    """What fan_out gives."""

    names: list[str]
    busiest: int
    total: int


class Done(TypedDict):
    """The type Done."""

    name: str
    busiest: int


class WorkInput(TypedDict):
    """What work is called with."""

    item: Item
    key: str


class WorkedScope(TypedDict):
    """What the steps of worked read from outside."""
