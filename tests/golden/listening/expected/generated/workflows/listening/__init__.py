"""Listening: Waits for events, for several people and for a time."""

from . import connector, operations, orchestrator
from .blueprint import bp

__all__ = ["bp", "connector", "operations", "orchestrator"]
