"""Minimal:"""

from . import operations, orchestrator
from .blueprint import bp

__all__ = ["bp", "operations", "orchestrator"]
