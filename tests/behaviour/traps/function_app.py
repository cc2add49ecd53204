# pyright: basic
"""Textbook programs that hang or lie on Azure, named after the pattern, and right ones that look like them."""

import random
import time
from datetime import timedelta, timezone

import azure.durable_functions as df
import azure.functions as func

app = df.DFApp(http_auth_level=func.AuthLevel.ANONYMOUS)


def seconds(context, n):
    return context.create_timer(context.current_utc_datetime + timedelta(seconds=n))


# ---- traps
@app.orchestration_trigger(context_name="context")
def s1_race_with_long_timer(context):
    timer = seconds(context, 7 * 86_400)
    yield context.task_any([context.wait_for_external_event("A"), timer])


@app.orchestration_trigger(context_name="context")
def s3_same_activity(context):
    """The retried activity and the next one have the same name, so that the mix-up shows in no name."""
    try:
        yield context.task_all(
            [
                context.call_activity("boom", 0),
                context.call_activity_with_retry("flaky", df.RetryOptions(300, 3), context.instance_id),
            ]
        )
    except Exception:
        return (yield context.call_activity("flaky", "other"))


@app.orchestration_trigger(context_name="context")
def s6_two_waits(context):
    yield context.call_activity("nap", 2)
    first = yield context.wait_for_external_event("A")
    second = yield context.wait_for_external_event("A")
    return [first, second]


@app.orchestration_trigger(context_name="context")
def s6_act_between(context):
    got = []
    for _ in range(2):
        got.append((yield context.wait_for_external_event("A")))
        yield context.call_activity("nap", 2)
    return got


@app.orchestration_trigger(context_name="context")
def s7_case(context):
    yield context.call_activity("nap", 2)
    return (yield context.wait_for_external_event("approval"))


@app.orchestration_trigger(context_name="context")
def s8_new_event(context):
    a, b = context.wait_for_external_event("A"), context.wait_for_external_event("B")
    yield context.task_any([a, b])
    c = context.wait_for_external_event("C")
    yield context.task_any([b, c])
    return (yield context.call_activity("echo", "next"))


@app.orchestration_trigger(context_name="context")
def s8_new_timer(context):
    a, b = context.wait_for_external_event("A"), context.wait_for_external_event("B")
    yield context.task_any([a, b])
    reminder = seconds(context, 3600)
    yield context.task_any([b, reminder])
    yield context.call_activity("echo", "too late")
    reminder.cancel()


@app.orchestration_trigger(context_name="context")
def s8_failed_all_holds(context):
    try:
        yield context.task_all([context.call_activity("boom", 0), context.wait_for_external_event("A")])
    except Exception:
        return (yield context.call_activity("echo", "compensated"))


@app.orchestration_trigger(context_name="context")
def s9_open_timer(context):
    yield context.task_any([context.wait_for_external_event("A"), seconds(context, 3600)])
    return "done"


@app.orchestration_trigger(context_name="context")
def s9_open_activity(context):
    yield context.task_any([context.call_activity("echo", 1), context.call_activity("nap", 5)])
    return "done"


@app.orchestration_trigger(context_name="context")
def s9_open_child(context):
    yield context.task_any([context.call_activity("echo", 1), context.call_sub_orchestrator("napping", 5)])
    return "done"


@app.orchestration_trigger(context_name="context")
def s9_fails_with_open_timer(context):
    yield context.task_any([context.call_activity("echo", 1), seconds(context, 3600)])
    raise ValueError("the real trouble")


@app.orchestration_trigger(context_name="context")
def s13_not_utc(context):
    end = (context.current_utc_datetime + timedelta(seconds=5)).astimezone(timezone(timedelta(hours=2)))
    yield context.create_timer(end)


@app.orchestration_trigger(context_name="context")
async def s14_async(context):
    return context.instance_id


@app.orchestration_trigger(context_name="context")
def s15_call_http(context):
    yield context.call_http("GET", "http://127.0.0.1:1/")


@app.orchestration_trigger(context_name="context")
def s16_interval(context):
    yield context.call_activity_with_retry("echo", df.RetryOptions(7 * 86_400_000, 2), 1)


@app.orchestration_trigger(context_name="context")
def s17_again(context):
    if context.get_input()["n"] == 0:
        return (yield context.wait_for_external_event("A"))
    yield context.call_activity("nap", 2)
    context.continue_as_new({"n": 0})


@app.orchestration_trigger(context_name="context")
def s19_activity(context):
    yield context.task_all([context.call_activity("echo", 1), context.call_activity("no_such", 1)])


@app.orchestration_trigger(context_name="context")
def s19_child(context):
    yield context.call_sub_orchestrator("no_such", 1)


@app.orchestration_trigger(context_name="context")
def s20_all(context):
    yield context.call_activity("echo", 1)
    return (yield context.task_all([]))


