"""`connector.py` of a workflow's package: the HTTP operations behind the connector's triggers, waits and lists."""

from __future__ import annotations

from dataclasses import dataclass

from flowbridge.emit.code import Code, docstring
from flowbridge.emit.connector.plan import ConnectorWorkflow
from flowbridge.emit.http_operations import HttpOperation, Route, http_operation
from flowbridge.emit.imports import imports
from flowbridge.emit.templates import render


@dataclass(frozen=True)
class _Module:
    docstring: Code
    imports: Code
    operations: tuple[HttpOperation, ...]


def connector_module(workflow: ConnectorWorkflow, *, signed_in: bool = False) -> str:
    """The module's text."""
    values = _Module(
        docstring=docstring(f"The operations behind the triggers, waits and lists of {workflow.name}.", 0),
        imports=imports(
            {
                "runtime": ["browse", "hold", "subscribe"],
                "runtime.sdk": ["Client"],
                "signin": ["SIGN_IN"] if signed_in else [],
            },
            {".blueprint": ["bp"], ".operations": ["WORKFLOW"]},
        ),
        operations=tuple(http_operation(workflow.name, one, signed_in=signed_in) for one in _routes(workflow)),
    )
    return render("app/workflow/connector.py.jinja", values)


def _routes(workflow: ConnectorWorkflow) -> list[Route]:
    routes = [
        Route(
            "run-and-wait", "POST", "run_and_wait", "subscribe.run_and_wait", "Starts an instance and tells of its end."
        ),
        _given_up("run-and-wait", "cancel_wait", "Ends a wait for an instance."),
        _subscribed("finished", "when_finished", "Subscribes to the ends of instances."),
        _given_up("subscriptions/finished", "cancel_finished", "Ends a subscription to the ends of instances."),
        Route("instances", "GET", "list_instances", "browse.list_instances", "Tells which instances there are."),
        Route("instances/{instanceId}/history", "GET", "get_history", "browse.get_history", "Tells what has happened."),
        _held("suspend", "Holds an instance and its children."),
        _held("resume", "Lets an instance and its children go on."),
        _offered("instances", "choose_instance", "Offers instances to pick from."),
    ]
    if workflow.approvals:
        routes += [
            _subscribed("approvals", "when_approval_needed", "Subscribes to approvals that begin to wait."),
            _given_up("subscriptions/approvals", "cancel_approvals", "Ends a subscription to approvals."),
            _offered("approvals", "choose_approval", "Offers approvals to pick from."),
        ]
    return routes


def _subscribed(kind: str, name: str, told: str) -> Route:
    return Route(f"subscriptions/{kind}", "POST", name, f"subscribe.{name}", told)


def _given_up(path: str, name: str, told: str) -> Route:
    # The platform sends no key with this request.
    return Route(f"{path}/{{token}}", "DELETE", name, f"subscribe.{name}", told, open=True)


def _held(verb: str, told: str) -> Route:
    return Route(f"instances/{{instanceId}}/{verb}", "POST", verb, f"hold.{verb}", told)


def _offered(what: str, name: str, told: str) -> Route:
    return Route(f"choices/{what}", "GET", name, f"browse.{name}", told)
