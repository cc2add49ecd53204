"""Functions that steps may or may not call."""

from __future__ import annotations


def inspect(amount: float) -> dict[str, object]:
    """Looks at an amount."""
    return {"verdict": "bad" if amount > 1000 else "good", "discount": 0.95 if amount > 500 else 0.1}


def greet(name: str) -> str:
    """Greets somebody."""
    return f"Hello, {name}"
