"""Retries: Calls that fail a number of times, under every form of policy."""

from . import activities, connector, operations, orchestrator
from .blueprint import bp

__all__ = ["activities", "bp", "connector", "operations", "orchestrator"]
