"""The blueprint that the functions of retries are registered with."""

from runtime.sdk import blueprint

bp = blueprint()
