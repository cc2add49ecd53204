"""Minimal:"""

from . import connector, operations, orchestrator
from .blueprint import bp

__all__ = ["bp", "connector", "operations", "orchestrator"]
