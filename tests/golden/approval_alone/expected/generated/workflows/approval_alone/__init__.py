"""An approval alone: A timeout or a rejection fails the workflow where nothing else is said."""

from . import connector, operations, orchestrator
from .blueprint import bp

__all__ = ["bp", "connector", "operations", "orchestrator"]
