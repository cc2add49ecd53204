"""Chooses schedules: every one within a few steps of the usual first, then at random by seed; prints one that fails.

A schedule is the list of the choices taken. `FLOWBRIDGE_SCHEDULE` takes one as it was printed and runs it alone.
"""

from __future__ import annotations

import os
import random
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from tests.behaviour.explore.invariants import conclude, stopped, watch
from tests.behaviour.explore.world import Program, World

from flowbridge.host.episode import Stage

COUNT = int(os.environ.get("FLOWBRIDGE_EXPLORE", "120"))
SCHEDULE = os.environ.get("FLOWBRIDGE_SCHEDULE", "")
STEPS_AT_MOST = 3_000
RUNS_TO_SHORTEN, SECONDS_TO_SHORTEN = 400, 15

Choose = Callable[[list[str]], int]


@dataclass
class Played:
    """A schedule that was run: the choices, how many there were at each point, and what was wrong."""

    world: World
    taken: list[str] = field(default_factory=list[str])
    places: list[int] = field(default_factory=list[int])
    widths: list[int] = field(default_factory=list[int])
    violations: list[str] = field(default_factory=list[str])

    @property
    def text(self) -> str:
        """The schedule as it is printed, and as FLOWBRIDGE_SCHEDULE takes it."""
        return f"{self.world.program.name}: " + "; ".join(self.taken)


def play(stage: Stage, program: Program, choose: Choose) -> Played:
    """Runs one schedule to its end, or to its first violation."""
    world = World(stage, program, watch)
    played = Played(world)
    while not world.violations:
        options = world.options()
        if (world.root.ended and not world.actors) or not options:
            break
        if len(played.taken) >= STEPS_AT_MOST:
            world.violations.append(f"no end after {STEPS_AT_MOST} steps")
            break
        place = choose(options)
        played.places.append(place)
        played.widths.append(len(options))
        played.taken.append(options[place])
        world.take(options[place])
        while world.stopped:
            world.violations += stopped(world, *world.stopped.pop())
    for actor in world.actors:
        actor.close()
    played.violations = world.violations or list(conclude(world))
    return played


def follow(labels: list[str]) -> Choose:
    """Takes choices by name; one that is not on offer is left out, and after the last the usual one is taken."""
    left = deque(labels)

    def choose(options: list[str]) -> int:
        while left:
            label = left.popleft()
            if label in options:
                return options.index(label)
        return 0

    return choose


def _by_places(places: list[int]) -> Choose:
    left = deque(places)
    return lambda options: left.popleft() if left else 0


def systematic(stage: Stage, program: Program, count: int) -> Iterator[Played]:
    """Schedules in the order of how often they leave the usual path, each once; fewer than `count` if those are all."""
    waiting = deque[list[int]]([[]])
    while waiting and count > 0:
        prefix = waiting.popleft()
        played = play(stage, program, _by_places(prefix))
        count -= 1
        yield played
        if len(waiting) < count:
            for place in range(len(prefix), len(played.places)):
                waiting += [[*played.places[:place], other] for other in range(1, played.widths[place])]


def at_random(stage: Stage, program: Program, seed: int) -> Played:
    """A schedule by seed; each prefers other kinds of choices, and other instances."""
    chance = random.Random(f"{program.name}/{seed}")
    weights: dict[str, float] = {}

    def weight(option: str) -> float:
        kind, _, about = option.partition(" ")
        one = about.partition(" ")[0].partition(".")[0]
        if kind not in weights:
            weights[kind] = chance.choice((0.05, 0.3, 1, 1, 3))
        if one not in weights:
            weights[one] = chance.choice((0.05, 1, 1, 1))
        return weights[kind] * weights[one]

    return play(
        stage, program, lambda options: chance.choices(range(len(options)), [weight(one) for one in options])[0]
    )


def shortened(stage: Stage, played: Played) -> Played:
    """The same program's failure with as few choices as leaving some out shows."""
    program, best, runs, size = played.world.program, played, 0, max(1, len(played.taken) // 2)
    until = time.monotonic() + SECONDS_TO_SHORTEN
    while runs < RUNS_TO_SHORTEN and time.monotonic() < until:
        start, shorter = 0, False
        while start < len(best.taken) and runs < RUNS_TO_SHORTEN and time.monotonic() < until:
            tried = play(stage, program, follow(best.taken[:start] + best.taken[start + size :]))
            runs += 1
            if tried.violations and len(tried.taken) < len(best.taken):
                best, shorter = tried, True
            else:
                start += size
        if size == 1 and not shorter:
            break
        size = max(1, size // 2)
    return best


@dataclass
class Explored:
    """What an exploration came to: how many schedules, whether those were all, and the first that failed."""

    schedules: int
    complete: bool
    failed: Played | None


def explore(stage: Stage, program: Program, count: int) -> Explored:
    """Runs schedules of a program until one fails: half of them systematically, the rest at random."""
    done = 0
    for played in systematic(stage, program, count // 2):
        done += 1
        if played.violations:
            return Explored(done, False, played)
    if done < count // 2:
        return Explored(done, True, None)
    for seed in range(count - done):
        played = at_random(stage, program, seed)
        done += 1
        if played.violations:
            return Explored(done, False, played)
    return Explored(done, False, None)


def report(stage: Stage, found: Played) -> str:
    """What to print of a schedule that failed."""
    short = shortened(stage, found)
    told = "\n  ".join(short.violations)
    return f"{told}\nreplay it with\nFLOWBRIDGE_SCHEDULE='{short.text}'"


def survives(stage: Stage, program: Program, count: int) -> None:
    """Explores a program, or runs the one schedule that the environment names; fails with a schedule to replay."""
    if SCHEDULE:
        name, _, text = SCHEDULE.partition(": ")
        if name != program.name:
            pytest.skip(f"the schedule is of {name}")
        played = play(stage, program, follow(text.split("; ")))
        pytest.fail("\n  ".join(played.violations)) if played.violations else None
        return
    found = explore(stage, program, count)
    print(f"{program.name}: {found.schedules} schedules{', all there are' if found.complete else ''}")
    if found.failed is not None:
        pytest.fail(f"after {found.schedules} schedules: {report(stage, found.failed)}", pytrace=False)
