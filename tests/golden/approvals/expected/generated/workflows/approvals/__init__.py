"""Approvals: Two approvals, each with its own ways out."""

from . import activities, operations, orchestrator
from .blueprint import bp

__all__ = ["activities", "bp", "operations", "orchestrator"]
