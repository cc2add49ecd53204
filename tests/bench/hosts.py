"""The host workloads W1 to W6: how each is measured, on ours, on the floors and on the peers that are there."""

import sys
import time
from collections.abc import Callable, Container
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from .contest import MEMORY, Contest, Entry, Figures, Measure
from .peers import DBOS, DURABLETASK, EDDA, PREFECT
from .session import FailedError, Session, run

HERE = Path(__file__).parent
OURS, HTTP, ALWAYS = "ours", "ours over HTTP", "ours, replay=always"
IMPORT = "import of the SDK"
SDK = "import azure.functions, azure.durable_functions"
IDLE_SECONDS = 3.0
SLOW = (DBOS.name, DURABLETASK.name, EDDA.name, PREFECT.name)  # where one run takes ten minutes and more
NOT_QUICK = (PREFECT.name, EDDA.name, "floor, iso", "floor, sticky", "floor, stock, FULL")


@dataclass(frozen=True)
class Player:
    """A program that does host workloads."""

    name: str
    command: tuple[str, ...]
    options: tuple[str, ...] = ()
    able: frozenset[str] = frozenset({"chain", "fan_out", "many", "parked", "killed"})

    def started(self, workload: str, size: int, folder: Path) -> Session:
        """The program in a fresh process, told what to do."""
        return Session([*self.command, workload, str(size), str(folder), *self.options])


def players(installed: dict[str, str]) -> list[Player]:
    """Ours, the floors, and the peers that are installed."""

    def program(file: str, python: str = sys.executable) -> tuple[str, ...]:
        return (python, str(HERE / file))

    floors = frozenset({"chain", "fan_out", "many", "parked"})
    kinds = {"stock": (), "iso": (), "sticky": (), "sticky, FULL": ("sticky", "full"), "stock, FULL": ("stock", "full")}
    found = [
        Player(OURS, program("ours.py")),
        Player(HTTP, program("ours_http.py")),
        Player(ALWAYS, program("ours.py"), ("always",), frozenset({"chain", "fan_out", "many"})),
        *(Player(f"floor, {kind}", program("floor.py"), more or (kind,), floors) for kind, more in kinds.items()),
    ]
    for peer, file, able in (
        (DBOS, "peer_dbos.py", frozenset({"chain", "fan_out", "many", "parked", "killed"})),
        (DURABLETASK, "peer_durabletask.py", floors),
        (EDDA, "peer_edda.py", frozenset({"chain", "fan_out", "many", "killed"})),
        (PREFECT, "peer_prefect.py", frozenset({"chain", "fan_out", "many"})),
    ):
        if peer.name in installed:
            found.append(Player(peer.name, program(file, installed[peer.name]), (), able))
    return found


def expected(workload: str, size: int) -> int:
    """The result that a workload has to give."""
    return {"many": 5 * size, "chain": size, "parked": size}.get(workload, size * (size - 1))


def _checked(session: Session, workload: str, size: int, limit: float) -> float:
    moment, facts = session.expect("done", limit)
    if facts["result"] != expected(workload, size):
        raise FailedError(f"wrong: {facts['result']} for {expected(workload, size)}")
    return moment


def _with_memory(session: Session, figures: Figures) -> Figures:
    memory = session.memory()
    return figures if memory is None else {**figures, MEMORY: memory}


def straight(player: Player, workload: str, size: int, folder: Path, limit: float) -> Figures:
    """From the order to the result, in a process that is up."""
    with player.started(workload, size, folder) as session:
        session.expect("ready", limit)
        ordered = session.tell("go")
        done = _checked(session, workload, size, limit)
        return _with_memory(session, {"seconds": done - ordered})


def parked(player: Player, size: int, folder: Path, limit: float) -> Figures:
    """To park all instances, what they cost while they wait, and to raise the event of each until all have ended."""
    with player.started("parked", size, folder) as session:
        session.expect("ready", limit)
        ordered = session.tell("go")
        waiting, _ = session.expect("parked", limit)
        figures = {"seconds to park": waiting - ordered}
        time.sleep(0.5)  # what is left to do after the last start is not idleness
        before = session.cpu()
        time.sleep(IDLE_SECONDS)
        after = session.cpu()
        if before is not None and after is not None:
            figures["cores while parked"] = (after - before) / IDLE_SECONDS
        raised = session.tell("on")
        figures["seconds to raise"] = _checked(session, "parked", size, limit) - raised
        return _with_memory(session, figures)