@app.orchestration_trigger(context_name="context")
def s20_any(context):
    return (yield context.task_any([]))


@app.orchestration_trigger(context_name="context")
def s22_status(context):
    context.set_custom_status({"text": "ä" * 8_190})
    yield context.call_activity("echo", 1)


@app.orchestration_trigger(context_name="context")
def entity_call(context):
    yield context.call_entity(df.EntityId("counter", "one"), "add", 1)


@app.orchestration_trigger(context_name="context")
def s23_random_name(context):
    """Another name at every replay."""
    yield context.call_activity(pick(), 0)
    return 1


picks = iter(["echo", "nap"] * 100)


def pick():
    return next(picks)


@app.orchestration_trigger(context_name="context")
def s23_random_output(context):
    yield context.call_activity("echo", 1)
    return random.random()


@app.orchestration_trigger(context_name="context")
def s23_clock_in_input(context):
    yield context.call_activity("echo", time.perf_counter_ns())
    return "x"


# ---- right ones
@app.orchestration_trigger(context_name="context")
def right_fail_fast(context):
    try:
        yield context.task_all([context.call_activity("boom", 0), context.call_activity("nap", 3)])
    except Exception:
        return (yield context.call_activity("echo", "compensated"))


@app.orchestration_trigger(context_name="context")
def right_cancelled_timer(context):
    event, timer = context.wait_for_external_event("A"), seconds(context, 5 * 86_400)
    winner = yield context.task_any([event, timer])
    if winner == event:
        timer.cancel()
    return (yield context.call_activity("echo", "next"))


@app.orchestration_trigger(context_name="context")
def right_clicked_twice(context):
    """One wait; an answer that comes early and twice is no reason to fail."""
    yield context.call_activity("nap", 2)
    return (yield context.wait_for_external_event("A"))


@app.orchestration_trigger(context_name="context")
def right_long_sleep(context):
    yield seconds(context, 8 * 86_400)
    return "woke"


@app.orchestration_trigger(context_name="context")
def right_uninvited_event(context):
    """Somebody raises an event that nobody ever awaits, and the orchestration continues as new."""
    yield context.call_activity("nap", 2)
    if context.get_input()["n"]:
        context.continue_as_new({"n": context.get_input()["n"] - 1})
        return None
    return "end"


@app.orchestration_trigger(context_name="context")
def right_old_wins_over_activity(context):
    """A wait is yielded again beside an activity: the activity ends by itself."""
    a, b = context.wait_for_external_event("A"), context.wait_for_external_event("B")
    yield context.task_any([a, b])
    work = context.call_activity("nap", 3)
    yield context.task_any([b, work])
    yield work
    return (yield context.call_activity("echo", "next"))


@app.orchestration_trigger(context_name="context")
def right_nested(context):
    inner = context.task_all([context.call_activity("echo", 1), context.call_activity("echo", 2)])
    timer = seconds(context, 60)
    winner = yield context.task_any([inner, timer])
    timer.cancel()
    return winner == inner


@app.orchestration_trigger(context_name="context")
def right_many_done(context):
    """Yields 400 tasks of one fan-out one after the other, all of them done by the time."""
    tasks = [context.call_activity("echo", i) for i in range(400)]
    yield context.task_all(tasks)
    total = 0
    for task in tasks:
        total += yield task
    return total


@app.orchestration_trigger(context_name="context")
def right_retry_in_all(context):
    options = df.RetryOptions(300, 3)
    return (
        yield context.task_all(
            [context.call_activity_with_retry("flaky", options, f"{context.instance_id}{i}") for i in range(3)]
        )
    )


@app.orchestration_trigger(context_name="context")
def right_child_again(context):
    """A child that continues as new keeps its parent."""
    return (yield context.call_sub_orchestrator("countdown", {"n": 3}))


@app.orchestration_trigger(context_name="context")
def countdown(context):
    n = context.get_input()["n"]
    yield context.call_activity("echo", n)
    if n == 0:
        return "child is done"
    context.continue_as_new({"n": n - 1})


@app.orchestration_trigger(context_name="context")
def napping(context):
    return (yield context.call_activity("nap", context.get_input()))


# ---- activities
@app.activity_trigger(input_name="x")
def echo(x):
    return x


@app.activity_trigger(input_name="x")
def nap(x):
    time.sleep(float(x))
    return x


@app.activity_trigger(input_name="x")
def boom(x):
    raise RuntimeError("boom")


attempts = {}


@app.activity_trigger(input_name="x")
def flaky(x):
    attempts[x] = attempts.get(x, 0) + 1
    if attempts[x] < 3 and x != "other":
        raise RuntimeError(f"attempt {attempts[x]}")
    return x
