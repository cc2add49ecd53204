# pyright: basic
"""A workflow of every kind of step, whose activities note each run in a file that outlives the process."""

import os
import time
from datetime import timedelta

import azure.durable_functions as df
import azure.functions as func

app = df.DFApp(http_auth_level=func.AuthLevel.ANONYMOUS)
NOTES = os.environ["CRASH_NOTES"]


@app.orchestration_trigger(context_name="context")
def everything(context):
    name, total = context.instance_id, 0
    for i in range(3):
        total += yield context.call_activity("note", f"{name}/chain/{i}")
    done = yield context.task_all([context.call_activity("note", f"{name}/fan/{i}") for i in range(8)])
    total += sum(done)
    context.set_custom_status("waiting")
    answers = []
    for i in range(2):
        answers.append((yield context.wait_for_external_event(f"answer-{i}")))
    yield context.create_timer(context.current_utc_datetime + timedelta(milliseconds=150))
    total += yield context.call_sub_orchestrator("rounds", {"name": name, "left": 2, "total": 0}, f"{name}-child")
    return [total, answers]


@app.orchestration_trigger(context_name="context")
def rounds(context):
    state = context.get_input()
    state["total"] += yield context.call_activity("note", f"{state['name']}/round/{state['left']}")
    if state["left"] == 0:
        return state["total"]
    context.continue_as_new({**state, "left": state["left"] - 1})


@app.activity_trigger(input_name="what")
def note(what: str) -> int:
    handle = os.open(NOTES, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(handle, f"{what}\n".encode())
    os.close(handle)
    time.sleep(0.005)
    return 1
