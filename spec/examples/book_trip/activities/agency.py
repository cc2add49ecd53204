"""A travel agency's partners, in memory.

There are no seats to "Nowhere", no cars of the class "none", and no reservation of a car of the class "lost" holds
until it is confirmed. A card pays at most 10,000. The class "busy" is reserved at the third attempt.
"""

from __future__ import annotations

from typing import TypedDict

RESERVED: set[str] = set()
PAYMENTS: dict[str, float] = {}
MESSAGES: list[tuple[str, str]] = []
ATTEMPTS: dict[str, int] = {}


class Trip(TypedDict):
    """Who travels from where to where, in what car, and for how much."""

    traveller: str
    phone: str
    origin: str
    target: str
    car_class: str
    price: float


class Numbered(TypedDict):
    """The number under which a partner knows something."""

    number: str


class Busy(Exception):
    """The partner does not answer at the moment."""


class NoSeat(Exception):
    """The flight is full."""


class NoCar(Exception):
    """There is no car of that class."""


class CardRefused(Exception):
    """The card does not pay so much."""


class ReservationLost(Exception):
    """The partner does not know the reservation any more."""


def reserve_flight(key: str, trip: Trip) -> Numbered:
    """Reserves a seat, once for each key."""
    if trip["target"] == "Nowhere":
        raise NoSeat(f"no seat from {trip['origin']} to {trip['target']}")
    return _reserve(f"flight-{key}")


def cancel_flight(number: str) -> None:
    """Gives a seat back."""
    RESERVED.discard(number)


def reserve_car(key: str, trip: Trip) -> Numbered:
    """Reserves a car, once for each key."""
    ATTEMPTS[key] = ATTEMPTS.get(key, 0) + 1
    if trip["car_class"] == "none":
        raise NoCar("no car of this class")
    if trip["car_class"] == "busy" and ATTEMPTS[key] < 3:
        raise Busy("the line is engaged")
    return _reserve(f"{trip['car_class']}-{key}")


def cancel_car(number: str) -> None:
    """Gives a car back."""
    RESERVED.discard(number)


def take_payment(key: str, amount: float) -> Numbered:
    """Charges the card, once for each key."""
    if amount > 10_000:
        raise CardRefused(f"the card does not pay {amount:.2f}")
    PAYMENTS[key] = amount
    return {"number": key}


def refund_payment(number: str) -> None:
    """Gives the money back."""
    PAYMENTS.pop(number, None)


def confirm_flight(number: str) -> None:
    """Makes a reservation firm."""
    _confirm(number)


def confirm_car(number: str) -> None:
    """Makes a reservation firm."""
    _confirm(number)


def send_sms(phone: str, text: str) -> None:
    """Sends a short message."""
    MESSAGES.append((phone, text))


def _reserve(number: str) -> Numbered:
    RESERVED.add(number)
    return {"number": number}


def _confirm(number: str) -> None:
    if number not in RESERVED or number.startswith("lost"):
        raise ReservationLost(f"there is no reservation {number}")
