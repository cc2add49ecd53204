"""What the connector needs to know of an app, apart from how a plan is made.

The emitters of the connector read these values only; here, in one place, they are filled from the plan.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from flowbridge.model.types import Field
from flowbridge.plan.plan import AppPlan, WorkflowPlan


@dataclass(frozen=True)
class Entra:
    """How people sign in with Entra ID: the tenant, the connector's own client, and the app's audience."""

    tenant: str
    client_id: str
    audience: str


@dataclass(frozen=True)
class ConnectorOptions:
    """What an author may say of the connector as a whole; None and empty mean what the workflow gives.

    A `host` is fixed at build time; without one each connection names its own.
    """

    host: str | None = None
    title: str | None = None
    description: str | None = None
    publisher: str | None = None
    brand_color: str = "#1f5f8b"
    auth: Literal["function-key", "entra"] = "function-key"
    entra: Entra | None = None
    callback_hosts: tuple[str, ...] = ()


@dataclass(frozen=True)
class ConnectorApproval:
    """An approval as its operations show it; `form` are the typed fields beside the decision."""

    id: str
    title: str
    form: tuple[Field, ...] = ()


@dataclass(frozen=True)
class ConnectorEvent:
    """An external event that a workflow waits for; `payload` are its typed fields."""

    id: str
    title: str
    payload: tuple[Field, ...] = ()


@dataclass(frozen=True)
class ConnectorWorkflow:
    """A workflow as its operations show it; `output` is None for one that gives nothing back."""

    name: str
    version: int
    title: str
    description: str
    input: tuple[Field, ...] = field(repr=False)
    output: tuple[Field, ...] | None = field(repr=False)
    approvals: tuple[ConnectorApproval, ...] = ()
    events: tuple[ConnectorEvent, ...] = ()


def connector_workflows(plan: AppPlan) -> tuple[ConnectorWorkflow, ...]:
    """The workflows of an app in the order in which the designer lists them."""
    return (connector_workflow(plan.workflow),)


def connector_workflow(workflow: WorkflowPlan) -> ConnectorWorkflow:
    """One workflow of the plan."""
    return ConnectorWorkflow(
        name=workflow.name,
        version=workflow.version,
        title=workflow.title,
        description=workflow.description,
        input=workflow.input.type.fields,
        output=None if workflow.output is None else workflow.output.type.fields,
        approvals=tuple(ConnectorApproval(one.id, one.title) for one in workflow.approvals),
    )
