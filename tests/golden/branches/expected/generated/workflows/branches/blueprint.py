"""The blueprint that the functions of branches are registered with."""

from runtime.sdk import blueprint

bp = blueprint()
