"""Nested fan-out: A list of lists, with what is outside read inside."""

from . import activities, operations, orchestrator
from .blueprint import bp

__all__ = ["activities", "bp", "operations", "orchestrator"]
