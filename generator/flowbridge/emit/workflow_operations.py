"""The module of a workflow's operations: the HTTP functions that the connector calls, and its schedule."""

from __future__ import annotations

from dataclasses import dataclass

from flowbridge.emit.code import Code, code, docstring, literal, quoted
from flowbridge.emit.connector.plan import ConnectorOptions
from flowbridge.emit.expressions import Writer
from flowbridge.emit.form_fields import fields_constant
from flowbridge.emit.http_operations import HttpOperation, Route, http_operation
from flowbridge.emit.imports import imports
from flowbridge.emit.layout import Bracket, Joined, call, keyword, lines
from flowbridge.emit.templates import render
from flowbridge.emit.wire import answer_schema
from flowbridge.plan.plan import SchedulePlan, WorkflowPlan


@dataclass(frozen=True)
class _Operations:
    docstring: Code
    imports: Code
    workflow: Code
    operations: tuple[HttpOperation, ...]


def operations_module(workflow: WorkflowPlan, options: ConnectorOptions) -> str:
    """`operations.py`: the HTTP operations that the connector calls, and the timer of a schedule."""
    routes = _routes(workflow)
    signed_in = options.entra is not None
    operations = [http_operation(workflow.name, one, signed_in=signed_in) for one in routes]
    modules = {one.serves.partition(".")[0] for one in routes}
    if workflow.schedule is not None:
        operations.append(_schedule(workflow, workflow.schedule))
        modules.add("schedule")
    schemas = ["INPUT", "START", *(answer_schema(one) for one in workflow.approvals)]
    schemas += [one.schema for one in workflow.events]
    schemas += [fields_constant(one.id) for one in workflow.approvals if one.form is not None]
    asked = "signed-in user" if signed_in else "function key"
    runtime = {"runtime": modules, "runtime.operations": ["Workflow"], "runtime.sdk": ["Client"]}
    if signed_in:
        runtime["signin"] = ["SIGN_IN"]
    values = _Operations(
        docstring=docstring(f"The operations of {workflow.name}; each HTTP function asks for a {asked}.", 0),
        imports=imports(runtime, {".blueprint": ["bp"], ".schemas": schemas}),
        workflow=_workflow(workflow, options.callback_hosts),
        operations=tuple(operations),
    )
    return render("app/workflow/operations.py.jinja", values)


def _routes(workflow: WorkflowPlan) -> list[Route]:
    here = "instances/{instanceId}"
    table = [
        Route("start", "POST", "start", "start.start", "Starts an instance."),
        Route(here, "GET", "get_status", "status.get_status", "Tells where an instance stands."),
    ]
    if workflow.approvals:
        told = "Answers an approval, and tells what was recorded."
        serves = "decide.raise_approval"
        table.append(Route(f"{here}/approvals/{{approval}}", "POST", "raise_approval", serves, told, decides=True))
    if workflow.events:
        told = "Raises an event, and tells whether the workflow took it."
        table.append(Route(f"{here}/events/{{event}}", "POST", "raise_event", "raise_event.raise_event", told))
    ends = "Ends an instance and its children."
    return [
        *table,
        Route(f"{here}/terminate", "POST", "terminate", "stop.terminate", ends),
        Route(here, "DELETE", "purge", "stop.purge", "Deletes an ended instance and its children."),
    ]


def _schedule(workflow: WorkflowPlan, schedule: SchedulePlan) -> HttpOperation:
    at = call("bp.timer_trigger", keyword("arg_name", quoted("timer")), keyword("schedule", quoted(schedule.cron)))
    payload = Writer({}, schedule.scope).data(schedule.payload, workflow.input.type)
    started = call("await schedule.start", "WORKFLOW", payload, "timer", "client")
    return HttpOperation(
        decorators=(Code("\n".join(lines(at, 0, "@"))), Code('@bp.durable_client_input(client_name="client")')),
        signature=Code(f"async def {workflow.name}_schedule(timer: func.TimerRequest, client: Client) -> None:"),
        summary=docstring(f"Starts an instance at every tick. ({schedule.place})", 4),
        call=Code("\n".join(lines(started, 4))),
    )


def _workflow(workflow: WorkflowPlan, callback_hosts: tuple[str, ...]) -> Code:
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
    asking = [one.id for one in workflow.approvals if one.form is not None]
    if asking:
        forms = tuple(Joined((quoted(one) + ": ", fields_constant(one))) for one in asking)
        arguments.append(keyword("forms", Bracket("{", forms, "}")))
    arguments.append(keyword("announces", "True"))
    if callback_hosts:
        arguments.append(keyword("callback_hosts", literal(callback_hosts)))
    return code(call("Workflow", *arguments), before="WORKFLOW = ")
