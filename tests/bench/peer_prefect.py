# pyright: basic, reportMissingImports=false
"""The host workloads on Prefect, with the server that it starts for itself on a SQLite file of its own."""

import os
from concurrent.futures import ThreadPoolExecutor

from dialogue import Job, job, perform

# The settings are read when the package is imported.
os.environ.update(
    PREFECT_HOME=str(job().folder),
    PREFECT_LOGGING_LEVEL="CRITICAL",
    PREFECT_SERVER_ALLOW_EPHEMERAL_MODE="true",
    PREFECT_SERVER_ANALYTICS_ENABLED="false",
    DO_NOT_TRACK="1",
)

from prefect import flow, task
from prefect.client.orchestration import get_client


@task
def increment(number):
    return number + 1


@task
def double(number):
    return 2 * number


@flow
def chain(size):
    total = 0
    for _ in range(size):
        total = increment(total)
    return total


@flow
def fan_out(size):
    return sum(double.map(range(size)).result())


def work(todo: Job) -> int:
    """Do the workload and give its result."""
    match todo.workload:
        case "chain":
            return chain(todo.size)
        case "fan_out":
            return fan_out(todo.size)
        case "many":
            with ThreadPoolExecutor(8) as callers:
                return sum(callers.map(chain, [5] * todo.size))
        case _:
            raise SystemExit("no such workload")


def main() -> None:
    """Run the job at hand; the server is up before the bench is told so."""
    todo = job()
    with get_client(sync_client=True) as client:
        client.hello()
        perform(lambda: work(todo))


if __name__ == "__main__":
    main()
