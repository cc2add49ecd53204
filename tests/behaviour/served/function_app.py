# pyright: basic
"""HTTP functions of every kind, and one that makes each call of the durable client."""

import asyncio
import json
import os
import urllib.request
from datetime import datetime, timedelta

import azure.durable_functions as df
import azure.functions as func
from steps import NAME

app = df.DFApp(http_auth_level=func.AuthLevel.FUNCTION)
OPEN = func.AuthLevel.ANONYMOUS


@app.route(route="plain/{name}/{count:int}", methods=["GET", "POST"], auth_level=OPEN)
def plain(req: func.HttpRequest) -> func.HttpResponse:
    seen = {
        "method": req.method,
        "url": req.url,
        "route": dict(req.route_params),
        "params": dict(req.params),
        "header": req.headers.get("X-Thing"),
        "body": req.get_body().decode(),
        "module": NAME,
    }
    return func.HttpResponse(json.dumps(seen), mimetype="application/json", status_code=201, headers={"X-Made": "yes"})


@app.route(route="plain/all/7", auth_level=OPEN)
def literal(req: func.HttpRequest) -> str:
    return "the literal route"


@app.route(route="files/{*path}", auth_level=OPEN)
async def files(req: func.HttpRequest) -> func.HttpResponse:
    await asyncio.sleep(0)
    return func.HttpResponse(req.route_params.get("path", "none"))


@app.route(route="optional/{name?}", auth_level=OPEN)
def optional(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse(req.route_params.get("name", "nobody"))


@app.route(route="header", auth_level=OPEN)
def header(req: func.HttpRequest) -> func.HttpResponse:
    """The header wins over the mimetype."""
    return func.HttpResponse("{}", headers={"Content-Type": "application/json"})


@app.route(route="nothing", auth_level=OPEN)
def nothing(req: func.HttpRequest, context: func.Context):
    assert context.function_name == "nothing"


@app.route(route="breaks", auth_level=OPEN)
def breaks(req: func.HttpRequest) -> func.HttpResponse:
    raise RuntimeError("broken")


@app.route(route="secret")
def secret(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse("told")


@app.function_name("default_route")
@app.route(auth_level=OPEN)
def anything(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse(req.method)


@app.route(route="sync_client", auth_level=OPEN)
@app.durable_client_input(client_name="client")
def sync_client(req: func.HttpRequest, client: df.DurableOrchestrationClient):
    return func.HttpResponse("never")


@app.route(route="start/{id}", auth_level=OPEN)
@app.durable_client_input(client_name="client")
async def start(req: func.HttpRequest, client: df.DurableOrchestrationClient) -> func.HttpResponse:
    name = await client.start_new("wait_and_echo", req.route_params["id"], req.get_json())
    return client.create_check_status_response(req, name)


@app.route(route="blocks", auth_level=OPEN)
@app.durable_client_input(client_name="client")
async def blocks(req: func.HttpRequest, client: df.DurableOrchestrationClient) -> func.HttpResponse:
    """Asks the API with a call that blocks the loop of the app: the host is not on that loop."""
    name = await client.start_new("wait_and_echo")
    urls = client.create_http_management_payload(name)
    with urllib.request.urlopen(urls["statusQueryGetUri"], timeout=10) as reply:
        return func.HttpResponse(reply.read(), mimetype="application/json")


@app.route(route="calls/{call}/{id}", auth_level=OPEN)
@app.durable_client_input(client_name="client")
async def calls(req: func.HttpRequest, client: df.DurableOrchestrationClient) -> func.HttpResponse:
    name, long_ago = req.route_params["id"], datetime(2020, 1, 1)  # noqa: DTZ001
    try:
        match req.route_params["call"]:
            case "status":
                status = await client.get_status(name, show_history=True, show_history_output=True, show_input=True)
                result = status.to_json() if status else None
            case "all":
                result = sorted(str(s.instance_id) for s in await client.get_status_all())
            case "by":
                running = [df.OrchestrationRuntimeStatus.Running]
                found = await client.get_status_by(long_ago, long_ago.replace(year=2100), running, name)
                result = [s.instance_id for s in found]
            case "raise":
                result = await client.raise_event(name, "go", {"ok": True})
            case "terminate":
                result = await client.terminate(name, "no more & out")
            case "suspend":
                result = await client.suspend(name, "hold on")
            case "resume":
                result = await client.resume(name, "go on")
            case "rewind":
                result = await client.rewind(name, "again")
            case "restart":
                result = await client.restart(name, restart_with_new_instance_id=False)
            case "purge":
                result = (await client.purge_instance_history(name)).instances_deleted
            case "purge_by":
                ended = [df.OrchestrationRuntimeStatus.Terminated]
                result = (await client.purge_instance_history_by(long_ago, runtime_status=ended)).instances_deleted
            case "wait":
                return await client.wait_for_completion_or_create_check_status_response(req, name, 5000, 50)
            case "entity":
                result = await client.signal_entity(df.EntityId("counter", "one"), "add", 1)
            case "read_entity":
                result = (await client.read_entity_state(df.EntityId("counter", "one"))).entity_exists
            case "version":
                result = await client.start_new("versioned", name, version="3.1")
            case "fail":
                result = await client.start_new("fails_once", name, os.environ.get("NO_SUCH", name))
            case other:
                raise ValueError(other)
    except Exception as error:
        return func.HttpResponse(str(error), status_code=418)
    return func.HttpResponse(json.dumps(result, default=str), mimetype="application/json")


@app.orchestration_trigger(context_name="context")
def wait_and_echo(context):
    value = yield context.wait_for_external_event("go")
    return [context.get_input(), (yield context.call_activity("echo", value))]


@app.orchestration_trigger(context_name="context")
def ends_its_child(context):
    """On timeout the child is terminated by an activity, and the parent returns."""
    name = f"{context.instance_id}-child"
    child = context.call_sub_orchestrator("wait_and_echo", None, name)
    timer = context.create_timer(context.current_utc_datetime + timedelta(milliseconds=50))
    winner = yield context.task_any([child, timer])
    if winner == timer:
        yield context.call_activity("terminate", name)
        return "timeout"
    timer.cancel()
    return child.result


@app.activity_trigger(input_name="name")
@app.durable_client_input(client_name="client")
async def terminate(name: str, client: df.DurableOrchestrationClient) -> None:
    await client.terminate(name, "too slow")


@app.orchestration_trigger(context_name="context")
def versioned(context):
    yield context.call_activity("echo", 1)
    return context.version


@app.orchestration_trigger(context_name="context")
def fails_once(context):
    first = yield context.call_activity("echo", "kept")
    child = yield context.call_sub_orchestrator("child_fails_once", context.get_input(), f"{context.instance_id}-child")
    return [first, child]


@app.orchestration_trigger(context_name="context")
def child_fails_once(context):
    return (yield context.call_activity("once", context.get_input()))


seen = set()


@app.activity_trigger(input_name="x")
def once(x):
    if x not in seen:
        seen.add(x)
        raise RuntimeError("the first time")
    return "the second time"


@app.activity_trigger(input_name="x")
async def echo(x):
    await asyncio.sleep(0)
    return x


@app.timer_trigger(schedule="0 0 * * * *", arg_name="tick")
def hourly(tick: func.TimerRequest) -> None:
    raise AssertionError("the local host runs no timer triggers")
