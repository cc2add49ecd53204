"""A register in memory. The subject "busy" is entered at the second attempt, and the subject "full" never."""

from __future__ import annotations

from typing import TypedDict

ENTRIES: dict[str, str] = {}
SEEN: set[str] = set()


class Request(TypedDict):
    """What somebody asks for."""

    id: str
    subject: str
    amount: float


class Entry(TypedDict):
    """Where something is in the register."""

    reference: str


class RegisterBusy(Exception):
    """Somebody else writes at the moment."""


class RegisterFull(Exception):
    """There is no room any more."""


def process(request: Request, result: str) -> Entry:
    """Enters a request once."""
    if request["subject"] == "full":
        raise RegisterFull("no room for another entry")
    if request["subject"] == "busy" and request["id"] not in SEEN:
        SEEN.add(request["id"])
        raise RegisterBusy("somebody writes")
    ENTRIES[request["id"]] = result
    return {"reference": f"{result}/{request['id']}"}
