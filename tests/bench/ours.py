"""The host workloads on the local host, through its engine in the same process: the peers are called that way, too.

The host is the whole one, its HTTP server included, and durable (synchronous=FULL). The option `always` replays every
episode from nothing, as Azure does.
"""

import json
import time
from concurrent.futures import Future
from pathlib import Path

from dialogue import Job, hear, job, perform, say

from flowbridge.host.commands import Commands
from flowbridge.host.options import HostOptions
from flowbridge.host.server import Host, running

APP = Path(__file__).parent / "app"
LONGEST = 3600.0


class Caller:
    """Calls of the engine, as its HTTP side makes them."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._commands = Commands(host.engine.ledger)

    def start(self, function: str, size: int, name: str | None = None, **more: str) -> Future[str]:
        """Start an instance; done with its id once that is stored."""
        raw = json.dumps({"size": size, **more})
        return self._host.engine.call(lambda: self._commands.start(function, name, raw, None))

    def raise_event(self, name: str) -> Future[None]:
        """Raise the event that a parked instance waits for; done once it is stored."""
        return self._host.engine.call(lambda: self._commands.raise_event(name, "go", "1"))

    def output(self, name: str) -> int:
        """The result of an instance, once it has ended."""
        self._host.engine.wait(name).result(LONGEST)
        record = self._host.reader.record(name)
        if record is None or record.status != "Completed":
            raise RuntimeError(f"{name} ended badly: {record}")
        return int(record.output or "0")

    def all(self, names: list[str]) -> int:
        """The sum of the results of these instances."""
        for end in [self._host.engine.wait(name) for name in names]:
            end.result(LONGEST)
        found = {record.id: record for record in self._host.reader.query(statuses=("Completed",))}
        return sum(int(found[name].output or "0") for name in names)

    def pending(self) -> bool:
        """Whether an instance has not had its first episode yet."""
        return bool(self._host.reader.query(statuses=("Pending",), limit=1))


def work(task: Job, caller: Caller) -> int:
    """Do the workload and give its result."""
    match task.workload:
        case "chain":
            return caller.output(caller.start("chain", task.size).result(LONGEST))
        case "fan_out":
            return caller.output(caller.start("fan_out", task.size).result(LONGEST))
        case "many":
            starts = [caller.start("chain", 5) for _ in range(task.size)]
            return caller.all([start.result(LONGEST) for start in starts])
        case "parked":
            starts = [caller.start("parked", 0) for _ in range(task.size)]
            names = [start.result(LONGEST) for start in starts]
            while caller.pending():
                time.sleep(0.02)
            say("parked")
            hear("on")
            for raised in [caller.raise_event(name) for name in names]:
                raised.result(LONGEST)
            return caller.all(names)
        case "killed":
            return caller.output(caller.start("marked_fan_out", task.size, "it", marks=task.marks).result(LONGEST))
        case _:
            return caller.output("it")


def main() -> None:
    """Run the job at hand."""
    task = job()
    options = HostOptions(
        APP, task.folder / "data", port=0, durable=True, replay="always" if "always" in task.options else "check"
    )
    with running(options) as host:
        perform(lambda: work(task, Caller(host.host)))


if __name__ == "__main__":
    main()
