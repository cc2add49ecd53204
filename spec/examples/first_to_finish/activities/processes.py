"""Processes of which the name tells how long they take: `tea-7` is done after 7 seconds."""

from __future__ import annotations

from datetime import datetime
from typing import NotRequired, TypedDict


class Seen(TypedDict):
    """How far a process is."""

    done: bool
    result: NotRequired[str]


class UnknownProcess(Exception):
    """Nobody has begun such a process."""


def look(process: str, since: str, now: str) -> Seen:
    """Tells whether so much time has gone by."""
    name, _, seconds = process.partition("-")
    if not seconds.isdecimal():
        raise UnknownProcess(f"there is no process {process}")
    elapsed = datetime.fromisoformat(now) - datetime.fromisoformat(since)
    if elapsed.total_seconds() < int(seconds):
        return {"done": False}
    return {"done": True, "result": f"{name} is ready"}
