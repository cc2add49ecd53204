"""The blueprint that the functions of listening are registered with."""

from runtime.sdk import blueprint

bp = blueprint()
