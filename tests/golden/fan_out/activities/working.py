"""Work that takes its time, fails where it is told to, and notes how much of it goes on at once."""

from __future__ import annotations

import threading
import time
from collections import Counter
from typing import TypedDict

_lock = threading.Lock()
_at_work: Counter[str] = Counter()
_begun: Counter[str] = Counter()


class Item(TypedDict):
    """What is worked on; `failures` is how often that fails, `seconds` how long it takes."""

    name: str
    failures: int
    seconds: float


class Done(TypedDict):
    """The name of the item, and how many were at work together when it began."""

    name: str
    busiest: int


def work(item: Item, key: str) -> Done:
    """Works on an item."""
    run = key.rpartition("/")[0]
    with _lock:
        _at_work[run] += 1
        _begun[key] += 1
        together, attempt = _at_work[run], _begun[key]
    try:
        time.sleep(item["seconds"])
        if attempt <= item["failures"]:
            raise RuntimeError(f"{item['name']} failed")
    finally:
        with _lock:
            _at_work[run] -= 1
    return {"name": item["name"], "busiest": together}
