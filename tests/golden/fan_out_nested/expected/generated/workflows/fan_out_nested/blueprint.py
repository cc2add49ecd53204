"""The blueprint that the functions of fan_out_nested are registered with."""

from runtime.sdk import blueprint

bp = blueprint()
