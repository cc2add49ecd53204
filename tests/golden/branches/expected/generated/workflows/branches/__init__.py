"""Branches: Steps that may not run, and results that are read under a guard."""

from . import activities, operations, orchestrator
from .blueprint import bp

__all__ = ["activities", "bp", "operations", "orchestrator"]
