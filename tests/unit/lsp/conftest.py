"""A workflow among its files, opened as an editor would open it; `¦` marks the place that is asked about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from flowbridge.lsp.complete import complete
from flowbridge.lsp.document import Document, Text
from flowbridge.lsp.folder import Folders
from flowbridge.lsp.suggestion import Suggestion

ORDERS = """\
workflow: orders
version: 1
title: Orders
input:
  customer: string
  lines: Line[]
  due: {type: date, required: false}
output:
  total: number
types:
  Line: {article: string, count: integer, price: {type: number, minimum: 0, title: Price, description: In euros.}}
activities:
  check: {input: {customer: string, rush: boolean}, output: {valid: boolean, reason: string}, idempotent: true}
  price: {input: Line, output: number, errors: [NoPrice], idempotent: true}
errors: [Refused]
retries:
  patient: {max_attempts: 5, initial_delay: 2s}
steps:
  - id: checked
    title: Check the order
    call: check
    with: {customer: '${input.customer}', rush: false}
    retry: patient
  - if: not checked.valid
    raise: {error: Refused, message: '${checked.reason}'}
  - id: prices
    for_each: line
    in: input.lines
    steps:
      - id: priced
        call: price
        with: ${line}
        catch:
          - on: [NoPrice]
            as: problem
            steps:
              - status: No price, ${problem.message}
    output: ${coalesce(priced, 0)}
  - id: shipped
    run: ship
    with: {count: '${len(prices.results)}'}
  - return: {total: '${sum([one for one in prices.results])}'}
"""
SHIP = """\
workflow: ship
version: 1
title: Ship a parcel
input: {count: {type: integer, description: How many.}}
output: {parcel: string}
steps:
  - return: {parcel: 'P-${input.count}'}
"""
PYTHON = '''\
"""What the order is checked and priced with."""


def check(customer: str, rush: bool) -> dict[str, object]:
    return {"valid": True, "reason": customer}


async def price(article: str, count: int, price: float) -> float:
    return count * price
'''

Open = Callable[..., tuple[Document, int]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the workflows, with their Python."""
    (tmp_path / "activities").mkdir()
    (tmp_path / "activities" / "pricing.py").write_text(PYTHON, encoding="utf-8")
    (tmp_path / "ship.yaml").write_text(SHIP, encoding="utf-8")
    (tmp_path / "orders.yaml").write_text(ORDERS, encoding="utf-8")
    return tmp_path


@pytest.fixture
def opened(folder: Path) -> Open:
    """Opens `orders.yaml`, reads it, and changes it to a text; gives the place of the mark in that."""

    def change(marked: str, *, read: bool = False) -> tuple[Document, int]:
        path = folder / "orders.yaml"
        document = Document(path.as_uri(), path, Text(ORDERS))
        around = Folders().around(ORDERS, path, {})
        assert document.read(around).findings == ()
        assert marked.count("¦") == 1, "one mark"
        document.now = Text(marked.replace("¦", ""))
        document.names = ("orders", "ship")
        if read:
            document.read(around)
        return document, marked.index("¦")

    return change


def suggested(document: Document, offset: int) -> dict[str, Suggestion]:
    """What may be written, by its label."""
    return {one.label: one for one in complete(document, offset)}


def marked(needle: str, after: str, text: str = ORDERS) -> str:
    """The text with a mark behind `after` in the first line that holds `needle`."""
    at = text.index(needle) + needle.index(after) + len(after)
    return text[:at] + "¦" + text[at:]
