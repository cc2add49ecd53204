"""What a scenario is made of: the input of a workflow, what happens to it from outside, and how it ends.

The modules of `scenarios/` hold the scenarios of one example each, as data; `test_examples.py` plays them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Json = dict[str, Any]

MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0


@dataclass(frozen=True)
class Answer:
    """Somebody answers an approval; `status` is what RaiseApproval must answer, and `result` what it tells of a 200."""

    approval: str
    responder: str
    decision: str = "Approve"
    result: str = "recorded"
    comments: str | None = None
    form: Json | None = None
    status: int = 200


@dataclass(frozen=True)
class Event:
    """An event is raised; `status` is what the operation must answer, and `result` what it must tell of a 200.

    Without a payload it is raised without a body, as the connector raises an event that brings nothing.
    """

    name: str
    payload: Json | None = None
    result: str = "recorded"
    status: int = 200


@dataclass(frozen=True)
class Pass:
    """So many seconds go by."""

    seconds: float


@dataclass(frozen=True)
class Shown:
    """What GetStatus must show at this moment, among other things."""

    fields: Json


@dataclass(frozen=True)
class Reminded:
    """How often people have been reminded of an approval by now."""

    approval: str
    times: int


Act = Answer | Event | Pass | Shown | Reminded


@dataclass(frozen=True)
class Scenario:
    """One way through a workflow.

    `given` is its input, or makes it in a folder of the scenario's own. It ends with `output`, or with an `error` that
    has these fields; `refused` is the code with which Start refuses it instead. `calls` tells how often activities are
    called, attempts included, and `order` which of the instance itself are called last, in order.
    """

    name: str
    given: Json | Callable[[Path], Json]
    acts: tuple[Act, ...] = ()
    output: Json | None = None
    error: Json | None = None
    refused: str | None = None
    calls: Mapping[str, int] = field(default_factory=dict[str, int])
    order: tuple[str, ...] = ()
    seconds: float | None = None
    """How long it must take, by the workflow's clock."""
