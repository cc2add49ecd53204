"""The types of fan_out_nested, as they go over the wire; what was left out is None."""

from __future__ import annotations

from typing import TypedDict


class Row(TypedDict):
    """The type Row."""

    name: str
    cells: list[int]


class FanOutNestedInput(TypedDict):
    """What fan_out_nested is started with."""

    factor: int
    rows: list[Row]


class FanOutNestedOutput(TypedDict):
    """What fan_out_nested gives."""

    sums: list[int]
    cells: int


class MultiplyInput(TypedDict):
    """What multiply is called with."""

    value: int
    factor: int


class TableResult(TypedDict):
    """What table gives."""

    name: str
    sum: int
    cells: int


class LineScope(TypedDict):
    """What the steps of line read from outside."""

    input: FanOutNestedInput
    offset: int


class TableScope(TypedDict):
    """What the steps of table read from outside."""

    input: FanOutNestedInput
    offset: int
