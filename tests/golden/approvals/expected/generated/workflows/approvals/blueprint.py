"""The blueprint that the functions of approvals are registered with."""

from runtime.sdk import blueprint

bp = blueprint()
