"""Every pattern of the runtime ends as the language allows, in whatever order things happen to it."""

from __future__ import annotations

import pytest
from tests.behaviour.explore.explorer import survives
from tests.behaviour.explore.workflows import approvals, calls, children, fan_outs, nested, waits
from tests.behaviour.explore.world import Program

from flowbridge.host.episode import Stage
from flowbridge.runtime import lane, loop, segments

PROGRAMS = (
    *calls.PROGRAMS,
    *fan_outs.PROGRAMS,
    *children.PROGRAMS,
    *approvals.PROGRAMS,
    *waits.PROGRAMS,
    *nested.PROGRAMS,
)


@pytest.fixture(autouse=True)
def short_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has lanes and loops go on as new after a few items and turns."""
    monkeypatch.setattr(lane, "ITEMS_A_TURN", 2)
    monkeypatch.setattr(segments, "ITEMS_A_SEGMENT", 4)
    monkeypatch.setattr(loop, "TURNS_AN_EPISODE", 2)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda one: one.name)
def test_survives_every_schedule(stage: Stage, program: Program) -> None:
    survives(stage, program)
