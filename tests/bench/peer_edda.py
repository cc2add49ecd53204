# pyright: basic, reportMissingImports=false, reportCallIssue=false
"""The host workloads on edda, on SQLite tuned to WAL, in one process with its caller.

A killed workflow is taken up when its lock has run out: after 300 s by default, after 10 s here.
"""

import asyncio
import logging
import os
import sqlite3

from dialogue import Job, hear, job, say
from edda import EddaApp, WorkflowContext, activity, workflow


@activity
async def increment(context: WorkflowContext, number: int) -> int:
    return number + 1


@activity
async def double(context: WorkflowContext, number: int) -> int:
    return 2 * number


@activity
async def mark(context: WorkflowContext, number: int, marks: str) -> int:
    handle = os.open(marks, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(handle, b".")
    os.close(handle)
    return 2 * number


@workflow
async def chain(context: WorkflowContext, size: int) -> int:
    total = 0
    for _ in range(size):
        total = await increment(context, total)
    return total


@workflow
async def fan_out(context: WorkflowContext, size: int) -> int:
    return sum(await asyncio.gather(*(double(context, i, activity_id=f"double:{i}") for i in range(size))))


@workflow(lock_timeout_seconds=10)
async def marked_fan_out(context: WorkflowContext, size: int, marks: str) -> int:
    return sum(await asyncio.gather(*(mark(context, i, marks, activity_id=f"mark:{i}") for i in range(size))))


async def output(app: EddaApp, name: str) -> int:
    """The result of a workflow, once it has ended."""
    while True:
        state = await app.storage.get_instance(name)
        if state["status"] == "completed":
            return state["output_data"]["result"]
        if state["status"] not in ("running", "pending"):
            raise RuntimeError(f"{name} ended badly: {state['status']}")
        await asyncio.sleep(0.01)


async def work(task: Job, app: EddaApp) -> int:
    """Do the workload and give its result."""
    match task.workload:
        case "chain":
            return await output(app, await chain.start(size=task.size))
        case "fan_out":
            return await output(app, await fan_out.start(size=task.size))
        case "many":
            return sum([await output(app, await chain.start(size=5)) for _ in range(task.size)])
        case "killed":
            return await output(app, await marked_fan_out.start(size=task.size, marks=task.marks))
        case "resumed":
            with sqlite3.connect(task.folder / "edda.db") as db:
                (name,) = db.execute("SELECT instance_id FROM workflow_instances").fetchone()
            return await output(app, name)
        case _:
            raise SystemExit("no such workload")


async def main() -> None:
    """Run the job at hand."""
    task = job()
    logging.disable(logging.CRITICAL)
    with sqlite3.connect(task.folder / "edda.db") as db:
        db.execute("PRAGMA journal_mode=WAL")
    app = EddaApp(service_name="bench", db_url=f"sqlite:///{task.folder}/edda.db")
    await app.initialize()
    say("ready")
    await asyncio.to_thread(hear, "go")
    say("done", result=await work(task, app))
    await asyncio.to_thread(hear, "end")


if __name__ == "__main__":
    asyncio.run(main())
