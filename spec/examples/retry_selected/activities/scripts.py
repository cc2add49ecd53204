"""Scripts of which the text tells how their attempts end: `2 2 0` succeeds at the third, `unsafe 2` must not run twice.

An attempt ends with an exit code, with `slow` (it failed after more than two minutes), or with `gone` (its machine was
shut down); after the last one it goes on like that.
"""

from __future__ import annotations

from typing import TypedDict

ATTEMPTS: dict[str, int] = {}


class Ran(TypedDict):
    """A script that has succeeded."""

    attempts: int


class ScriptFailed(Exception):
    """An exit code above 1."""


class ScriptWrong(Exception):
    """The exit code 1: another attempt would end no other way."""


class TookTooLong(Exception):
    """It failed after more than two minutes."""


class NodeGone(Exception):
    """Its machine was shut down, or taken away."""


def may_repeat(script: str) -> bool:
    """Whether it does no harm to run it twice."""
    return not script.startswith("unsafe")


def run_script(script: str, key: str) -> Ran:
    """The next attempt at a script."""
    ends = script.removeprefix("unsafe").split()
    ATTEMPTS[key] = ATTEMPTS.get(key, 0) + 1
    end = ends[min(ATTEMPTS[key], len(ends)) - 1]
    if end == "slow":
        raise TookTooLong("exit code 2 after 150 s")
    if end == "gone":
        raise NodeGone("imminent node shutdown")
    if end == "1":
        raise ScriptWrong("exit code 1")
    if end != "0":
        raise ScriptFailed(f"exit code {end}")
    return {"attempts": ATTEMPTS[key]}