def killed(player: Player, size: int, folder: Path, limit: float) -> Figures:
    """From the start of a new process to the result, after a `kill -9` when half of the activities had run."""
    marks = folder / "marks"
    with player.started("killed", size, folder) as session:
        session.expect("ready", limit)
        session.tell("go")
        until = time.monotonic() + limit
        while not marks.exists() or marks.stat().st_size < size // 2:
            if time.monotonic() > until:
                raise FailedError(f"over {limit:.0f} s")
            time.sleep(0.0005)
        session.kill()
    ran = marks.stat().st_size
    if ran >= size:
        raise FailedError("done before it could be killed")
    with player.started("resumed", size, folder) as session:
        session.tell("go")
        done = _checked(session, "killed", size, limit)
        again = max(0, marks.stat().st_size - size)
        return {"seconds": done - session.began, "activities run twice": float(again)}


def first(player: Player, folder: Path, limit: float) -> Figures:
    """From the start of a process to the end of its first workflow, of one activity."""
    with player.started("chain", 1, folder) as session:
        session.tell("go")
        return {"seconds": _checked(session, "chain", 1, limit) - session.began}


def sdk_import(_: Path, limit: float) -> Figures:
    """What importing the SDK alone takes."""
    return {"seconds": run([sys.executable, "-c", SDK], limit)}


def contests(installed: dict[str, str], *, quick: bool) -> list[Contest]:
    """The contests, with the sizes of performance.md, or smaller ones and fewer players for a quick look."""
    everyone = [p for p in players(installed) if not quick or p.name not in NOT_QUICK]
    rounds, limit, budget = (3, 60.0, 6.0) if quick else (5, 400.0, 240.0)

    def contest(
        name: str, title: str, workload: str, measure: Callable[[Player], Measure], without: Container[str] = ()
    ) -> Contest:
        able = [p for p in everyone if workload in p.able and p.name not in without]
        entries = [Entry(p.name, measure(p), p.name in (OURS, HTTP, ALWAYS)) for p in able]
        if measure is first_of:
            entries.append(Entry(IMPORT, sdk_import))
        return Contest(name, title, tuple(entries), rounds, limit, budget)

    many, events = (200, 200) if quick else (500, 5_000)
    floors = [p.name for p in everyone if p.name.startswith("floor")]
    found = [
        contest("W1", "one chain of 100 activities", "chain", straight_of("chain", 100)),
        contest("W2", "one fan-out of 1,000 activities, then the sum", "fan_out", straight_of("fan_out", 1_000)),
        contest("W3", f"{many} workflows of 5 activities", "many", straight_of("many", many)),
        contest("W4", f"{events:,} instances parked on an event, then all raised", "parked", parked_of(events)),
        contest("W5", "kill -9 inside W2, start to finished", "killed", killed_of),
        contest("W6", "process start to first workflow done", "chain", first_of, [*floors, ALWAYS]),
    ]
    if quick:
        return found
    hundred, parking = straight_of("fan_out", 100_000), parked_of(20_000)
    return [
        *found,
        contest("W2-10k", "one fan-out of 10,000", "fan_out", straight_of("fan_out", 10_000)),
        contest("W2-100k", "one fan-out of 100,000", "fan_out", hundred, {*SLOW, ALWAYS, "floor, stock, FULL"}),
        contest("W4-20k", "20,000 instances parked on an event", "parked", parking, {*SLOW, *floors}),
    ]


def straight_of(workload: str, size: int) -> Callable[[Player], Measure]:
    """How a workload is measured from the order to the result."""
    return lambda player: partial(straight, player, workload, size)


def parked_of(size: int) -> Callable[[Player], Measure]:
    """How parking is measured."""
    return lambda player: partial(parked, player, size)


def killed_of(player: Player) -> Measure:
    """How the start after a kill is measured."""
    return partial(killed, player, 1_000)


def first_of(player: Player) -> Measure:
    """How the way from nothing to a first result is measured."""
    return partial(first, player)
