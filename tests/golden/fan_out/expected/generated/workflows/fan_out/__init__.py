"""Fan-out: Works on the items of a list, a few at a time."""

from . import activities, connector, operations, orchestrator
from .blueprint import bp

__all__ = ["activities", "bp", "connector", "operations", "orchestrator"]
