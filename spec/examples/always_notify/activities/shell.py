"""A shell with two commands, and letters, in memory."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

MAILS: list[tuple[str, str]] = []
SHOUTS: list[str] = []


class Printed(TypedDict):
    """What a command printed."""

    printed: str


class NonZeroExit(Exception):
    """A command failed."""


def run_command(command: str) -> Printed:
    """Runs `echo …`, or `exit n`."""
    name, _, rest = command.partition(" ")
    if name == "echo":
        return {"printed": rest}
    raise NonZeroExit(f"{command}: exit code {rest if name == 'exit' else 127}")


def send_mail(
    to: str,
    name: str,
    status: str,
    started: str,
    ended: str,
    failed_step: str | None = None,
    message: str | None = None,
) -> None:
    """Writes how a run ended, and how long it took."""
    took = datetime.fromisoformat(ended) - datetime.fromisoformat(started)
    failure = "" if message is None else f"; step {failed_step}: {message}"
    MAILS.append((to, f"{name}: {status} after {took}{failure}"))


def celebrate() -> None:
    """Hooray."""
    SHOUTS.append("hooray")


def cry() -> None:
    """Oh no."""
    SHOUTS.append("oh no")
