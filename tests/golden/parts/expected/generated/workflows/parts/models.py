"""The types of parts, as they go over the wire; what was left out is None."""

from __future__ import annotations

from typing import TypedDict


class PartsInput(TypedDict):
    """What parts is started with."""

    near: int
    far: int
    broken: bool
    turns: int
    slow: int


class PartsOutput(TypedDict):
    """What parts gives."""

    both: int
    first: int | None
    two: int
    turn: int
    measured: int | None
    limit: int


class PartsConfig(TypedDict):
    """The settings of parts."""

    limit: int


class OfferInput(TypedDict):
    """What offer is called with."""

    price: int
    broken: bool


class NextTurnInput(TypedDict):
    """What next_turn is called with."""

    run: str


class NextTurnOutput(TypedDict):
    """What next_turn gives."""

    number: int


class MeasureInput(TypedDict):
    """What measure is called with."""

    value: int


class OffersValue(TypedDict):
    """What the branches of offers give."""

    near: int
    far: int


class RaceValue(TypedDict):
    """What the branches of race give."""

    waits: int | None
    runs: int | None


class SomeValue(TypedDict):
    """What the branches of some give."""

    one: int | None
    two: int | None
    never: int | None


class LimitedExports(TypedDict):
    """What limited gives back."""

    measured: int


class OffersNearScope(TypedDict):
    """What the steps of near read from outside."""

    input: PartsInput


class OffersFarScope(TypedDict):
    """What the steps of far read from outside."""

    input: PartsInput


class RaceWaitsScope(TypedDict):
    """What the steps of waits read from outside."""


class RaceRunsScope(TypedDict):
    """What the steps of runs read from outside."""

    input: PartsInput


class SomeOneScope(TypedDict):
    """What the steps of one read from outside."""


class SomeTwoScope(TypedDict):
    """What the steps of two read from outside."""


class SomeNeverScope(TypedDict):
    """What the steps of never read from outside."""


class TurnedScope(TypedDict):
    """What the steps of turned read from outside."""

    input: PartsInput


class LimitedWithinScope(TypedDict):
    """What the steps of limited read from outside."""

    input: PartsInput
