"""The types of calls, as they go over the wire; what was left out is None."""

from __future__ import annotations

from typing import TypedDict


class CallsInput(TypedDict):
    """What calls is started with."""

    word: str
    times: int


class CallsOutput(TypedDict):
    """What calls gives."""

    repeated: str
    shouted: str
    length: int
    noted: bool


class RepeatInput(TypedDict):
    """What repeat is called with."""

    word: str
    times: int
    separator: str | None


class ShoutInput(TypedDict):
    """What shout is called with."""

    value: str


class MeasureInput(TypedDict):
    """What measure is called with."""

    value: list[str]


class MeasureOutput(TypedDict):
    """What measure gives."""

    length: int


class NoteInput(TypedDict):
    """What note is called with."""


class ClassOfInput(TypedDict):
    """What class_of is called with."""

    value: float
