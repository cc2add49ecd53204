"""Options of the test run."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the options that rewrite what tests expect, for a reviewer to read as a diff."""
    parser.addoption("--update-broken", action="store_true", help="rewrite the expected messages of tests/broken")
