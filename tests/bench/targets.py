"""The targets of the project as ratios between entries, computed from what the contests gave."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from . import compilers, hosts
from .contest import MEMORY, Outcome
from .documents import LINES
from .peers import CLIENT_GENERATOR, DBOS, DURABLETASK, EDDA, MODEL_GENERATOR, PREFECT

DURABLE = (DBOS.name, EDDA.name, PREFECT.name)
SLACK = 1.5  # a ratio within this of another is the same
HOST_FIGURES = {"W4": ("seconds to park", "seconds to raise")}


@dataclass(frozen=True)
class Target:
    """What was aimed at: `ratio` is to be at most `most`."""

    contest: str
    words: str
    ratio: float
    most: float

    @property
    def met(self) -> bool:
        """Whether it is."""
        return self.ratio <= self.most


def targets(outcomes: Iterable[Outcome]) -> Iterator[Target]:
    """Every target that these outcomes tell something of."""
    found = {one.contest.name: one for one in outcomes}
    for name in ("W1", "W2", "W2-10k", "W3", "W4", "W5"):
        if name in found:
            for figure in HOST_FIGURES.get(name, ("seconds",)):
                yield from _host(found[name], figure)
    yield from _growth(found)
    yield from _waiting(found)
    yield from _compiler(found)


def _host(outcome: Outcome, figure: str) -> Iterator[Target]:
    name = outcome.contest.name
    what = "" if figure == "seconds" else f" ({figure.removeprefix('seconds ')})"
    ours, always = outcome.median(hosts.OURS, figure), outcome.median(hosts.ALWAYS, figure)
    peers = {peer: found for peer in DURABLE if (found := outcome.median(peer, figure)) is not None}
    if ours is not None and peers:
        best = min(peers, key=lambda peer: peers[peer])
        yield Target(name, f"ours / {best}, the best durable peer{what}", ours / peers[best], 1 / 3)
    for mine, other, most in (
        (ours, DURABLETASK.name, 1.0),
        (ours, "floor, sticky, FULL", 2.0),
        (always, "floor, stock, FULL", 2.0),
        (always, "floor, stock", 2.0),
    ):
        theirs = outcome.median(other, figure)
        if mine is not None and theirs is not None:
            whose = "ours" if mine is ours else hosts.ALWAYS
            yield Target(name, f"{whose} / {other}{what}", mine / theirs, most)


def _growth(found: dict[str, Outcome]) -> Iterator[Target]:
    for small, large in (("W2", "W2-10k"), ("W2-10k", "W2-100k")):
        if small in found and large in found:
            less, more = (found[name].median(hosts.OURS, "seconds") for name in (small, large))
            if less is not None and more is not None:
                yield Target(large, f"ours, ten times the items of {small}", more / less, 12.0)
    memory = found["W2-100k"].median(hosts.OURS, MEMORY) if "W2-100k" in found else None
    if memory is not None:
        yield Target("W2-100k", "ours, memory / 400 MB", memory / 400, 1.0)


def _waiting(found: dict[str, Outcome]) -> Iterator[Target]:
    for name in ("W4", "W4-20k"):
        for entry in (hosts.OURS, hosts.HTTP):
            cores = found[name].median(entry, "cores while parked") if name in found else None
            if cores is not None:
                yield Target(name, f"{entry}, cores while parked / a hundredth", cores / 0.01, 1.0)
    if "W6" in found:
        needed = found["W6"].median(hosts.IMPORT, "seconds")
        for entry in (hosts.OURS, hosts.HTTP):
            taken = found["W6"].median(entry, "seconds")
            if needed is not None and taken is not None:
                yield Target("W6", f"{entry} / (the SDK's import + 0.3 s)", taken / (needed + 0.3), 1.0)


def _compiler(found: dict[str, Outcome]) -> Iterator[Target]:
    if "C1" in found:
        for ours, other, most in (
            (compilers.CHECK, compilers.IMPORTS, 1.5),
            (compilers.BUILD, compilers.IMPORTS, 2.5),
            (compilers.HELP, compilers.CLICK, 1.5),
        ):
            yield from _ratio(found["C1"], ours, other, most)
    each = found["C2"].median(compilers.PER_FILE, "seconds a file") if "C2" in found else None
    if each is not None:
        yield Target("C2", "a file / a fortieth of a second", each * 40, 1.0)
    if "C3" in found:
        least, half, most = (
            found["C3"].median(compilers.of_lines(lines), "seconds") for lines in (50, LINES[-2], LINES[-1])
        )
        if least is not None and half is not None and most is not None:
            words = "twice the lines, above the start"
            yield Target("C3", words, (most - least) / (half - least), 2 * SLACK)
    for name in ("C4", "C4-large"):
        for peer in (CLIENT_GENERATOR.name, MODEL_GENERATOR.name):
            if name in found:
                yield from _ratio(found[name], compilers.GENERATE, peer, 1 / 3)


def _ratio(outcome: Outcome, ours: str, other: str, most: float) -> Iterator[Target]:
    mine, theirs = outcome.median(ours, "seconds"), outcome.median(other, "seconds")
    if mine is not None and theirs is not None:
        yield Target(outcome.contest.name, f"{ours} / {other}", mine / theirs, most)
