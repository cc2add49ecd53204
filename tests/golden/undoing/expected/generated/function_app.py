"""The Functions app of Undoing, generated from undoing/workflow.yaml."""
# pyright: reportMissingTypeStubs=false

import azure.durable_functions as df
import azure.functions as func

from runtime.callbacks import callbacks
from runtime.ping import ping
from runtime.sdk import register
from runtime.support import support
from workflows.undoing import bp as undoing_bp
from workflows.undoing.operations import WORKFLOW as UNDOING_WORKFLOW

app = df.DFApp(http_auth_level=func.AuthLevel.FUNCTION)
register(app, undoing_bp, support(), callbacks(UNDOING_WORKFLOW), ping())
