"""The Functions app of Calls, generated from calls/workflow.yaml."""
# pyright: reportMissingTypeStubs=false

import azure.durable_functions as df
import azure.functions as func

from runtime.callbacks import callbacks
from runtime.ping import ping
from runtime.sdk import register
from runtime.support import support
from workflows.calls import bp as calls_bp
from workflows.calls.operations import WORKFLOW as CALLS_WORKFLOW

app = df.DFApp(http_auth_level=func.AuthLevel.FUNCTION)
register(app, calls_bp, support(), callbacks(CALLS_WORKFLOW), ping())
