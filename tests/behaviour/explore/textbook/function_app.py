"""The textbook form of what the runtime's patterns replace: each of these hangs, lies or lingers on the real engine."""
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownParameterType=false, reportUnknownArgumentType=false, reportMissingParameterType=false
# pyright: reportUntypedFunctionDecorator=false

from datetime import timedelta

import azure.durable_functions as df

app = df.DFApp()


@app.orchestration_trigger(context_name="context")
def approval_of_seven_days(context):
    """S1: one event against one timer of seven days."""
    timer = context.create_timer(context.current_utc_datetime + timedelta(days=7))
    event = context.wait_for_external_event("answer")
    winner = yield context.task_any([event, timer])
    if winner == event:
        timer.cancel()
        return (yield context.call_activity("work", "approved"))
    return (yield context.call_activity("work", "timed out"))


@app.orchestration_trigger(context_name="context")
def retries_side_by_side(context):
    """S3: the engine's own retries in a task_all, and what fails is caught."""
    options = df.RetryOptions(1000, 3)
    try:
        yield context.task_all(
            [context.call_activity("work", "a"), context.call_activity_with_retry("work", options, "b")]
        )
    except Exception:
        return (yield context.call_activity("undo_work", "undone"))
    return (yield context.call_activity("work", "done"))


@app.orchestration_trigger(context_name="context")
def two_answers(context):
    """S6: two waits for one event name, one after the other."""
    yield context.call_activity("work", "asked")
    first = yield context.wait_for_external_event("answer")
    second = yield context.wait_for_external_event("answer")
    return [first, second]


@app.orchestration_trigger(context_name="context")
def two_of_three(context):
    """S8: the waits that are left are yielded again together with a new one."""
    left = [context.wait_for_external_event(name) for name in ("ann", "bob")]
    first = yield context.task_any(left)
    left.remove(first)
    left.append(context.wait_for_external_event("cat"))
    second = yield context.task_any(left)
    yield context.call_activity("work", "agreed")
    return [first.result, second.result]


@app.orchestration_trigger(context_name="context")
def with_a_limit(context):
    """S9: a time limit around an activity, whose timer nobody cancels."""
    timer = context.create_timer(context.current_utc_datetime + timedelta(hours=1))
    task = context.call_activity("work", "in time")
    winner = yield context.task_any([task, timer])
    return task.result if winner == task else "timed out"


@app.activity_trigger(input_name="payload")
def work(payload: object) -> object:
    """Only its name counts: the explorer answers in its place."""
    raise NotImplementedError


@app.activity_trigger(input_name="payload")
def undo_work(payload: object) -> object:
    """Only its name counts: the explorer answers in its place."""
    raise NotImplementedError
