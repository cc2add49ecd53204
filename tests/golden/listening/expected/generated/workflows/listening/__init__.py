"""Listening: Waits for events, for several people and for a time."""

from . import operations, orchestrator
from .blueprint import bp

__all__ = ["bp", "operations", "orchestrator"]
