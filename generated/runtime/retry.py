"""When a failed call is tried again: back-off from the instance, the step and the attempt, never from chance."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Retry:
    """A retry policy; delays and durations in seconds, `max_attempts` includes the first."""

    max_attempts: int = 1
    initial_delay: float = 1.0
    backoff: float = 1.0
    max_delay: float | None = None
    max_duration: float | None = None
    jitter: bool = False
    only_on: tuple[str, ...] = ()
    never_on: tuple[str, ...] = ()

    def delay(self, code: str, attempt: int, key: str) -> float | None:
        """The seconds to wait after the failure of an attempt (1 is the first), or None to give up.

        `key` makes the jitter differ from step to step and repeat in a replay.
        """
        if attempt >= self.max_attempts or code in self.never_on or (self.only_on and code not in self.only_on):
            return None
        # The exponent is bounded: a float overflows at 2**1024, and every policy has reached its limit long before.
        delay = self.initial_delay * self.backoff ** min(attempt - 1, 200)
        if self.max_delay is not None:
            delay = min(delay, self.max_delay)
        if self.jitter:
            delay *= _fraction(f"{key}#{attempt}")
        return delay

    def is_over(self, elapsed: float) -> bool:
        """Whether no other attempt may begin so many seconds after the first one began."""
        return self.max_duration is not None and elapsed > self.max_duration


def _fraction(key: str) -> float:
    """A number in (0, 1] that depends on the key alone."""
    digest = hashlib.sha256(key.encode()).digest()
    return (int.from_bytes(digest[:6], "big") + 1) / (1 << 48)


ONCE = Retry()
