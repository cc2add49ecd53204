# pyright: basic
"""The host workloads as an app of the SDK: a chain, a fan-out, a wait for an event, and a fan-out that leaves marks."""

import os

import azure.durable_functions as df
import azure.functions as func

app = df.DFApp(http_auth_level=func.AuthLevel.ANONYMOUS)


@app.orchestration_trigger(context_name="context")
def chain(context):
    total = 0
    for _ in range(context.get_input()["size"]):
        total = yield context.call_activity("increment", total)
    return total


@app.orchestration_trigger(context_name="context")
def fan_out(context):
    size = context.get_input()["size"]
    results = yield context.task_all([context.call_activity("double", i) for i in range(size)])
    return sum(results)


@app.orchestration_trigger(context_name="context")
def marked_fan_out(context):
    asked = context.get_input()
    size, marks = asked["size"], asked["marks"]
    results = yield context.task_all([context.call_activity("mark", [i, marks]) for i in range(size)])
    return sum(results)


@app.orchestration_trigger(context_name="context")
def parked(context):
    return (yield context.wait_for_external_event("go"))


@app.activity_trigger(input_name="number")
def increment(number: int) -> int:
    return number + 1


@app.activity_trigger(input_name="number")
def double(number: int) -> int:
    return 2 * number


@app.activity_trigger(input_name="what")
def mark(what: list) -> int:
    number, marks = what
    handle = os.open(marks, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(handle, b".")
    os.close(handle)
    return 2 * number
