"""A bank in memory, and the check of an invoice.

An invoice without a vendor cannot be checked; the vendor "Slow Bank" is paid at the third attempt, and the vendor
"Closed" has no account any more.
"""

from __future__ import annotations

from typing import NotRequired, TypedDict

LARGEST = 50_000
PAID: dict[str, float] = {}
ATTEMPTS: dict[str, int] = {}


class Invoice(TypedDict):
    """What is to be paid, in euros."""

    id: str
    vendor: str
    amount: float
    due: NotRequired[str]


class Verdict(TypedDict):
    """Whether an invoice can be paid, and why not."""

    ok: bool
    reason: str


class Receipt(TypedDict):
    """The proof of a payment."""

    receipt: str


class BankDown(Exception):
    """The bank does not answer at the moment."""


class Rejected(Exception):
    """The bank refuses the payment for good."""


def check(id: str, vendor: str, amount: float, due: str | None = None) -> Verdict:
    """Refuses what is not positive or too large; ValueError for an invoice that nobody wrote."""
    if not vendor:
        raise ValueError(f"invoice {id} has no vendor")
    if not 0 < amount <= LARGEST:
        return {"ok": False, "reason": f"{amount} is not between 0 and {LARGEST}"}
    return {"ok": True, "reason": "" if due is None else f"due on {due}"}


def pay(invoice: Invoice, key: str) -> Receipt:
    """Pays once for each key."""
    if invoice["vendor"] == "Closed":
        raise Rejected(f"{invoice['vendor']} has no account")
    ATTEMPTS[key] = ATTEMPTS.get(key, 0) + 1
    if invoice["vendor"] == "Slow Bank" and ATTEMPTS[key] < 3:
        raise BankDown("come back later")
    PAID[key] = invoice["amount"]
    return {"receipt": key}


def refund(receipt: str) -> None:
    """Takes a payment back; nothing happens if there is none."""
    PAID.pop(receipt, None)
