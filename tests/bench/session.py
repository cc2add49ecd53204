"""A measured program from outside: started in a fresh process, timed by what it says, looked at through /proc."""

import contextlib
import json
import os
import queue
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, cast

MEGABYTE = 1024 * 1024
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


class FailedError(Exception):
    """A program that did not do what it should, or not in time; the text is for the table."""


class Session:
    """One run of a program and whatever it starts, ended with everything in it when the session is closed."""

    def __init__(self, command: Sequence[str]) -> None:
        self._errors: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the session
        self.began = time.perf_counter()
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            start_new_session=True,
        )
        self._pid = self._process.pid
        self._said: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._errors.close()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._said.put((time.perf_counter(), line))
        self._said.put((time.perf_counter(), b""))

    def tell(self, word: str) -> float:
        """Say a word to the program; gives the moment."""
        assert self._process.stdin is not None
        moment = time.perf_counter()
        try:
            self._process.stdin.write(word.encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise FailedError(self._last_words()) from error
        return moment

    def expect(self, at: str, limit: float) -> tuple[float, dict[str, Any]]:
        """Wait until the program says that it is there; gives the moment and what else it says. Raises FailedError."""
        until = time.perf_counter() + limit
        while True:
            try:
                moment, line = self._said.get(timeout=max(0.0, until - time.perf_counter()))
            except queue.Empty:
                raise FailedError(f"over {limit:.0f} s") from None
            if not line:
                raise FailedError(self._last_words())
            with contextlib.suppress(ValueError):
                said: Any = json.loads(line)
                if isinstance(said, dict) and cast("dict[str, Any]", said).get("at") == at:
                    facts = cast("dict[str, Any]", said)
                    self._pid = facts.get("pid") or self._pid
                    return moment, facts

    def _last_words(self) -> str:
        self._process.wait()
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        return f"failed: {lines[-1][:100]}" if lines else f"ended with {self._process.returncode}"

    def kill(self) -> None:
        """End the program and all that it has started, with SIGKILL, and wait until it is gone."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def memory(self) -> float | None:
        """The most memory that it and its children have had resident, in MB; None where there is no /proc."""
        peaks = [_peak(pid) for pid in _tree(self._pid)]
        return sum(peaks) if peaks else None

    def cpu(self) -> float | None:
        """The processor time of the program and its children so far, in seconds; None where there is no /proc."""
        times = [_cpu(pid) for pid in _tree(self._pid)]
        return sum(times) if times else None


def _tree(root: int) -> list[int]:
    """A process and everything below it."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parents[int(folder.name)] = int(_fields(folder)[1])
    found = [root] if root in parents else []
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def _fields(folder: Path) -> list[str]:
    """The fields of a process's stat after its name, which may hold anything."""
    return (folder / "stat").read_text().rpartition(")")[2].split()


def _peak(pid: int) -> float:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / MEGABYTE
    return 0.0


def _cpu(pid: int) -> float:
    with contextlib.suppress(OSError):
        fields = _fields(Path(f"/proc/{pid}"))
        return (int(fields[11]) + int(fields[12])) / TICKS
    return 0.0


def run(command: Sequence[str], limit: float, folder: Path | None = None) -> float:
    """Run a command to its end in a fresh process; gives the seconds. Raises FailedError unless it ends with 0."""
    began = time.perf_counter()
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=limit, cwd=folder)
    except subprocess.TimeoutExpired:
        raise FailedError(f"over {limit:.0f} s") from None
    seconds = time.perf_counter() - began
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()
        raise FailedError(f"failed: {lines[-1][:100] if lines else done.returncode}")
    return seconds
