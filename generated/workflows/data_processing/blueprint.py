"""The blueprint that the functions of data_processing are registered with."""

from runtime.sdk import blueprint

bp = blueprint()
