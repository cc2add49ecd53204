"""The blueprint that the functions of minimal are registered with."""

from runtime.sdk import blueprint

bp = blueprint()
