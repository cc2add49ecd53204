"""Killed at any moment and started again, the host finishes every instance, and keeps what it has acknowledged.

FLOWBRIDGE_KILLS says how many times the process is killed (default 200), FLOWBRIDGE_SEED where.
"""

import json
import os
import random
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
KILLS = int(os.environ.get("FLOWBRIDGE_KILLS", "200"))
SEED = int(os.environ.get("FLOWBRIDGE_SEED", "20"))
INSTANCES = 24
AT_WORK = 8  # maxConcurrentActivityFunctions of the app
START = """
import sys
from pathlib import Path
from flowbridge.host.options import HostOptions
from flowbridge.host.server import serve
options = HostOptions(Path(sys.argv[1]), Path(sys.argv[2]), port=0)
raise SystemExit(serve(options, ready=lambda url: print(url, flush=True)))
"""


class Process:
    """A host in a process of its own."""

    def __init__(self, data: Path, notes: Path) -> None:
        paths = [str(HERE.parents[1] / "generator"), os.environ.get("PYTHONPATH", "")]
        self.process = subprocess.Popen(
            [sys.executable, "-c", START, str(HERE / "crash"), str(data)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "CRASH_NOTES": str(notes)},
        )
        assert self.process.stdout is not None
        self.base = self.process.stdout.readline().strip() + "/runtime/webhooks/durabletask"

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """One request; 0 when the host is gone."""
        data = json.dumps(body).encode() if method == "POST" else None
        headers = {"Content-Type": "application/json"}
        call = urllib.request.Request(self.base + path, data=data, method=method, headers=headers)
        try:
            with urllib.request.urlopen(call, timeout=20) as reply:
                text = reply.read()
                return reply.status, json.loads(text) if text else None
        except urllib.error.HTTPError as reply:
            with reply:
                return reply.code, None
        except (OSError, ValueError):
            return 0, None

    def status(self, name: str) -> dict[str, Any]:
        """An instance's status, empty where there is none."""
        return self.ask("GET", f"/instances/{name}")[1] or {}

    def end(self, *, kill: bool) -> int:
        """Stop it, or kill it; gives the exit code."""
        if kill:
            self.process.kill()
        else:
            self.process.terminate()
        code = self.process.wait(timeout=20)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


class Driver:
    """Starts what is not started and answers what waits, until the time is up; notes what was acknowledged."""

    def __init__(self) -> None:
        self.started: set[str] = set()
        self.answered: set[tuple[str, int]] = set()

    def drive(self, host: Process, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.turn(host)
            time.sleep(0.005)

    def turn(self, host: Process) -> bool:
        """One round; True when every instance is complete."""
        for name in (f"i{n}" for n in range(INSTANCES)):
            if name not in self.started:
                code, _ = host.ask("POST", f"/orchestrators/everything/{name}", {"n": 1})
                if code in (202, 409):
                    self.started.add(name)
                break
        _, states = host.ask("GET", "/instances?top=1000")
        complete = 0
        found: list[dict[str, Any]] = states or []
        for state in found:
            name = state["instanceId"]
            complete += state["name"] == "everything" and state["runtimeStatus"] == "Completed"
            for i in range(2):
                waits = state["customStatus"] == "waiting" and state["runtimeStatus"] == "Running"
                if waits and (name, i) not in self.answered:
                    code, _ = host.ask("POST", f"/instances/{name}/raiseEvent/answer-{i}", {"n": i})
                    if code == 202:
                        self.answered.add((name, i))
        return complete == INSTANCES


def test_killed_again_and_again(tmp_path: Path) -> None:
    chance, driver = random.Random(SEED), Driver()
    data, notes = tmp_path / "data", tmp_path / "notes.txt"
    for _ in range(KILLS):
        host = Process(data, notes)
        driver.drive(host, chance.uniform(0.02, 0.5))
        host.end(kill=True)
    host = Process(data, notes)
    until = time.monotonic() + 60
    try:
        while not driver.turn(host):
            assert time.monotonic() < until, host.ask("GET", "/instances?top=1000")
        results = [host.status(f"i{n}") for n in range(INSTANCES)]
    finally:
        code = host.end(kill=False)
    assert code == 0
    assert [r["output"] for r in results] == [[14, [{"n": 0}, {"n": 1}]]] * INSTANCES
    runs = Counter(notes.read_text().splitlines())
    assert len(runs) == INSTANCES * 14
    again = sum(runs.values()) - len(runs)
    assert again <= KILLS * AT_WORK, "an activity ran again whose end was stored"


def test_what_is_acknowledged_is_kept(tmp_path: Path) -> None:
    """A start and an event are stored before the 202: killed right after it, nothing is lost."""
    data, notes = tmp_path / "data", tmp_path / "notes.txt"
    host = Process(data, notes)
    assert host.ask("POST", "/orchestrators/everything/one")[0] == 202
    until = time.monotonic() + 20
    while host.status("one").get("customStatus") != "waiting":
        assert time.monotonic() < until
    assert host.ask("POST", "/instances/one/raiseEvent/answer-0", "kept")[0] == 202
    host.end(kill=True)
    host = Process(data, notes)
    try:
        assert host.ask("POST", "/instances/one/raiseEvent/answer-1", "too")[0] == 202
        while host.status("one").get("runtimeStatus") != "Completed":
            assert time.monotonic() < until
        assert host.status("one")["output"] == [14, ["kept", "too"]]
    finally:
        host.end(kill=False)
