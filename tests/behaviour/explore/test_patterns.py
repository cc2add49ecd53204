"""Every pattern of the runtime ends as the language allows, in whatever order things happen to it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.behaviour.explore.explorer import COUNT, survives
from tests.behaviour.explore.workflows import approvals, callbacks, calls, children, fan_outs, nested, stopping, waits
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
    *stopping.PROGRAMS,
    *callbacks.PROGRAMS,
)


@pytest.fixture(autouse=True)
def short_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has lanes and loops go on as new after a few items and turns."""
    monkeypatch.setattr(lane, "ITEMS_A_TURN", 2)
    monkeypatch.setattr(segments, "ITEMS_A_SEGMENT", 4)
    monkeypatch.setattr(loop, "TURNS_AN_EPISODE", 2)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda one: one.name)
def test_survives_every_schedule(stage: Stage, program: Program) -> None:
    survives(stage, program, COUNT)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda one: one.name)
def test_gives_a_strict_host_nothing_to_complain_of(strict_stage: Stage, program: Program) -> None:
    # A strict host fails an instance for an event in the wrong case, whoever raised it.
    fair = tuple(one for one in program.script if one.label != "case")
    survives(strict_stage, replace(program, script=fair), COUNT // 8)
