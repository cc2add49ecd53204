"""The explorer finds what is wrong with the textbook forms: that is how we know that it would find it in ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.behaviour.explore.conftest import stage_of
from tests.behaviour.explore.explorer import explore, follow, play, shortened
from tests.behaviour.explore.workflows import textbook
from tests.behaviour.explore.world import Program

from flowbridge.host.app import unload_app
from flowbridge.host.episode import Stage

ENOUGH = 200
FOUND = {
    "S1": "approval_of_seven_days (0) has returned and is kept running by timer",
    "S3": "it is Completed with None",
    "S6": "it is Completed with",
    "S8": "two_of_three (0) has gone on to work and the engine still waits for an event",
    "S9": "with_a_limit (0) has returned and is kept running by timer",
}


@pytest.fixture(scope="module")
def traps() -> Iterator[Stage]:
    """The textbook forms."""
    made = stage_of(Path(__file__).parent / "textbook")
    yield made
    unload_app(made.app)


@pytest.mark.parametrize("program", textbook.PROGRAMS, ids=lambda one: one.name)
def test_finds_the_fault_of(traps: Stage, program: Program) -> None:
    found = explore(traps, program, ENOUGH)
    assert found.failed is not None, f"{found.schedules} schedules, and none shows {program.name}"
    short = shortened(traps, found.failed)
    print(f"{program.name}: found by schedule {found.schedules}: {short.text}\n  {short.violations[0]}")
    assert any(one.startswith(FOUND[program.name]) for one in short.violations), short.violations
    # The schedule that is printed shows the fault again, by itself.
    again = play(traps, program, follow(short.text.partition(": ")[2].split("; ")))
    assert again.violations == short.violations
