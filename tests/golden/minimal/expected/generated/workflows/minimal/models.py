"""The types of minimal, as they go over the wire; what was left out is None."""

from __future__ import annotations

from typing import TypedDict


class MinimalInput(TypedDict):
    """What minimal is started with."""
