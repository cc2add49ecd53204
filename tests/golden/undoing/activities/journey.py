"""A journey: what was booked, cancelled and noted is kept for each run, for the tests to read."""

from collections import defaultdict
from pathlib import Path

told: dict[str, list[str]] = defaultdict(list)


class SoldOut(Exception):
    """Nothing is left."""


def _tell(run: str, line: str) -> None:
    with Path(run).open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def book(run: str, what: str, fails: bool) -> dict[str, str]:
    """Books something."""
    if fails:
        raise SoldOut(f"no {what} left")
    _tell(run, f"book {what}")
    return {"ticket": what}


def cancel(run: str, ticket: str) -> None:
    """Cancels a booking."""
    _tell(run, f"cancel {ticket}")


def note(run: str, text: str) -> None:
    """Notes something."""
    _tell(run, text)
