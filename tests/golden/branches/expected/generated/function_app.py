"""The Functions app of Branches, generated from branches/workflow.yaml."""
# pyright: reportMissingTypeStubs=false

import azure.durable_functions as df
import azure.functions as func

from runtime.callbacks import callbacks
from runtime.ping import ping
from runtime.sdk import register
from runtime.support import support
from workflows.branches import bp as branches_bp
from workflows.branches.operations import WORKFLOW as BRANCHES_WORKFLOW

app = df.DFApp(http_auth_level=func.AuthLevel.FUNCTION)
register(app, branches_bp, support(), callbacks(BRANCHES_WORKFLOW), ping())
