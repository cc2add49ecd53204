"""Messages on their way into histories: each has a row on disk until the episode that sees it is committed.

Commands, ends of activities, due timers and the ends of children all become messages to an instance; an instance with
messages is ready to run. What the next transaction writes gathers in the batch.
"""

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from . import history
from .activities import Finished, Work
from .clock import Clock
from .history import Event
from .instances import Instance, Instances, Message
from .store import Store, Writes
from .timers import Timer, Timers

START = -1  # the task of a timer that only starts its instance


@dataclass
class Batch:
    """What happens next: rows to write, then activities to start and ends to tell of."""

    writes: Writes = field(default_factory=Writes)
    starting: list[Work] = field(default_factory=list[Work])
    ended: list[str] = field(default_factory=list[str])


class Mail:
    """The messages of one host's instances; `ready` holds the instances that have some, longest wait first."""

    def __init__(self, instances: Instances, clock: Clock, profile: str) -> None:
        self.batch = Batch()
        self.timers = Timers()
        self.ready: deque[Instance] = deque()
        self._instances = instances
        self._clock = clock
        self._profile = profile
        self._row = 0

    def load(self, store: Store) -> None:
        """Take up every message, activity and timer that was not settled."""
        activities, timers, messages = (store.outstanding(t) for t in ("activities", "timers", "inbox"))
        self._row = max((rows[-1][0] for rows in (activities, timers, messages) if rows), default=0)
        self.batch.starting = [Work(*row) for row in activities]
        for row, name, execution, task, fire_at, cancelled in timers:
            self.timers.arm(Timer(row, name, execution, task, fire_at, bool(cancelled)))
        for row, name, execution, text in messages:
            self._deliver(name, execution, json.loads(text), lambda row=row: self._drop_message(row))

    def take_batch(self) -> Batch:
        """What has gathered, to be committed; a new batch begins."""
        taken, self.batch = self.batch, Batch()
        return taken

    def post(self, name: str, execution: str | None, event: Event) -> None:
        """Store a message and let its instance run; `execution` None means whichever is current."""
        row = self.next_row()
        self.batch.writes.inbox[row] = (row, name, execution, json.dumps(event))
        self._deliver(name, execution, event, lambda: self._drop_message(row))

    def settle(self, end: Finished) -> None:
        """An activity is over: its end becomes a message, and its row goes with the episode that sees it."""
        work, now = end.work, self._clock.now()
        if end.reason is None:
            event = history.succeeded(history.TASK_COMPLETED, now, work.task, end.result)
        else:
            event = history.failed(history.TASK_FAILED, now, work.task, end.reason, end.details, self._profile)
        gone = lambda: self.batch.writes.activities_gone.append(work.row)  # noqa: E731
        self._deliver(work.instance, work.execution, event, gone)

    def fire(self, now: int) -> None:
        """Timers that are due become messages."""
        for timer in self.timers.take_due(now):
            if timer.task == START:
                self._wake(self._instances.get(timer.instance))
                continue
            event = history.timer_fired(now, timer.task, timer.fire_at)
            self._deliver(timer.instance, timer.execution, event, lambda row=timer.row: self.drop_timer(row))

    def _deliver(self, name: str, execution: str | None, event: Event, settle: Callable[[], None]) -> None:
        instance = self._instances.get(name)
        if instance is None or instance.ended or execution not in (None, instance.record.execution):
            settle()
            return
        instance.inbox.append(Message(event, settle))
        self._wake(instance)

    def _wake(self, instance: Instance | None) -> None:
        if instance is not None and not instance.ready:
            instance.ready = True
            self.ready.append(instance)

    def next_row(self) -> int:
        """A number no other row has."""
        self._row += 1
        return self._row

    def _drop_message(self, row: int) -> None:
        if self.batch.writes.inbox.pop(row, None) is None:
            self.batch.writes.inbox_gone.append(row)

    def drop_timer(self, row: int) -> None:
        """A timer is over, or no longer wanted."""
        if self.batch.writes.timers.pop(row, None) is None:
            self.batch.writes.timers_gone.append(row)
