"""Installs the public judges of the connector into `.judges`: what `make test` does before the tests, once.

Each judge is installed by itself, from the pins beside this file, and anew when its pins change. One that cannot be had
stops nothing: the reason is printed in a line, and kept for the tests that are skipped for it (see `found.py`).
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
JUDGES = HERE.parents[1] / ".judges"
LIMIT_SECONDS = 300.0


class AbsentError(Exception):
    """A judge cannot be had here; the message is the reason."""


@dataclass(frozen=True)
class Judge:
    """One judge: its name, the files that pin what it is made of, and what makes it in a folder."""

    name: str
    pins: tuple[Path, ...]
    make: Callable[[Path, Sequence[Path]], None]


def python_program(folder: Path, pins: Sequence[Path]) -> None:
    """Makes an environment with exactly the pinned packages: `--no-deps`, for a pin file names all that is needed."""
    run([sys.executable, "-m", "venv", "--without-pip", str(folder)])
    pip = [sys.executable, "-m", "pip", "--python", str(folder), "install", "--quiet", "--disable-pip-version-check"]
    pinned = [one for path in pins for one in ("-r", str(path))]
    run([*pip, "--no-deps", "--no-compile", "--retries", "1", "--timeout", "30", *pinned])


def node_packages(folder: Path, pins: Sequence[Path]) -> None:
    """Fills `node_modules` with exactly the locked packages; none of their own scripts is run."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise AbsentError("npm or node is not on PATH")
    folder.mkdir(parents=True)
    for path in pins:
        shutil.copy(path, folder)
    # A node that is too old for one of the packages is a reason, not a warning.
    quiet = ["--ignore-scripts", "--engine-strict", "--no-audit", "--no-fund", "--no-update-notifier"]
    run([npm, "ci", *quiet, "--fetch-retries=1", "--prefix", str(folder)])


ALL = (
    Judge("paconn", (HERE / "paconn.txt",), python_program),
    Judge("schemathesis", (HERE / "schemathesis.txt",), python_program),
    Judge("npm", (HERE / "npm" / "package.json", HERE / "npm" / "package-lock.json"), node_packages),
)


def run(command: Sequence[str]) -> None:
    """Runs a command; AbsentError with the first line that it calls an error if it fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_SECONDS, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        raise AbsentError(f"{Path(command[0]).name} took more than {LIMIT_SECONDS:.0f} seconds") from None
    if done.returncode:
        lines = [one.strip() for one in (done.stdout + done.stderr).splitlines() if one.strip()]
        told = [one for one in lines if re.match("ERROR|Error|npm error", one)] or lines[-1:]
        raise AbsentError(told[0] if told else f"{Path(command[0]).name} ended with {done.returncode}")


def install(judge: Judge, judges: Path = JUDGES) -> str | None:
    """Installs one judge, unless it is there as it is pinned; why it cannot be had, or None."""
    folder, absent = judges / judge.name, judges / f"{judge.name}.absent"
    digest = hashlib.sha256(b"\0".join(path.read_bytes() for path in judge.pins)).hexdigest()
    stamp = folder / ".pinned"
    if stamp.is_file() and stamp.read_text() == digest:
        return None
    shutil.rmtree(folder, ignore_errors=True)
    judges.mkdir(exist_ok=True)
    try:
        judge.make(folder, judge.pins)
    except (AbsentError, OSError) as failure:
        shutil.rmtree(folder, ignore_errors=True)
        absent.write_text(f"{failure}\n", encoding="utf-8")
        return str(failure)
    absent.unlink(missing_ok=True)
    stamp.write_text(digest)
    return None


def main() -> None:
    """Installs all judges side by side and prints a line for each that cannot be had."""
    with ThreadPoolExecutor() as pool:
        for judge, why in zip(ALL, pool.map(install, ALL), strict=True):
            if why is not None:
                print(f"The tests do without {judge.name}: {why}. To try again: rm -r .judges")


if __name__ == "__main__":
    main()
