"""Expressions: Every operator and function of the language."""

from . import connector, operations, orchestrator
from .blueprint import bp

__all__ = ["bp", "connector", "operations", "orchestrator"]
