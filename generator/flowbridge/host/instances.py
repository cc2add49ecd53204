"""Instances in memory: what is loaded, what waits to be processed, and what is not yet committed."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .episode import Live
from .history import Event
from .store import Record

ENDED = frozenset({"Completed", "Failed", "Terminated", "Canceled"})
CACHED = 2_000
ALIVE = 500


@dataclass(slots=True)
class Message:
    """An event on its way into a history; `settle` removes its row when it is in one."""

    event: Event
    settle: Callable[[], None]


@dataclass(slots=True)
class Instance:
    """One instance; `unsaved` is history that is not committed yet, `fresh` that nothing before it counts."""

    record: Record
    inbox: list[Message] = field(default_factory=list[Message])
    live: Live | None = None
    unsaved: list[Event] = field(default_factory=list[Event])
    fresh: bool = False
    ready: bool = False

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        return self.record.status in ENDED

    def parent(self) -> dict[str, Any] | None:
        """The ParentInstance of a sub-orchestration."""
        return json.loads(self.record.parent) if self.record.parent else None


class Instances:
    """A cache over the store, oldest use first; ids that are known not to exist are not kept."""

    def __init__(self, load: Callable[[str], Record | None]) -> None:
        self._load = load
        self._known: dict[str, Instance] = {}
        self._alive: dict[str, Instance] = {}

    def get(self, name: str) -> Instance | None:
        """The instance of that id, loaded if need be."""
        found = self._known.get(name)
        if found is None:
            record = self._load(name)
            if record is None:
                return None
            found = self._known[name] = Instance(record)
        return found

    def put(self, record: Record) -> Instance:
        """A new instance in place of whatever has that id."""
        self._alive.pop(record.id, None)
        made = self._known[record.id] = Instance(record, fresh=True)
        return made

    def drop(self, name: str) -> None:
        """Forget it."""
        self._known.pop(name, None)
        self._alive.pop(name, None)

    def keep_alive(self, instance: Instance) -> None:
        """Note that `instance.live` was just used; the one that was not used for longest loses its own."""
        name = instance.record.id
        self._alive.pop(name, None)
        if instance.live is not None:
            self._alive[name] = instance
            if len(self._alive) > ALIVE:
                oldest = next(iter(self._alive))
                self._alive.pop(oldest).live = None

    def trim(self) -> None:
        """After a commit: let go of what is idle once there is too much."""
        if len(self._known) <= CACHED:
            return
        for name, instance in list(self._known.items()):
            if len(self._known) <= CACHED // 2:
                return
            if not instance.ready and not instance.inbox and not instance.unsaved:
                self.drop(name)
