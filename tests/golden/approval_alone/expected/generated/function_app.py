"""The Functions app of An approval alone, generated from approval_alone/workflow.yaml."""
# pyright: reportMissingTypeStubs=false

import azure.durable_functions as df
import azure.functions as func

from runtime.callbacks import callbacks
from runtime.ping import ping
from runtime.sdk import register
from runtime.support import support
from workflows.approval_alone import bp as approval_alone_bp
from workflows.approval_alone.operations import WORKFLOW as APPROVAL_ALONE_WORKFLOW

app = df.DFApp(http_auth_level=func.AuthLevel.FUNCTION)
register(app, approval_alone_bp, support(), callbacks(APPROVAL_ALONE_WORKFLOW), ping())
