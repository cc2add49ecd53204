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
class Children:
    """Run one child orchestration for each input, side by side; answered by the list of their outputs.

    The output of a child that failed or was terminated is an exception.
    """

    function: str
    prefix: str
    inputs: tuple[object, ...]


@dataclass(frozen=True)
class Listen:
    """Wait for an event, at most until so many seconds have passed; answered by `Heard` or None (time is up)."""

    event: str
    seconds: float


@dataclass(frozen=True)
class Heard:
    """The event that came, with its payload as the engine gave it."""

    payload: object


Command = Work | Pause | Children | Listen

_Value = TypeVar("_Value")
Steps = Generator[Command, object, _Value]
