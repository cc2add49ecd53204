"""What goes in comes out."""

from __future__ import annotations


def echo(
    day: str,
    moment: str,
    order: dict[str, object],
    prices: dict[str, float],
    maybe: dict[str, object] | None,
    list_preset: list[int],
) -> dict[str, object]:
    """Gives back what it was given."""
    given: dict[str, object] = {"day": day, "moment": moment, "order": order, "prices": prices}
    given["list_preset"] = list_preset
    return given if maybe is None else {**given, "maybe": maybe}
