"""What is known of rooms, in memory."""

from __future__ import annotations

from typing import TypedDict

COLDEST = -273.15
READINGS: dict[str, dict[str, float]] = {}


class Reading(TypedDict):
    """What a sensor measured."""

    kind: str
    value: float
    unit: str


class Report(TypedDict):
    """A report's number."""

    number: str


class SensorBroken(Exception):
    """Nothing can be so."""


def log_reading(room_id: str, reading: Reading) -> None:
    """Writes a reading down."""
    if reading["kind"] == "temperature" and reading["value"] < COLDEST:
        raise SensorBroken(f"{reading['value']} {reading['unit']} is too cold")
    READINGS.setdefault(room_id, {})[reading["kind"]] = reading["value"]


def make_report(room_id: str) -> Report:
    """Makes a report of what is known."""
    return {"number": f"{room_id}-{len(READINGS[room_id])}"}
