"""Branches: Steps that may not run, and results that are read under a guard."""

from . import activities, connector, operations, orchestrator
from .blueprint import bp

__all__ = ["activities", "bp", "connector", "operations", "orchestrator"]
