"""The types of retries, as they go over the wire; what was left out is None."""

from __future__ import annotations

from typing import TypedDict


class RetriesInput(TypedDict):
    """What retries is started with."""

    policy: str
    failures: int
    error: str


class RetriesOutput(TypedDict):
    """What retries gives."""

    attempts: int


class StumbleInput(TypedDict):
    """What stumble is called with."""

    key: str
    failures: int
    error: str
