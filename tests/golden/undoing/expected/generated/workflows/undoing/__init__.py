"""Undoing: A journey that is booked step by step, and undone in reverse order."""

from . import activities, connector, operations, orchestrator
from .blueprint import bp

__all__ = ["activities", "bp", "connector", "operations", "orchestrator"]
