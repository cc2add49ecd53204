# pyright: basic, reportMissingImports=false
"""The host workloads on DBOS, on SQLite tuned to WAL (synchronous stays FULL), in one process with its caller.

Each workload takes the form that is fastest there: a fan-out is steps of one workflow run side by side by asyncio,
which beats child workflows and queues; events are looked for every 10 ms in place of every second.
"""

import asyncio
import os
import sqlite3
import time

from dbos import DBOS, SetWorkflowID
from dialogue import Job, hear, job, perform, say

waiting = 0


@DBOS.step()
def increment(number):
    return number + 1


@DBOS.step()
async def double(number):
    return 2 * number


@DBOS.step()
async def mark(number, marks):
    handle = os.open(marks, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(handle, b".")
    os.close(handle)
    return 2 * number


@DBOS.workflow()
def chain(size):
    total = 0
    for _ in range(size):
        total = increment(total)
    return total


@DBOS.workflow()
async def fan_out(size):
    return sum(await asyncio.gather(*(double(i) for i in range(size))))


@DBOS.workflow()
async def marked_fan_out(size, marks):
    return sum(await asyncio.gather(*(mark(i, marks) for i in range(size))))


@DBOS.workflow()
async def parked():
    global waiting
    waiting += 1
    return await DBOS.recv_async("go", timeout_seconds=86_400)


async def run(workflow, *given):
    """Start an async workflow and wait for its result."""
    return await (await DBOS.start_workflow_async(workflow, *given)).get_result()


async def run_marked(task: Job):
    with SetWorkflowID("it"):
        return await run(marked_fan_out, task.size, task.marks)


async def park(size):
    handles = [await DBOS.start_workflow_async(parked) for _ in range(size)]
    while waiting < size:
        await asyncio.sleep(0.02)
    say("parked")
    await asyncio.to_thread(hear, "on")
    for handle in handles:
        await DBOS.send_async(handle.workflow_id, 1, "go")
    return sum([await handle.get_result() for handle in handles])


def work(task: Job) -> int:
    """Do the workload and give its result."""
    match task.workload:
        case "chain":
            return chain(task.size)
        case "fan_out":
            return asyncio.run(run(fan_out, task.size))
        case "many":
            return sum([handle.get_result() for handle in [DBOS.start_workflow(chain, 5) for _ in range(task.size)]])
        case "parked":
            return asyncio.run(park(task.size))
        case "killed":
            return asyncio.run(run_marked(task))
        case _:
            while DBOS.get_workflow_status("it").status == "PENDING":
                time.sleep(0.01)
            return DBOS.retrieve_workflow("it").get_result()


def main() -> None:
    """Run the job at hand."""
    task = job()
    path = task.folder / "dbos.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA journal_mode=WAL")
    DBOS(
        config={
            "name": "bench",
            "system_database_url": f"sqlite:///{path}",
            "application_version": "1",
            "executor_id": "bench",
            "log_level": "ERROR",
            "run_admin_server": False,
            "notification_listener_polling_interval_sec": 0.01,
        }
    )
    DBOS.launch()
    perform(lambda: work(task))


if __name__ == "__main__":
    main()
