"""Armed timers: one heap for all instances, and where each instance's are."""

import heapq
from dataclasses import dataclass


@dataclass(slots=True)
class Timer:
    """An armed timer; a cancelled one still fires, as on Azure, but time is never skipped for its sake."""

    row: int
    instance: str
    execution: str
    task: int
    fire_at: int
    cancelled: bool = False


class Timers:
    """Timers by their rows."""

    def __init__(self) -> None:
        self._timers: dict[int, Timer] = {}
        self._heap: list[tuple[int, int]] = []
        self._of: dict[str, dict[int, int]] = {}

    def arm(self, timer: Timer) -> None:
        """Add one."""
        self._timers[timer.row] = timer
        self._of.setdefault(timer.instance, {})[timer.task] = timer.row
        heapq.heappush(self._heap, (timer.fire_at, timer.row))

    def take_due(self, now: int) -> list[Timer]:
        """Remove and give those that are due, in order."""
        due: list[Timer] = []
        while self._heap and self._heap[0][0] <= now:
            timer = self._timers.pop(heapq.heappop(self._heap)[1], None)
            if timer is not None:
                self._forget(timer)
                due.append(timer)
        return due

    def cancel(self, instance: str, task: int) -> int | None:
        """Mark one cancelled; gives its row if it is armed."""
        timer = self._timers.get(self._of.get(instance, {}).get(task, -1))
        if timer is None:
            return None
        timer.cancelled = True
        return timer.row

    def disarm(self, instance: str) -> list[int]:
        """Remove all of an instance's; gives their rows."""
        rows = list(self._of.pop(instance, {}).values())
        for row in rows:
            self._timers.pop(row, None)
        return rows

    def next(self, *, active: bool) -> int | None:
        """When the first one fires; `active` leaves cancelled ones out."""
        while self._heap and self._heap[0][1] not in self._timers:
            heapq.heappop(self._heap)
        if not self._heap:
            return None
        if not active or not self._timers[self._heap[0][1]].cancelled:
            return self._heap[0][0]
        return min((timer.fire_at for timer in self._timers.values() if not timer.cancelled), default=None)

    def _forget(self, timer: Timer) -> None:
        rows = self._of.get(timer.instance)
        if rows is not None and rows.get(timer.task) == timer.row:
            del rows[timer.task]
            if not rows:
                del self._of[timer.instance]
