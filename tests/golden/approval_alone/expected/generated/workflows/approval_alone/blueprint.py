"""The blueprint that the functions of approval_alone are registered with."""

from runtime.sdk import blueprint

bp = blueprint()
