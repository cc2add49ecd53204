"""A calendar and channels, in memory. A vacation must not end before it begins; the host "closed" takes no messages."""

from __future__ import annotations

from typing import TypedDict

MESSAGES: list[tuple[str, str]] = []
CALENDAR: dict[str, str] = {}


class Booking(TypedDict):
    """The number of an entry in the calendar."""

    number: str


class ChannelClosed(Exception):
    """The channel takes no messages."""


class Overlap(Exception):
    """The dates do not fit."""


def post_message(webhook: str, channel: str, text: str) -> None:
    """Posts a message."""
    if webhook.startswith("https://closed"):
        raise ChannelClosed(f"{channel} takes no messages")
    MESSAGES.append((channel, text))


def book(name: str, start_date: str, end_date: str) -> Booking:
    """Enters a vacation."""
    if end_date < start_date:
        raise Overlap(f"the vacation of {name} would end before it begins")
    CALENDAR[name] = f"{start_date}/{end_date}"
    return {"number": f"{name.split()[0].lower()}-{start_date}"}
