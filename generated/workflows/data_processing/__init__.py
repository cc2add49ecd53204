"""Data processing: Checks a data source, processes it in batches, writes a report and has a person approve it."""

from . import activities, connector, operations, orchestrator
from .blueprint import bp

__all__ = ["activities", "bp", "connector", "operations", "orchestrator"]
