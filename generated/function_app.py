"""The Functions app of Data processing, generated from spec/data_processing.yaml."""
# pyright: reportMissingTypeStubs=false

import azure.durable_functions as df
import azure.functions as func

from runtime.callbacks import callbacks
from runtime.ping import ping
from runtime.sdk import register
from runtime.support import support
from workflows.data_processing import bp as data_processing_bp
from workflows.data_processing.operations import WORKFLOW as DATA_PROCESSING_WORKFLOW

app = df.DFApp(http_auth_level=func.AuthLevel.FUNCTION)
register(app, data_processing_bp, support(), callbacks(DATA_PROCESSING_WORKFLOW), ping())
