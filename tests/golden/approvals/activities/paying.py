"""Paying."""


def pay(amount: float) -> dict[str, str]:
    """Pays an amount."""
    return {"receipt": f"paid {amount}"}
