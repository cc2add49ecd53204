"""The blueprint that the functions of calls are registered with."""

from runtime.sdk import blueprint

bp = blueprint()
