# pyright: basic
"""One orchestrator that performs whatever program its input holds: a list of steps over named tasks."""

import time
from datetime import timedelta

import azure.durable_functions as df
import azure.functions as func

app = df.DFApp(http_auth_level=func.AuthLevel.ANONYMOUS)


def make(context, step):
    kind, value = step["kind"], step.get("value")
    match kind:
        case "activity":
            return context.call_activity("nap", value)
        case "failing":
            return context.call_activity("fail", value)
        case "retry":
            return context.call_activity_with_retry("fail_twice", df.RetryOptions(700, 3), value)
        case "timer":
            return context.create_timer(context.current_utc_datetime + timedelta(seconds=value))
        case "event":
            return context.wait_for_external_event(value)
        case "child":
            return context.call_sub_orchestrator("child", value, f"{context.instance_id}-{step['name']}")
    raise ValueError(kind)


@app.orchestration_trigger(context_name="context")
def perform(context):
    program, tasks, notes = context.get_input(), {}, []
    for step in program["steps"]:
        match step["do"]:
            case "make":
                tasks[step["name"]] = make(context, step)
            case "cancel":
                task = tasks[step["of"][0]]
                if hasattr(task, "cancel") and not task.is_completed:
                    task.cancel()
            case "status":
                context.set_custom_status({"at": len(notes)})
            case how:
                chosen = [tasks[name] for name in step["of"]]
                try:
                    if how == "any":
                        winner = yield context.task_any(chosen)
                        notes.append(["any", [task == winner for task in chosen]])
                    elif how == "all":
                        notes.append(["all", (yield context.task_all(chosen))])
                    else:
                        notes.append(["one", (yield chosen[0])])
                except Exception as error:
                    notes.append(["failed", str(error)[:60]])
    if program.get("turns"):
        context.continue_as_new({**program, "turns": program["turns"] - 1})
        return None
    return notes


@app.orchestration_trigger(context_name="context")
def child(context):
    return (yield context.call_activity("nap", context.get_input()))


@app.activity_trigger(input_name="x")
def nap(x):
    time.sleep(x)
    return x


@app.activity_trigger(input_name="x")
def fail(x):
    time.sleep(x)
    raise RuntimeError(f"after {x}")


attempts = {}


@app.activity_trigger(input_name="x")
def fail_twice(x):
    time.sleep(x)
    attempts[x] = attempts.get(x, 0) + 1
    if attempts[x] < 3:
        raise RuntimeError(f"attempt {attempts[x]}")
    return x
