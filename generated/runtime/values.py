"""The values that steps of the runtime give, and what expressions read as `run`."""

from __future__ import annotations

from datetime import datetime
from typing import Generic, Literal, NotRequired, TypedDict, TypeVar

from .errors import ErrorValue

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class RunInfo(TypedDict):
    """What expressions read as `run`; the same in every child of the run.

    `token` is the one of the request that started the run; it is there only if the run announces what happens to it.
    """

    id: str
    startedAt: str
    name: str
    version: int
    token: NotRequired[str]


class Compensation(TypedDict):
    """A call that undoes a step that succeeded, should the workflow fail."""

    function: str
    payload: object
    step: str


class BranchOutput(TypedDict):
    """What a branch answers, or a workflow that another one runs: a value, or the error that ended it."""

    ok: bool
    value: object
    error: ErrorValue | None
    compensations: list[Compensation]


class FormField(TypedDict):
    """A field of an approval's form, as a flow is told of it; `choices` only where not everything may be given."""

    name: str
    title: str
    description: str
    type: str
    required: bool
    choices: NotRequired[list[str]]


class ItemError(TypedDict, Generic[_Item]):
    """An item of a fan-out that failed for good, and why."""

    index: int
    item: _Item
    error: ErrorValue


class FanOutResult(TypedDict, Generic[_Item, _Result]):
    """The value of a `for_each` step; `results` are in the order of the list, without the items that failed."""

    results: list[_Result]
    errors: list[ItemError[_Item]]
    succeeded: int
    failed: int
    total: int


class ApprovalResponse(TypedDict):
    """One person's answer to an approval; `decidedAt` in ISO 8601, UTC."""

    outcome: str
    responder: str
    comments: str | None
    decidedAt: str


class ApprovalResult(TypedDict):
    """The value of an `approval` step; `decidedAt` in ISO 8601, UTC."""

    outcome: Literal["Approve", "Reject"]
    responder: str
    comments: str | None
    decidedAt: str
    responses: list[ApprovalResponse]


def iso(moment: datetime) -> str:
    """A moment in UTC as ISO 8601 with a Z, as exactly as it is known."""
    return moment.replace(tzinfo=None).isoformat() + "Z"


def iso_if_known(moment: datetime | None) -> str | None:
    """The same of a moment that may not be known."""
    return None if moment is None else iso(moment)
