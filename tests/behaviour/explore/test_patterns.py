"""Every pattern of the runtime ends as the language allows, in whatever order things happen to it."""

from __future__ import annotations

import pytest
from tests.behaviour.explore.explorer import SCHEDULE, explore, follow, play, report
from tests.behaviour.explore.workflows import approvals, calls, children, fan_outs, waits
from tests.behaviour.explore.world import Program

from flowbridge.host.episode import Stage
from flowbridge.runtime import lane, loop

PROGRAMS = (*calls.PROGRAMS, *fan_outs.PROGRAMS, *approvals.PROGRAMS, *children.PROGRAMS, *waits.PROGRAMS)


@pytest.fixture(autouse=True)
def short_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has lanes and loops go on as new after a few items and turns."""
    monkeypatch.setattr(lane, "ITEMS_A_TURN", 2)
    monkeypatch.setattr(lane, "ITEMS_AT_MOST", 4)
    monkeypatch.setattr(loop, "TURNS_AN_EPISODE", 2)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda one: one.name)
def test_survives_every_schedule(stage: Stage, program: Program) -> None:
    if SCHEDULE:
        name, _, text = SCHEDULE.partition(": ")
        if name != program.name:
            pytest.skip(f"the schedule is of {name}")
        played = play(stage, program, follow(text.split("; ")))
        assert not played.violations, played.violations
        return
    found = explore(stage, program)
    print(f"{program.name}: {found.schedules} schedules{', all there are' if found.complete else ''}")
    assert found.failed is None, report(stage, found.failed)
