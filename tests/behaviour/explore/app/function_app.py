"""An app of all explored workflows, with the functions that the runtime calls by name."""
# pyright: reportMissingTypeStubs=false

import azure.durable_functions as df
from tests.behaviour.explore.workflows import approvals, callbacks, calls, children, fan_outs, nested, stopping, waits

from flowbridge.runtime.sdk import register
from flowbridge.runtime.support import support

app = df.DFApp()
explored = (approvals, callbacks, calls, children, fan_outs, nested, stopping, waits)
register(app, *(one.bp for one in explored), support())


@app.activity_trigger(input_name="payload")
def work(payload: object) -> object:
    """Only its name counts: the explorer answers in its place."""
    raise NotImplementedError


@app.activity_trigger(input_name="payload")
def undo_work(payload: object) -> object:
    """Only its name counts: the explorer answers in its place."""
    raise NotImplementedError
