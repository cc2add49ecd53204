"""The blueprint that the functions of undoing are registered with."""

from runtime.sdk import blueprint

bp = blueprint()
