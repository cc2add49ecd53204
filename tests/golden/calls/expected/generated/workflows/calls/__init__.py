"""Calls: Calls functions of every form."""

from . import activities, operations, orchestrator
from .blueprint import bp

__all__ = ["activities", "bp", "operations", "orchestrator"]
