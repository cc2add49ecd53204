"""YAML in, `Workflow` out: document, shape, expressions, types and binding."""

from flowbridge.read.workflow import read_workflow

__all__ = ["read_workflow"]
