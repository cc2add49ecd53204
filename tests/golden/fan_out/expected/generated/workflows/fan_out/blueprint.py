"""The blueprint that the functions of fan_out are registered with."""

from runtime.sdk import blueprint

bp = blueprint()
