"""`connector.py` of a workflow's package: the HTTP operations behind the connector's triggers, waits and lists."""

from __future__ import annotations

from dataclasses import dataclass

from flowbridge.emit.code import Code, code, docstring, quoted
from flowbridge.emit.connector.plan import ConnectorWorkflow
from flowbridge.emit.layout import call, keyword
from flowbridge.emit.templates import render


@dataclass(frozen=True)
class _Operation:
    route: Code
    signature: Code
    summary: Code
    serves: Code


@dataclass(frozen=True)
class _Module:
    docstring: Code
    sign_in: Code
    operations: tuple[_Operation, ...]


def connector_module(workflow: ConnectorWorkflow, *, signed_in: bool = False) -> str:
    """The module's text."""
    told = f"The operations behind the triggers, waits and lists of {workflow.name}."
    operations = [_operation(workflow, *one, signed_in) for one in _table(workflow)]
    values = _Module(docstring(told, 0), sign_in_import(signed_in=signed_in), tuple(operations))
    return render("app/workflow/connector.py.jinja", values)


def sign_in_import(*, signed_in: bool) -> Code:
    """The import of what checks who is signed in, where the app asks for it."""
    return Code("from signin import SIGN_IN\n" if signed_in else "")


def _table(workflow: ConnectorWorkflow) -> list[tuple[str, str, str, str, str]]:
    """Route below the workflow, method, name, what serves it, and what it does."""
    rows = [
        ("run-and-wait", "POST", "run_and_wait", "subscribe.run_and_wait", "Starts an instance and tells of its end."),
        ("run-and-wait/{token}", "DELETE", "cancel_wait", "subscribe.cancel_wait", "Ends a wait for an instance."),
        (
            *("subscriptions/finished", "POST", "when_finished", "subscribe.when_finished"),
            "Subscribes to the ends of instances.",
        ),
        (
            *("subscriptions/finished/{token}", "DELETE", "cancel_finished", "subscribe.cancel_finished"),
            "Ends a subscription to the ends of instances.",
        ),
        ("instances", "GET", "list_instances", "browse.list_instances", "Tells which instances there are."),
        ("instances/{instanceId}/history", "GET", "get_history", "browse.get_history", "Tells what has happened."),
        ("instances/{instanceId}/suspend", "POST", "suspend", "hold.suspend", "Holds an instance and its children."),
        ("instances/{instanceId}/resume", "POST", "resume", "hold.resume", "Lets an instance and its children go on."),
        ("choices/instances", "GET", "choose_instance", "browse.choose_instance", "Offers instances to pick from."),
    ]
    if workflow.approvals:
        rows += [
            (
                *("subscriptions/approvals", "POST", "when_approval_needed", "subscribe.when_approval_needed"),
                "Subscribes to approvals that begin to wait.",
            ),
            (
                *("subscriptions/approvals/{token}", "DELETE", "cancel_approvals", "subscribe.cancel_approvals"),
                "Ends a subscription to approvals.",
            ),
            ("choices/approvals", "GET", "choose_approval", "browse.choose_approval", "Offers approvals to pick from."),
        ]
    return rows


def _operation(
    workflow: ConnectorWorkflow, path: str, method: str, name: str, serves: str, told: str, signed_in: bool
) -> _Operation:
    route = [keyword("route", quoted(f"{workflow.name}/{path}")), keyword("methods", f"[{quoted(method)}]")]
    if path.endswith("{token}"):
        # The platform sends no key with this request; the token in its path is the authority.
        route.append(keyword("auth_level", "func.AuthLevel.ANONYMOUS"))
    elif signed_in:
        serves = f"SIGN_IN.asked({serves})"
    signature = f"async def {workflow.name}_{name}(req: func.HttpRequest, client: Client) -> func.HttpResponse:"
    return _Operation(code(call("@bp.route", *route)), Code(signature), docstring(told, 4), Code(serves))
