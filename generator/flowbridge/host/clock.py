"""Virtual time: real, scaled, or standing still until it is advanced. Times are whole microseconds since 1970, UTC."""

import heapq
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROS = 1_000_000


class Clock:
    """A clock that never goes back; `jump_to` moves it ahead, `sleep` lets a thread wait on it."""

    def __init__(self, start: int, speed: float = 1.0) -> None:
        self.speed = speed
        self._base = start
        self._since = time.monotonic()
        self._lock = threading.Lock()
        self._sleepers: list[tuple[int, int, threading.Event]] = []
        self._counter = 0
        self.on_sleep: Callable[[], None] = lambda: None

    def now(self) -> int:
        """The virtual time, in microseconds since 1970."""
        return self._base + int((time.monotonic() - self._since) * self.speed * MICROS)

    def jump_to(self, moment: int) -> None:
        """Move ahead to `moment`; an earlier one changes nothing."""
        with self._lock:
            now = time.monotonic()
            current = self._base + int((now - self._since) * self.speed * MICROS)
            self._base, self._since = max(current, moment), now
            due = self._base
            while self._sleepers and self._sleepers[0][0] <= due:
                heapq.heappop(self._sleepers)[2].set()

    def real_seconds_until(self, moment: int) -> float | None:
        """How long to wait for `moment` in real seconds; None where time stands still."""
        left = (moment - self.now()) / MICROS
        if left <= 0:
            return 0.0
        return left / self.speed if self.speed else None

    def sleep(self, seconds: float) -> None:
        """Block the calling thread for `seconds` of virtual time; the engine does not count it as busy meanwhile."""
        until, woken = self.now() + int(seconds * MICROS), threading.Event()
        with self._lock:
            self._counter += 1
            heapq.heappush(self._sleepers, (until, self._counter, woken))
        self.on_sleep()
        while not woken.is_set() and self.now() < until:
            woken.wait(self.real_seconds_until(until))
        with self._lock:
            self._sleepers = [s for s in self._sleepers if s[2] is not woken]
            heapq.heapify(self._sleepers)

    def sleeping(self) -> int:
        """How many threads wait on this clock."""
        with self._lock:
            return len(self._sleepers)

    def next_sleeper(self) -> int | None:
        """When the first of them wakes."""
        with self._lock:
            return self._sleepers[0][0] if self._sleepers else None


@lru_cache(maxsize=64)
def _second(whole: int) -> str:
    return (EPOCH + timedelta(seconds=whole)).strftime("%Y-%m-%dT%H:%M:%S")


def stamp(micros: int) -> str:
    """As history writes a time: seven digits and Z."""
    whole, rest = divmod(micros, MICROS)
    return f"{_second(whole)}.{rest:06d}0Z"


def stamp_seconds(micros: int) -> str:
    """As a status writes a time: whole seconds and Z."""
    return _second(micros // MICROS) + "Z"


def parse_stamp(text: str) -> int:
    """The microseconds of an ISO 8601 time; one without an offset is UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - EPOCH) // timedelta(microseconds=1)
