"""The stage on which explored programs run: the app of hand-written workflows, on an engine that does as Azure does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.behaviour.explore.actors import stepped

from flowbridge.host.app import load_app, unload_app
from flowbridge.host.episode import Stage, make_stage
from flowbridge.host.options import HostOptions
from flowbridge.runtime import decide, operations, raise_event, stop

APP = Path(__file__).parent / "app"


def stage_of(app_dir: Path, *, lenient: bool = True) -> Stage:
    """A stage for an app by path."""
    options = HostOptions(app_dir, app_dir, lenient=lenient, replay="never")
    return make_stage(load_app(app_dir), options)


@pytest.fixture(scope="session")
def strict_stage() -> Iterator[Stage]:
    """The hand-written workflows on a host that fails whatever would hang or lie on Azure."""
    made = stage_of(APP, lenient=False)
    with stepped((decide, operations, raise_event, stop)):
        yield made
    unload_app(made.app)


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    """The hand-written workflows."""
    made = stage_of(APP)
    with stepped((decide, operations, raise_event, stop)):
        yield made
    unload_app(made.app)
