"""The blueprint that the functions of parts are registered with."""

from runtime.sdk import blueprint

bp = blueprint()
