"""What the explored world holds: instances, messages under way, timers, and activities at work."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, cast

from flowbridge.host.clock import stamp
from flowbridge.host.episode import Live
from flowbridge.host.history import Event
from flowbridge.host.instances import ENDED

UNITS_AT_MOST = 8_192

Json = dict[str, Any]


@dataclass
class Timer:
    """A durable timer that has not fired; a cancelled one fires into the void."""

    instance: Instance
    execution: str
    task: int
    fire_at: int
    cancelled: bool = False

    @property
    def label(self) -> str:
        """How choices name it."""
        return f"{self.instance.alias}.{self.task}"


@dataclass
class Job:
    """One execution of an activity; `turn` tells a repeated one from the first."""

    instance: Instance
    execution: str
    task: int
    function: str
    payload: Any
    begun: int
    turn: int = 0

    @property
    def label(self) -> str:
        """How choices name it."""
        return f"{self.instance.alias}.{self.task}" + "~" * self.turn


@dataclass
class Mail:
    """A message under way; one that answers `task` arrives only after what asked for it is in the history."""

    label: str
    to: str
    sent: int
    execution: str | None
    event: Event
    task: int | None = None


@dataclass
class Counted:
    """A call that an orchestrator made and the answer that it went on with; times in microseconds."""

    instance: str
    task: int
    function: str
    payload: Any
    asked: int
    outcome: str | None = None
    answered: int | None = None
    answer: Any = None


@dataclass
class Instance:
    """One instance; `alias` is its number in the order of creation, `past` its history,
    `waiting` the moment since which its inbox is not empty."""

    alias: str
    name: str
    function: str
    raw_input: str | None
    execution: str
    parent: Event | None
    created: int
    waiting: int
    status: str = "Pending"
    past: list[Event] = field(default_factory=list[Event])
    inbox: list[Event] = field(default_factory=list[Event])
    output: str | None = None
    custom: str | None = None
    live: Live | None = None
    episodes: int = 0
    executions: int = 1
    dropped: frozenset[str] = frozenset()
    asked: set[int] = field(default_factory=set[int])
    asked_to_end: bool = False

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        return self.status in ENDED

    @property
    def begun(self) -> bool:
        """Whether an episode of it is in the history, so that the engine shows it."""
        return self.episodes > 0 or self.executions > 1

    @property
    def board(self) -> Json:
        """The custom status."""
        value: object = json.loads(self.custom) if self.custom else {}
        return cast(Json, value) if isinstance(value, dict) else {}

    @property
    def value(self) -> Any:
        """The output: JSON of a completed instance, else text."""
        return json.loads(self.output) if self.output is not None and self.status == "Completed" else self.output

    def shown(self) -> Json:
        """The instance as the status API shows it."""
        return {
            "name": self.function,
            "instanceId": self.name,
            "createdTime": stamp(self.created),
            "lastUpdatedTime": stamp(self.created),
            "input": json.loads(self.raw_input) if self.raw_input is not None else None,
            "output": self.value,
            "runtimeStatus": self.status,
            "customStatus": json.loads(self.custom) if self.custom else None,
        }


def units(text: str | None) -> int:
    """The length of JSON text in UTF-16, as the engine counts it."""
    if text is None:
        return 0
    plain = json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"))
    return len(plain.encode("utf-16-le", "surrogatepass")) // 2
