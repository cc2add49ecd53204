"""Attempts at a call, or at steps that are tried again as a whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from .commands import Pause, Steps
from .errors import as_step_error
from .retry import Retry


class Tries:
    """Counts the attempts of one step, and waits between them as the policy says."""

    def __init__(self, retry: Retry, key: str, step: str, clock: Callable[[], datetime]) -> None:
        self._retry = retry
        self._key = key
        self._step = step
        self._clock = clock
        self._begun = clock()
        self._attempt = 1

    def failed(self, failure: Exception) -> Steps[None]:
        """An attempt has failed: waits for the next one, or raises the failure if there is none."""
        error = as_step_error(failure, self._step)
        delay = self._retry.delay(error.code, self._attempt, self._key)
        if delay is None:
            raise error
        over = self._retry.is_over((self._clock() - self._begun).total_seconds() + delay)
        # A pause in either case: an episode that the engine repeats later may find the time up where the lost one did
        # not, and would take the end of the lost one's timer for the answer to whatever it asked for instead.
        yield Pause(0 if over else delay)
        if over:
            raise error
        self._attempt += 1
