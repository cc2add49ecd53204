"""Where the public judges of the connector are, for the tests; a test of one that is not there is skipped."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

JUDGES = Path(__file__).resolve().parents[2] / ".judges"


def found(judge: str, variable: str, inside: str) -> Path:
    """The path that an environment variable names, else that of what `make test` has installed; it skips the test."""
    if given := os.environ.get(variable):
        return Path(given)
    path = JUDGES / judge / inside
    if path.exists():
        return path
    absent = JUDGES / f"{judge}.absent"
    why = absent.read_text(encoding="utf-8").strip() if absent.is_file() else "make test installs it"
    pytest.skip(f"{judge} is not there and {variable} names none: {why}")
