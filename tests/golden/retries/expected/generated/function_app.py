"""The Functions app of Retries, generated from retries/workflow.yaml."""
# pyright: reportMissingTypeStubs=false

import azure.durable_functions as df
import azure.functions as func

from runtime.callbacks import callbacks
from runtime.ping import ping
from runtime.sdk import register
from runtime.support import support
from workflows.retries import bp as retries_bp
from workflows.retries.operations import WORKFLOW as RETRIES_WORKFLOW

app = df.DFApp(http_auth_level=func.AuthLevel.FUNCTION)
register(app, retries_bp, support(), callbacks(RETRIES_WORKFLOW), ping())
