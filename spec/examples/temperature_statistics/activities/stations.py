"""The files of weather stations: lines such as `2024-01-31,-3.5`, one a day.

The sums of a batch are written to a file of their own, from which they are put together in the end.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TypedDict


class Sums(TypedDict):
    """What is known of a month."""

    count: int
    total: float
    lowest: float
    highest: float


class MonthStatistics(TypedDict):
    """What is told of a month, in degrees."""

    month: str
    count: int
    lowest: float
    highest: float
    mean: float


class Written(TypedDict):
    """Where something is."""

    path: str


class NoFolder(Exception):
    """There is no such folder."""


class StorageBusy(Exception):
    """The storage does not answer at the moment."""


class BadMeasurement(Exception):
    """A line is not what it should be."""


def list_files(folder: str) -> list[str]:
    """The names of the files, in order."""
    if not Path(folder).is_dir():
        raise NoFolder(f"there is no folder {folder}")
    return sorted(path.name for path in Path(folder).iterdir() if path.suffix == ".csv")


def measure_batch(folder: str, files: list[str], results: str) -> Written:
    """Sums up some files by month."""
    months: dict[str, Sums] = {}
    for name in files:
        for line in _read(Path(folder) / name).splitlines():
            _add(months, line, name)
    batch = hashlib.sha256("\n".join(files).encode()).hexdigest()[:16]
    path = Path(results) / f"{batch}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(months), encoding="utf-8")
    return {"path": str(path)}


def combine(paths: list[str]) -> list[MonthStatistics]:
    """Each month's statistics, in the order of the months."""
    months: dict[str, Sums] = {}
    for path in paths:
        found: dict[str, Sums] = json.loads(_read(Path(path)))
        for month, sums in found.items():
            months[month] = _joined(months.get(month), sums)
    return [
        {
            "month": month,
            "count": sums["count"],
            "lowest": sums["lowest"],
            "highest": sums["highest"],
            "mean": round(sums["total"] / sums["count"], 2),
        }
        for month, sums in sorted(months.items())
    ]


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise StorageBusy(f"{path.name} cannot be read: {error.strerror}") from error


def _add(months: dict[str, Sums], line: str, name: str) -> None:
    day, _, value = line.partition(",")
    try:
        degrees = float(value)
    except ValueError as error:
        raise BadMeasurement(f"{name}: {line!r} is no measurement") from error
    month = day[:7]
    found: Sums = {"count": 1, "total": degrees, "lowest": degrees, "highest": degrees}
    months[month] = _joined(months.get(month), found)


def _joined(one: Sums | None, other: Sums) -> Sums:
    if one is None:
        return other
    return {
        "count": one["count"] + other["count"],
        "total": one["total"] + other["total"],
        "lowest": min(one["lowest"], other["lowest"]),
        "highest": max(one["highest"], other["highest"]),
    }
