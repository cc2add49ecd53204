"""What a workflow's steps ask of the engine: each command is yielded by a step and answered by the driver.

Steps never touch durable tasks. A driver (`drive.py`) turns each command into the one pattern that is known to hold on
the engine, and decides what may run meanwhile.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Literal, TypeVar


@dataclass(frozen=True)
class Work:
    """Run an activity; answered by its envelope."""

    function: str
    payload: object


@dataclass(frozen=True)
class Pause:
    """Go on after so many seconds; answered by None."""

    seconds: float


@dataclass(frozen=True)
class Child:
    """A child orchestration: its function, its instance id and its input."""

    function: str
    instance_id: str
    input: object


@dataclass(frozen=True)
class Children:
    """Run children side by side; answered by their outcomes in order (`ChildOutcome`).

    The others are stopped once `wins` of them have succeeded (None: all have to), once one has failed if `fail_fast`,
    or after `seconds`. `stop` says how: `terminate` ends a child at once; `signal` asks a lane to end after the work
    that it is at, so that what it has done is not lost.
    """

    children: tuple[Child, ...]
    wins: int | None = None
    fail_fast: bool = True
    seconds: float | None = None
    stop: Literal["terminate", "signal"] = "terminate"


@dataclass(frozen=True)
class ChildOutcome:
    """How a child ended: with its output, with a failure's text, or by being stopped (neither)."""

    output: object = None
    failure: str | None = None
    stopped: bool = False


@dataclass(frozen=True)
class Listen:
    """Wait for the first of some events, at most for so many seconds; answered by `Heard` or None (time is up).

    Listening again for the same event goes on with the same wait, so that nothing that came meanwhile is lost.
    """

    events: tuple[str, ...]
    seconds: float


@dataclass(frozen=True)
class Heard:
    """The event that came, with its payload as the engine gave it."""

    event: str
    payload: object


Command = Work | Pause | Children | Listen

_Value = TypeVar("_Value")
Steps = Generator[Command, object, _Value]
