"""The rules of a connector's definition, for any definition: what Microsoft's validator asks for, and its designers do.

A rule carries the id under which Microsoft publishes it, where there is one; its basis says who asks for it.
"""

from __future__ import annotations

from flowbridge.lint.lint import Finding, lint_definition, lint_text

__all__ = ["Finding", "lint_definition", "lint_text"]
