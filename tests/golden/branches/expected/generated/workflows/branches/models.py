"""The types of branches, as they go over the wire; what was left out is None."""

from __future__ import annotations

from typing import TypedDict


class BranchesInput(TypedDict):
    """What branches is started with."""

    amount: float
    vip: bool
    names: list[str]


class BranchesOutput(TypedDict):
    """What branches gives."""

    way: str
    checked: str | None
    discount: float
    greeted: int


class InspectInput(TypedDict):
    """What inspect is called with."""

    amount: float


class InspectOutput(TypedDict):
    """What inspect gives."""

    verdict: str
    discount: float


class GreetInput(TypedDict):
    """What greet is called with."""

    name: str


class GreetedValue(TypedDict):
    """The value of greeted."""

    results: list[str | None]
    succeeded: int
    failed: int
    total: int


class GreetedScope(TypedDict):
    """What the steps of greeted read from outside."""
