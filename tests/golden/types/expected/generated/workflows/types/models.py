"""The types of types, as they go over the wire; what was left out is None."""

from __future__ import annotations

from typing import Literal, TypedDict


class Order(TypedDict):
    """The type Order."""

    id: str
    amount: float
    note: str | None


class TypesInputNestedInner(TypedDict):
    """inner of TypesInputNested."""

    deep: int


class TypesInputNested(TypedDict):
    """nested of TypesInput."""

    inner: TypesInputNestedInner


class TypesInput(TypedDict):
    """What types is started with."""

    text: str
    whole: int
    fraction: float
    truth: bool
    choice: Literal["red", "dark green", "1"]
    day: str
    moment: str
    span: str
    mail: str
    link: str
    token: str
    tags: list[str]
    prices: dict[str, float]
    order: Order
    orders: list[Order]
    nested: TypesInputNested
    maybe: Order | None
    preset: str
    list_preset: list[int]


class Everything(TypedDict):
    """The type Everything."""

    day: str
    moment: str
    order: Order
    prices: dict[str, float]
    maybe: Order | None
    list_preset: list[int]


class TypesOutput(TypedDict):
    """What types gives."""

    echoed: Everything
    missing: bool
    preset: str
    price: float | None


class EchoInput(TypedDict):
    """What echo is called with."""

    day: str
    moment: str
    order: Order
    prices: dict[str, float]
    maybe: Order | None
    list_preset: list[int]
