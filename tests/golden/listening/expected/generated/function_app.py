"""The Functions app of Listening, generated from listening/workflow.yaml."""
# pyright: reportMissingTypeStubs=false

import azure.durable_functions as df
import azure.functions as func

from runtime.callbacks import callbacks
from runtime.ping import ping
from runtime.sdk import register
from runtime.support import support
from workflows.listening import bp as listening_bp
from workflows.listening.operations import WORKFLOW as LISTENING_WORKFLOW

app = df.DFApp(http_auth_level=func.AuthLevel.FUNCTION)
register(app, listening_bp, support(), callbacks(LISTENING_WORKFLOW), ping())
