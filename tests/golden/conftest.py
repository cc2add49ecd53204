"""Golden cases: small workflows, each with the code that it becomes, and a host to run that code on.

A case is a folder with `workflow.yaml`, its `activities/`, and what the build makes of them in `expected/generated/`,
without the files that are copies or the same in every app.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Caller, Operations, build

from flowbridge.host.options import HostOptions
from flowbridge.host.server import HandClock, running

HERE = Path(__file__).parent


def cases() -> list[str]:
    """The names of all cases."""
    return sorted(path.parent.name for path in HERE.glob("*/workflow.yaml"))


@dataclass(frozen=True)
class Stage(Operations):
    """The operations of a case's workflow on a host whose clock moves only when it is told to."""

    clock: HandClock

    def run(self, body: object, seconds: float = 0.0) -> dict[str, Any]:
        """Starts an instance, lets so much time pass, and gives its status, which must be an end."""
        instance = self.start(body)
        self.clock.advance(seconds)
        return self.ended(instance)

    def moments(self, instance: str, function: str) -> list[float]:
        """When an instance called a function, in seconds since its start."""
        shown = self.engine(instance)
        events = [one for one in shown["historyEvents"] if one.get("FunctionName") == function]
        begin = _seconds(shown["historyEvents"][0]["Timestamp"])
        return [round(_seconds(one["ScheduledTime"]) - begin, 3) for one in events if "ScheduledTime" in one]


def _seconds(stamp: str) -> float:
    return datetime.fromisoformat(stamp).timestamp()


Play = Callable[..., Stage]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The app of a case, compiled once for the session."""
    made: dict[str, Path] = {}

    def give(case: str) -> Path:
        if case not in made:
            made[case] = tmp_path_factory.mktemp(case) / "generated"
            build(HERE / case / "workflow.yaml", made[case])
        return made[case]

    return give


@pytest.fixture
def play(built: Callable[[str], Path], tmp_path: Path) -> Iterator[Play]:
    """Puts a case on a host; options are those of the host."""
    numbers = count()
    with ExitStack() as stack:

        def on_stage(case: str, **options: Any) -> Stage:
            given: dict[str, Any] = {"port": 0, "speed": 0.0, "durable": False, **options}
            data = tmp_path / f"data{next(numbers)}"
            host = stack.enter_context(running(HostOptions(built(case), data, **given)))
            return Stage(Caller(host.base_url, host.function_key), case, host.clock)

        yield on_stage
