"""The order book, the pickers' queue and the letters to customers, in memory. The store "closed" does not exist."""

from __future__ import annotations

from typing import TypedDict

ORDERS: dict[str, str] = {}
QUEUE: list[str] = []
LETTERS: list[tuple[str, str]] = []
SHELF: dict[str, int] = {}


class Product(TypedDict):
    """So many of an article."""

    sku: str
    count: int


class Order(TypedDict):
    """What a customer ordered at a store."""

    id: str
    name: str
    email: str
    customer_id: str
    store_id: str
    products: list[Product]


class UnknownStore(Exception):
    """There is no such store."""


def open_order(order: Order) -> None:
    """A new order has to be picked."""
    ORDERS[order["id"]] = "to-be-picked"


def mark_order(id: str, state: str, location: str | None = None) -> None:
    """Writes down how far an order is, and where its customer stands."""
    ORDERS[id] = state if location is None else f"{state} at {location}"


def ask_picker(id: str, store_id: str, products: list[Product]) -> None:
    """Puts an order into the queue."""
    if store_id == "closed":
        raise UnknownStore(f"no store is called {store_id}")
    QUEUE.append(f"{store_id}/{id}: {sum(one['count'] for one in products)} pieces")


def tell_customer(order_id: str, email: str, text: str) -> None:
    """Writes to a customer."""
    LETTERS.append((email, f"{order_id}: {text}"))


def tell_store(order_id: str, store_id: str, location: str) -> None:
    """Sends somebody out with the goods."""
    QUEUE.append(f"{store_id}/{order_id}: bring to {location}")


def restock(order: Order) -> None:
    """Puts the goods back."""
    for one in order["products"]:
        SHELF[one["sku"]] = SHELF.get(one["sku"], 0) + one["count"]
