"""A contest: one workload, whoever takes part in it, and rounds in which each has its turn."""

import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .session import FailedError

Figures = dict[str, float]
MEMORY = "MB"
Measure = Callable[[Path, float], Figures]


@dataclass(frozen=True)
class Entry:
    """One that takes part: `measure` gets an empty folder and a limit in seconds, and gives figures by name.

    What is ours is what the others are compared with. Of all figures, less is better.
    """

    name: str
    measure: Measure
    ours: bool = False


@dataclass(frozen=True)
class Contest:
    """A workload. `limit` bounds one measurement, `budget` all of them (in seconds); no round begins past it."""

    name: str
    title: str
    entries: tuple[Entry, ...]
    rounds: int
    limit: float
    budget: float


@dataclass
class Outcome:
    """What came of it: the figures of each round by entry, or why there are none."""

    contest: Contest
    figures: dict[str, list[Figures]] = field(default_factory=dict[str, list[Figures]])
    failed: dict[str, str] = field(default_factory=dict[str, str])

    def median(self, entry: str, figure: str) -> float | None:
        """The median of a figure over the rounds."""
        found = [one[figure] for one in self.figures.get(entry, ()) if figure in one]
        return statistics.median(found) if found else None

    def names(self) -> list[str]:
        """The figures that were taken, in the order in which they came up."""
        return list(dict.fromkeys(name for taken in self.figures.values() for one in taken for name in one))


def hold(contest: Contest, say: Callable[[str], None]) -> Outcome:
    """Let everyone have a turn in each round, another one first in each; who fails once is out."""
    outcome, began = Outcome(contest), time.monotonic()
    for number in range(contest.rounds):
        if number and time.monotonic() - began > contest.budget:
            break
        for entry in _in_turn(contest.entries, number):
            if entry.name in outcome.failed:
                continue
            say(f"{contest.name}, round {number + 1} of at most {contest.rounds}: {entry.name}")
            with tempfile.TemporaryDirectory(prefix="flowbridge-bench-", ignore_cleanup_errors=True) as folder:
                try:
                    figures = entry.measure(Path(folder), contest.limit)
                except FailedError as error:
                    outcome.failed[entry.name] = str(error)
                else:
                    outcome.figures.setdefault(entry.name, []).append(figures)
    return outcome


def _in_turn(entries: Sequence[Entry], number: int) -> list[Entry]:
    first = number % len(entries)
    return [*entries[first:], *entries[:first]]
