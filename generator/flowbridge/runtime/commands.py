"""What a workflow's steps ask of the engine: each command is yielded by a step and answered by the driver.

Steps never touch durable tasks. A driver (`drive.py`) turns each command into the one pattern that is known to hold on
the engine, and decides what may run meanwhile.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeVar


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
    """A child orchestration: its function, its instance id and its input.

    A `graceful` one is not terminated when it has to stop: it is asked to end after the call that it is at, so that it
    tells what has to be undone.
    """

    function: str
    instance_id: str
    input: object
    graceful: bool = False


@dataclass(frozen=True)
class Children:
    """Run children side by side; answered by their outcomes in order (`ChildOutcome`).

    The others are stopped once `wins` of them have succeeded (None: all have to), once one has failed if `fail_fast`,
    or after `seconds`.
    """

    children: tuple[Child, ...]
    wins: int | None = None
    fail_fast: bool = True
    seconds: float | None = None


@dataclass(frozen=True)
class ChildOutcome:
    """How a child ended: with its output, with a failure's text, or by being stopped.

    One that was stopped has an output only if it ended by itself, and then without success.
    """

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
