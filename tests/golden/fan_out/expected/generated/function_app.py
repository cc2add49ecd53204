"""The Functions app of Fan-out, generated from fan_out/workflow.yaml."""
# pyright: reportMissingTypeStubs=false

import azure.durable_functions as df
import azure.functions as func

from runtime.callbacks import callbacks
from runtime.ping import ping
from runtime.sdk import register
from runtime.support import support
from workflows.fan_out import bp as fan_out_bp
from workflows.fan_out.operations import WORKFLOW as FAN_OUT_WORKFLOW

app = df.DFApp(http_auth_level=func.AuthLevel.FUNCTION)
register(app, fan_out_bp, support(), callbacks(FAN_OUT_WORKFLOW), ping())
