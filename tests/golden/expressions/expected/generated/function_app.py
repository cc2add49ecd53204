"""The Functions app of Expressions, generated from expressions/workflow.yaml."""
# pyright: reportMissingTypeStubs=false

import azure.durable_functions as df
import azure.functions as func

from runtime.callbacks import callbacks
from runtime.ping import ping
from runtime.sdk import register
from runtime.support import support
from workflows.expressions import bp as expressions_bp
from workflows.expressions.operations import WORKFLOW as EXPRESSIONS_WORKFLOW

app = df.DFApp(http_auth_level=func.AuthLevel.FUNCTION)
register(app, expressions_bp, support(), callbacks(EXPRESSIONS_WORKFLOW), ping())
