"""The blueprint that the functions of expressions are registered with."""

from runtime.sdk import blueprint

bp = blueprint()
