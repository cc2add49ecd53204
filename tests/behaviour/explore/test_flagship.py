"""The generated flagship survives whatever the engine and people may do to it."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from tests.behaviour.explore.actors import stepped
from tests.behaviour.explore.conftest import stage_of
from tests.behaviour.explore.explorer import COUNT, survives
from tests.behaviour.explore.workflows import flagship
from tests.behaviour.explore.world import Program
from tests.conftest import ROOT

from flowbridge.host.app import unload_app
from flowbridge.host.episode import Stage


@pytest.fixture(scope="module")
def generated() -> Iterator[Stage]:
    """The committed build of the flagship, with its own copy of the runtime."""
    made = stage_of(ROOT / "generated")
    with stepped(sys.modules[f"runtime.{name}"] for name in ("decide", "operations", "stop")):
        yield made
    unload_app(made.app)


@pytest.mark.parametrize("program", flagship.PROGRAMS, ids=lambda one: one.name)
def test_survives_every_schedule(generated: Stage, program: Program) -> None:
    survives(generated, program, COUNT)
