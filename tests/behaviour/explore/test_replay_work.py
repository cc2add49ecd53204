"""What a fan-out costs on an engine that replays everything: linear in its items, and little in the parent.

The work is what Azure would do: in every episode of every instance, the whole history is read and replayed.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field

import pytest
from tests.behaviour.explore.instance import UNITS_AT_MOST, Instance, units
from tests.behaviour.explore.workflows.fan_outs import PROGRAMS
from tests.behaviour.explore.workflows.parts import start
from tests.behaviour.explore.world import Program, World

from flowbridge.host.episode import Outcome, Stage

SMALL = int(os.environ.get("FLOWBRIDGE_REPLAY_ITEMS", "1000"))
LARGE = 10 * SMALL
MEGABYTE = 1_000_000


@dataclass
class Work:
    """What was read, by parent and lanes together."""

    episodes: int = 0
    events: int = 0
    bytes: int = 0
    sizes: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    widest: int = 0
    crowd: int = 0

    def watch(self, world: World, one: Instance, outcome: Outcome) -> None:
        """Counts an episode: it has read the history, its own new events included."""
        events, size = self.sizes.get(one.execution, (0, 0))
        size += sum(len(json.dumps(event)) for event in outcome.events)
        events += len(outcome.events)
        self.sizes[one.execution] = events, size
        self.episodes += 1
        self.events += events
        self.bytes += size
        self.widest = max(self.widest, units(one.custom))
        self.crowd = max(self.crowd, sum(job.function == "work" for job in world.jobs))


def run(stage: Stage, items: int, lanes: int) -> tuple[World, Work]:
    """Runs a fan-out with everything that is ready done at once, as an engine at ease does it."""
    given = start({"items": items, "tolerated": 0, "at_once": lanes})
    usual = PROGRAMS[0]
    work = Work()
    world = World(stage, Program("wide", usual.orchestrator, given, usual.answers, usual.verify), work.watch)
    while not world.root.ended:
        for mail in list(world.mail):
            world.take(f"mail {mail.label}")
        for one in [one for one in world.instances.values() if one.inbox and not one.ended]:
            world.take(f"run {one.alias}")
        for job in list(world.jobs):
            world.take(f"do {job.label} ok")
    return world, work


@pytest.mark.parametrize("lanes", [20, 100])
def test_ten_times_the_items_cost_at_most_twelve_times_the_work(stage: Stage, lanes: int) -> None:
    (_, small), (world, large) = run(stage, SMALL, lanes), run(stage, LARGE, lanes)
    parent = large.sizes[world.root.execution][1]
    for name, work in ((SMALL, small), (LARGE, large)):
        print(f"{name} items: {work.episodes} episodes, {work.events} events replayed, {work.bytes} bytes read")
    print(f"the parent's history has {parent} bytes, the widest custom status {large.widest} units")
    assert world.root.value["results"] == [100 + one for one in range(LARGE)]
    assert large.events <= 12 * small.events
    assert large.bytes <= 12 * small.bytes
    assert large.episodes <= 12 * small.episodes
    assert parent < MEGABYTE
    assert large.crowd == lanes
    assert large.widest <= UNITS_AT_MOST
