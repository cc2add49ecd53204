# pyright: basic, reportMissingImports=false
"""The host workloads on durabletask: its worker and client on the in-memory backend it has for tests. Not durable."""

import logging
import socket

from dialogue import Job, hear, job, perform, say
from durabletask import task as durable
from durabletask.client import TaskHubGrpcClient
from durabletask.testing import create_test_backend
from durabletask.worker import TaskHubGrpcWorker

LONGEST = 3600


def increment(_, number):
    return number + 1


def double(_, number):
    return 2 * number


def chain(context, size):
    total = 0
    for _ in range(size):
        total = yield context.call_activity(increment, input=total)
    return total


def fan_out(context, size):
    results = yield durable.when_all([context.call_activity(double, input=i) for i in range(size)])
    return sum(results)


def parked(context, _):
    return (yield context.wait_for_external_event("go"))


class Caller:
    """A client of the backend."""

    def __init__(self, address: str) -> None:
        self._client = TaskHubGrpcClient(host_address=address, log_handler=logging.NullHandler())

    def start(self, orchestrator, size) -> str:
        return self._client.schedule_new_orchestration(orchestrator, input=size)

    def output(self, name: str) -> int:
        state = self._client.wait_for_orchestration_completion(name, timeout=LONGEST)
        if state is None or state.failure_details is not None:
            raise RuntimeError(f"{name} ended badly: {state}")
        return int(state.serialized_output)

    def park(self, size: int) -> int:
        names = [self.start(parked, 0) for _ in range(size)]
        for name in names:
            self._client.wait_for_orchestration_start(name, timeout=LONGEST)
        say("parked")
        hear("on")
        for name in names:
            self._client.raise_orchestration_event(name, "go", data=1)
        return sum(self.output(name) for name in names)


def work(task: Job, caller: Caller) -> int:
    """Do the workload and give its result."""
    match task.workload:
        case "chain":
            return caller.output(caller.start(chain, task.size))
        case "fan_out":
            return caller.output(caller.start(fan_out, task.size))
        case "many":
            return sum([caller.output(name) for name in [caller.start(chain, 5) for _ in range(task.size)]])
        case "parked":
            return caller.park(task.size)
        case _:
            raise SystemExit("nothing outlives the process")


def main() -> None:
    """Run the job at hand."""
    task = job()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    create_test_backend(port=port, max_history_size=100_000_000)
    worker = TaskHubGrpcWorker(host_address=f"127.0.0.1:{port}", log_handler=logging.NullHandler())
    for orchestrator in (chain, fan_out, parked):
        worker.add_orchestrator(orchestrator)
    for activity in (increment, double):
        worker.add_activity(activity)
    worker.start()
    perform(lambda: work(task, Caller(f"127.0.0.1:{port}")))


if __name__ == "__main__":
    main()
