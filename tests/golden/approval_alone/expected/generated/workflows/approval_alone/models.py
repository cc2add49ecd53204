"""The types of approval_alone, as they go over the wire; what was left out is None."""

from __future__ import annotations

from typing import Literal, TypedDict


class ApprovalAloneInput(TypedDict):
    """What approval_alone is started with."""


class ApprovalAloneOutput(TypedDict):
    """What approval_alone gives."""

    outcome: str
    comments: str | None


class ApprovalResultResponsesItem(TypedDict):
    """responses of ApprovalResult."""

    outcome: Literal["Approve", "Reject"]
    responder: str
    comments: str | None
    decidedAt: str


class ApprovalResult2(TypedDict):
    """What approval gives."""

    outcome: Literal["Approve", "Reject"]
    responder: str
    comments: str | None
    decidedAt: str
    responses: list[ApprovalResultResponsesItem]
