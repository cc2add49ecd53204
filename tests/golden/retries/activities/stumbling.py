"""A function that fails as often as it is told to."""

from __future__ import annotations

from collections import Counter

_seen: Counter[str] = Counter()


class BusyError(Exception):
    """It may work later."""


class BrokenError(Exception):
    """It will never work."""


class StillBusyError(BusyError):
    """A kind of BusyError that no contract names."""


KINDS: dict[str, type[Exception]] = {one.__name__: one for one in (BusyError, BrokenError, StillBusyError)}


def stumble(key: str, failures: int, error: str) -> dict[str, int]:
    """Fails the first calls for a key with the error of that name."""
    _seen[key] += 1
    if _seen[key] <= failures:
        raise KINDS.get(error, RuntimeError)(f"attempt {_seen[key]} of {key}")
    return {"attempts": _seen[key]}
