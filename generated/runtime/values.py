"""The values that steps of the runtime give, and what expressions read as `run`."""

from __future__ import annotations

from datetime import datetime
from typing import Generic, Literal, TypedDict, TypeVar

_Result = TypeVar("_Result")


class FanOutResult(TypedDict, Generic[_Result]):
    """The value of a `for_each` step; `results` are in the order of the list."""

    results: list[_Result]
    succeeded: int
    failed: int
    total: int


class ApprovalResult(TypedDict):
    """The value of an `approval` step; `decidedAt` in ISO 8601, UTC."""

    outcome: Literal["Approve", "Reject"]
    responder: str
    comments: str | None
    decidedAt: str


class RunInfo(TypedDict):
    """What expressions read as `run`; the same in every lane."""

    id: str
    startedAt: str
    name: str
    version: int


def iso(moment: datetime) -> str:
    """A moment in UTC as ISO 8601 with a Z, to the second or as exactly as it is known."""
    return moment.replace(tzinfo=None).isoformat() + "Z"
