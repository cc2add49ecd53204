"""The types of undoing, as they go over the wire; what was left out is None."""

from __future__ import annotations

from typing import TypedDict


class UndoingInput(TypedDict):
    """What undoing is started with."""

    run: str
    cities: list[str]
    fails_at: str
    patient: bool


class UndoingOutput(TypedDict):
    """What undoing gives."""

    booked: int


class BookInput(TypedDict):
    """What book is called with."""

    run: str
    what: str
    fails: bool


class BookOutput(TypedDict):
    """What book gives."""

    ticket: str


class CancelInput(TypedDict):
    """What cancel is called with."""

    run: str
    ticket: str


class NoteInput(TypedDict):
    """What note is called with."""

    run: str
    text: str


class TooFarErrorDetails(TypedDict):
    """details of TooFarError."""

    limit: int


class TooFarError(TypedDict):
    """The error TooFar."""

    code: str
    message: str
    step: str | None
    details: TooFarErrorDetails


class HotelsScope(TypedDict):
    """What the steps of hotels read from outside."""

    input: UndoingInput
