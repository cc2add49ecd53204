"""The module of a workflow's operations: the HTTP functions that the connector calls, and its schedule."""

from __future__ import annotations

from dataclasses import dataclass

from flowbridge.emit.code import Code, code, docstring, quoted
from flowbridge.emit.expressions import Writer
from flowbridge.emit.imports import imports
from flowbridge.emit.layout import Bracket, Joined, call, keyword, lines
from flowbridge.emit.templates import render
from flowbridge.emit.wire import answer_schema
from flowbridge.plan.plan import SchedulePlan, WorkflowPlan


@dataclass(frozen=True)
class _Operation:
    decorators: tuple[Code, ...]
    signature: Code
    summary: Code
    call: Code


@dataclass(frozen=True)
class _Operations:
    docstring: Code
    imports: Code
    workflow: Code
    operations: tuple[_Operation, ...]


@dataclass(frozen=True)
class _Route:
    path: str
    method: str
    name: str
    serves: str
    told: str


def operations_module(workflow: WorkflowPlan) -> str:
    """`operations.py`: the HTTP operations that the connector calls, and the timer of a schedule."""
    routes = _routes(workflow)
    operations = [_operation(workflow, one) for one in routes]
    modules = {one.serves.partition(".")[0] for one in routes}
    if workflow.schedule is not None:
        operations.append(_schedule(workflow, workflow.schedule))
        modules.add("schedule")
    schemas = ["INPUT", "START", *(answer_schema(one) for one in workflow.approvals)]
    schemas += [one.schema for one in workflow.events]
    runtime = {"runtime": modules, "runtime.operations": ["Workflow"], "runtime.sdk": ["Client"]}
    values = _Operations(
        docstring=docstring(f"The operations of {workflow.name}; each HTTP function asks for a function key.", 0),
        imports=imports(runtime, {".blueprint": ["bp"], ".schemas": schemas}),
        workflow=_workflow(workflow),
        operations=tuple(operations),
    )
    return render("app/workflow/operations.py.jinja", values)


def _routes(workflow: WorkflowPlan) -> list[_Route]:
    here = f"{workflow.name}/instances/{{instanceId}}"
    table = [
        _Route(f"{workflow.name}/start", "POST", "start", "start.start", "Starts an instance."),
        _Route(here, "GET", "get_status", "status.get_status", "Tells where an instance stands."),
    ]
    if workflow.approvals:
        told = "Answers an approval, and tells what was recorded."
        table.append(_Route(f"{here}/approvals/{{approval}}", "POST", "raise_approval", "decide.raise_approval", told))
    if workflow.events:
        told = "Raises an event, and tells whether the workflow took it."
        table.append(_Route(f"{here}/events/{{event}}", "POST", "raise_event", "raise_event.raise_event", told))
    ends = "Ends an instance and its children."
    return [
        *table,
        _Route(f"{here}/terminate", "POST", "terminate", "stop.terminate", ends),
        _Route(here, "DELETE", "purge", "stop.purge", "Deletes an ended instance and its children."),
    ]


def _operation(workflow: WorkflowPlan, route: _Route) -> _Operation:
    name = f"{workflow.name}_{route.name}"
    at = call("bp.route", keyword("route", quoted(route.path)), keyword("methods", f"[{quoted(route.method)}]"))
    return _Operation(
        decorators=(Code("\n".join(lines(at, 0, "@"))), Code('@bp.durable_client_input(client_name="client")')),
        signature=Code(f"async def {name}(req: func.HttpRequest, client: Client) -> func.HttpResponse:"),
        summary=docstring(route.told, 4),
        call=Code(f"    return await {route.serves}(WORKFLOW, req, client)"),
    )


def _schedule(workflow: WorkflowPlan, schedule: SchedulePlan) -> _Operation:
    at = call("bp.timer_trigger", keyword("arg_name", quoted("timer")), keyword("schedule", quoted(schedule.cron)))
    payload = Writer({}, schedule.scope).data(schedule.payload, workflow.input.type)
    started = call("await schedule.start", "WORKFLOW", payload, "timer", "client")
    return _Operation(
        decorators=(Code("\n".join(lines(at, 0, "@"))), Code('@bp.durable_client_input(client_name="client")')),
        signature=Code(f"async def {workflow.name}_schedule(timer: func.TimerRequest, client: Client) -> None:"),
        summary=docstring(f"Starts an instance at every tick. ({schedule.place})", 4),
        call=Code("\n".join(lines(started, 4))),
    )


def _workflow(workflow: WorkflowPlan) -> Code:
    answers = tuple(Joined((quoted(one.id) + ": ", answer_schema(one))) for one in workflow.approvals)
    arguments = [
        keyword("name", quoted(workflow.name)),
        keyword("orchestrator", quoted(workflow.orchestrator)),
        keyword("input", "INPUT"),
        keyword("start", "START"),
        keyword("answers", Bracket("{", answers, "}")),
    ]
    if workflow.events:
        events = tuple(Joined((quoted(one.name) + ": ", one.schema)) for one in workflow.events)
        arguments.append(keyword("events", Bracket("{", events, "}")))
    return code(call("Workflow", *arguments), before="WORKFLOW = ")
