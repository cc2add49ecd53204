"""Sums that are worth an activity."""


def multiply(value: int, factor: int) -> int:
    """Multiplies two numbers."""
    return value * factor
