"""The types of approvals, as they go over the wire; what was left out is None."""

from __future__ import annotations

from typing import Literal, TypedDict


class ApprovalsInput(TypedDict):
    """What approvals is started with."""

    approvers: list[str]
    amount: float


class ApprovalsOutput(TypedDict):
    """What approvals gives."""

    state: Literal["Paid", "Refused"]
    first: str
    second: str | None


class PayInput(TypedDict):
    """What pay is called with."""

    amount: float


class PayOutput(TypedDict):
    """What pay gives."""

    receipt: str


class SignedResultResponsesItem(TypedDict):
    """responses of SignedResult."""

    outcome: Literal["Approve", "Reject"]
    responder: str
    comments: str | None
    decidedAt: str


class SignedResult(TypedDict):
    """What signed gives."""

    outcome: Literal["Approve", "Reject"]
    responder: str
    comments: str | None
    decidedAt: str
    responses: list[SignedResultResponsesItem]
