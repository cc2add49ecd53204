"""The services around customers, in memory.

A passport "forged" is never in order, the street "?" cannot be read, and the service for feelings is down for the first
three attempts at a text that begins with "Again".
"""

from __future__ import annotations

from typing import TypedDict

FOLLOW_UP: set[str] = set()
PUBLISHED: list[tuple[str, str, str | None]] = []
ATTEMPTS: dict[str, int] = {}
GOOD = ("love", "great", "good")
BAD = ("hate", "awful", "bad")


class Check(TypedDict):
    """What a check found."""

    approved: bool
    message: str


class CheckBusy(Exception):
    """The check does not answer at the moment."""


class CustomerInvalid(Exception):
    """The customer is not in order."""


class AddressUnreadable(Exception):
    """Nobody can read the address."""


class ServiceDown(Exception):
    """The service for feelings is down."""


def check_identity(email: str, passport: str) -> Check:
    """Looks whether the passport is in order."""
    if passport == "forged":
        raise CustomerInvalid(f"the passport of {email} is forged")
    return {"approved": True, "message": "the passport is in order"}


def check_address(street: str, city: str, zip: str) -> Check:
    """Looks whether there is such a place."""
    if street == "?":
        raise AddressUnreadable(f"no street in {zip} {city}")
    return {"approved": True, "message": "there is such a place"}


def detect_sentiment(text: str) -> str:
    """Counts words."""
    ATTEMPTS[text] = ATTEMPTS.get(text, 0) + 1
    if text.startswith("Again") and ATTEMPTS[text] <= 3:
        raise ServiceDown("try again")
    good = any(word in text.lower() for word in GOOD)
    bad = any(word in text.lower() for word in BAD)
    if good and bad:
        return "Mixed"
    return "Positive" if good else "Negative" if bad else "Neutral"


def add_to_follow_up(email: str) -> None:
    """Has somebody called back."""
    FOLLOW_UP.add(email)


def publish(event: str, message: str, email: str | None = None) -> None:
    """Tells the other systems."""
    PUBLISHED.append((event, message, email))
