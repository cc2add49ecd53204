"""Offers, and a count of turns for each run."""

from collections import Counter

_turns: Counter[str] = Counter()


class NoOffer(Exception):
    """Nobody offers anything."""


def offer(price: int, broken: bool) -> int:
    """The price, unless it is broken."""
    if broken:
        raise NoOffer("nobody is there")
    return price


def next_turn(run: str) -> dict[str, int]:
    """The number of this turn."""
    _turns[run] += 1
    return {"number": _turns[run]}


def measure(value: int) -> int:
    """The value."""
    return value
