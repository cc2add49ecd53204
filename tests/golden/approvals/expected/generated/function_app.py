"""The Functions app of Approvals, generated from approvals/workflow.yaml."""
# pyright: reportMissingTypeStubs=false

import azure.durable_functions as df
import azure.functions as func

from runtime.callbacks import callbacks
from runtime.ping import ping
from runtime.sdk import register
from runtime.support import support
from workflows.approvals import bp as approvals_bp
from workflows.approvals.operations import WORKFLOW as APPROVALS_WORKFLOW

app = df.DFApp(http_auth_level=func.AuthLevel.FUNCTION)
register(app, approvals_bp, support(), callbacks(APPROVALS_WORKFLOW), ping())
