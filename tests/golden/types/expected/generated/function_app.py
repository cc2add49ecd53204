"""The Functions app of Types, generated from types/workflow.yaml."""
# pyright: reportMissingTypeStubs=false

import azure.durable_functions as df
import azure.functions as func

from runtime.callbacks import callbacks
from runtime.ping import ping
from runtime.sdk import register
from runtime.support import support
from workflows.types import bp as types_bp
from workflows.types.operations import WORKFLOW as TYPES_WORKFLOW

app = df.DFApp(http_auth_level=func.AuthLevel.FUNCTION)
register(app, types_bp, support(), callbacks(TYPES_WORKFLOW), ping())
