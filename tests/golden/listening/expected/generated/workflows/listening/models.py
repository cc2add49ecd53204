"""The types of listening, as they go over the wire; what was left out is None."""

from __future__ import annotations

from typing import Literal, TypedDict


class ListeningInput(TypedDict):
    """What listening is started with."""

    reference: str


class ListeningOutput(TypedDict):
    """What listening gives."""

    amount: float
    count: int
    carrier: str | None
    stars: int
    decision: str


class PaidEvent(TypedDict):
    """What the event paid brings."""

    amount: float
    reference: str


class ParcelPackedEvent(TypedDict):
    """What the event parcel_packed brings."""

    weight: float


class ShippedEvent(TypedDict):
    """What the event shipped brings."""

    carrier: str


class CancelledEvent(TypedDict):
    """What the event cancelled brings."""

    reason: str


class SentValue(TypedDict):
    """What sent gives."""

    shipped: ShippedEvent | None
    cancelled: CancelledEvent | None


class ReviewForm(TypedDict):
    """What review asks for."""

    stars: int


class ReviewResultResponsesItem(TypedDict):
    """responses of ReviewResult."""

    outcome: Literal["Good", "Bad"]
    responder: str
    comments: str | None
    decidedAt: str


class ReviewResult(TypedDict):
    """What review gives."""

    outcome: Literal["Good", "Bad"]
    responder: str
    comments: str | None
    decidedAt: str
    responses: list[ReviewResultResponsesItem]
    form: ReviewForm
