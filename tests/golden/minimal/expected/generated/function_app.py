"""The Functions app of Minimal, generated from minimal/workflow.yaml."""
# pyright: reportMissingTypeStubs=false

import azure.durable_functions as df
import azure.functions as func

from runtime.callbacks import callbacks
from runtime.ping import ping
from runtime.sdk import register
from runtime.support import support
from workflows.minimal import bp as minimal_bp
from workflows.minimal.operations import WORKFLOW as MINIMAL_WORKFLOW

app = df.DFApp(http_auth_level=func.AuthLevel.FUNCTION)
register(app, minimal_bp, support(), callbacks(MINIMAL_WORKFLOW), ping())
