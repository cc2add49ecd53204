"""The Functions app of Parts, generated from parts/workflow.yaml."""
# pyright: reportMissingTypeStubs=false

import azure.durable_functions as df
import azure.functions as func

from runtime.callbacks import callbacks
from runtime.ping import ping
from runtime.sdk import register
from runtime.support import support
from workflows.parts import bp as parts_bp
from workflows.parts.operations import WORKFLOW as PARTS_WORKFLOW

app = df.DFApp(http_auth_level=func.AuthLevel.FUNCTION)
register(app, parts_bp, support(), callbacks(PARTS_WORKFLOW), ping())
