"""The blueprint that the functions of types are registered with."""

from runtime.sdk import blueprint

bp = blueprint()
