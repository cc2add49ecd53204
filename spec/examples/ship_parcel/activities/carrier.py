"""A carrier that goes everywhere but to the Moon, and that is busy when it is first asked about the North Pole."""

from __future__ import annotations

from typing import TypedDict

ASKED: set[str] = set()


class Label(TypedDict):
    """A label of the carrier's."""

    number: str


class CarrierBusy(Exception):
    """The carrier makes no labels at the moment."""


class NoSuchPlace(Exception):
    """The carrier does not go there."""


def print_label(order_id: str, destination: str) -> Label:
    """Makes a label, the same for the same order."""
    if destination == "Moon":
        raise NoSuchPlace(f"we do not go to {destination}")
    if destination == "North Pole" and order_id not in ASKED:
        ASKED.add(order_id)
        raise CarrierBusy("come back later")
    return {"number": f"{order_id}-{destination.replace(' ', '').upper()[:6]}"}
