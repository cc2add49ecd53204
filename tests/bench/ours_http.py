"""The host workloads on the local host as its users run it: `flowbridge host` in a process of its own, over HTTP.

This program is the client; what is looked at (memory, idle time) is the host.
"""

import asyncio
import os
import re
import sys
from collections.abc import Coroutine, Iterable
from pathlib import Path
from typing import Any

import aiohttp
from dialogue import Job, hear, job, say

APP = Path(__file__).parent / "app"
LONGEST = 3600
LISTENING = re.compile(rb"Listening on (http://\S+)")


class Caller:
    """Calls of the management API."""

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self._session = session
        self._base = f"{base}/runtime/webhooks/durabletask"

    async def run(self, function: str, size: int) -> int:
        """Start an instance and wait for its result."""
        path = f"{self._base}/orchestrators/{function}?timeout={LONGEST}"
        async with self._session.post(path, json={"size": size}) as reply:
            return int(_good(await reply.json(), reply.status == 200))

    async def start(self, function: str, name: str, size: int, **more: str) -> None:
        """Start an instance."""
        body = {"size": size, **more}
        async with self._session.post(f"{self._base}/orchestrators/{function}/{name}", json=body) as reply:
            _good(await reply.text(), reply.status == 202)

    async def raise_event(self, name: str) -> None:
        """Raise the event that a parked instance waits for."""
        async with self._session.post(f"{self._base}/instances/{name}/raiseEvent/go", json=1) as reply:
            _good(await reply.text(), reply.status == 202)

    async def there_is(self, status: str) -> bool:
        """Whether there is an instance of that status."""
        async with self._session.get(f"{self._base}/instances?runtimeStatus={status}&top=1") as reply:
            return bool(await reply.json())

    async def output(self, name: str) -> int:
        """The result of an instance, once it has ended."""
        while True:
            async with self._session.get(f"{self._base}/instances/{name}") as reply:
                state = await reply.json()
            if reply.status == 200:
                return int(_good(state["output"], state["runtimeStatus"] == "Completed"))
            await asyncio.sleep(0.01)


def _good(content: Any, good: bool) -> Any:
    if not good:
        raise RuntimeError(f"the host answered {content}")
    return content


async def together(calls: Iterable[Coroutine[Any, Any, Any]]) -> None:
    """Make these calls, a hundred at one time."""
    room = asyncio.Semaphore(100)

    async def one(call: Coroutine[Any, Any, Any]) -> None:
        async with room:
            await call

    await asyncio.gather(*(one(call) for call in calls))


async def work(task: Job, caller: Caller) -> int:
    """Do the workload and give its result."""
    match task.workload:
        case "chain" | "fan_out":
            return await caller.run(task.workload, task.size)
        case "many":
            return sum(await asyncio.gather(*(caller.run("chain", 5) for _ in range(task.size))))
        case "parked":
            await together(caller.start("parked", f"p{n}", 0) for n in range(task.size))
            while await caller.there_is("Pending"):
                await asyncio.sleep(0.02)
            say("parked")
            await asyncio.to_thread(hear, "on")
            await together(caller.raise_event(f"p{n}") for n in range(task.size))
            while await caller.there_is("Running"):
                await asyncio.sleep(0.02)
            return task.size
        case "killed":
            await caller.start("marked_fan_out", "it", task.size, marks=task.marks)
            return await caller.output("it")
        case _:
            return await caller.output("it")


async def main() -> None:
    """Start the host, and run the job at hand."""
    task = job()
    command = [sys.executable, "-m", "flowbridge", "host", str(APP), "--port", "0", "--data", str(task.folder / "data")]
    server = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    )
    assert server.stdout is not None
    try:
        base = LISTENING.match(await server.stdout.readline())
        if base is None:
            raise RuntimeError("the host does not say where it listens")
        timeout = aiohttp.ClientTimeout(LONGEST)
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=timeout) as session:
            say("ready", pid=server.pid)
            await asyncio.to_thread(hear, "go")
            say("done", result=await work(task, Caller(session, base[1].decode())))
            await asyncio.to_thread(hear, "end")
    finally:
        server.kill()


if __name__ == "__main__":
    asyncio.run(main())
