"""What the connector needs to know of an app, apart from how a plan is made.

The emitters of the connector read these values only; here, in one place, they are filled from the plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from flowbridge.model.app import AppSettings, Replacement
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
    name: str | None = None
    version: int | None = None
    title: str | None = None
    description: str | None = None
    publisher: str | None = None
    brand_color: str = "#1f5f8b"
    entra: Entra | None = None
    callback_hosts: tuple[str, ...] = ()


@dataclass(frozen=True)
class ConnectorApproval:
    """An approval as its operations show it; `form` are the typed fields beside the decision."""

    id: str
    title: str
    outcomes: tuple[str, ...] = ("Approve", "Reject")
    form: tuple[Field, ...] | None = None


@dataclass(frozen=True)
class ConnectorEvent:
    """An external event that a workflow waits for; `payload` are its typed fields."""

    name: str
    payload: tuple[Field, ...] = ()


@dataclass(frozen=True)
class Revision:
    """Where a workflow stands among those that replace each other.

    `family` is the first of them, by which the operations of all are named, and empty for a workflow that stands alone.
    `successor` is the newest of them, for one that is replaced.
    """

    family: str = ""
    number: int = 1
    successor: str | None = None

    @property
    def suffix(self) -> str:
        """What an operation id of this revision ends with."""
        return f"_V{self.number}" if self.number > 1 else ""

    @property
    def marks(self) -> str:
        """What a summary of this revision ends with."""
        version = f" (V{self.number})" if self.number > 1 else ""
        return version if self.successor is None else f"{version} (deprecated)"


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
    revision: Revision = Revision()

    @property
    def path(self) -> str:
        """What stands before the paths of its operations."""
        return f"/api/{self.name}"


def connector_workflows(plan: AppPlan) -> tuple[ConnectorWorkflow, ...]:
    """The workflows of an app in the order in which the designer lists them."""
    replaced = plan.settings.replacements
    return tuple(replace(connector_workflow(one), revision=revision(one.name, replaced)) for one in plan.workflows)


def revision(workflow: str, replacements: Sequence[Replacement]) -> Revision:
    """Where a workflow stands among those that replace each other; they make no circle."""
    before = {one.new: one.old for one in replacements}
    after = {one.old: one.new for one in replacements}
    if workflow not in before and workflow not in after:
        return Revision()
    family, number = workflow, 1
    while family in before:
        family, number = before[family], number + 1
    newest = workflow
    while newest in after:
        newest = after[newest]
    return Revision(family, number, None if newest == workflow else newest)


def connector_options(settings: AppSettings) -> ConnectorOptions:
    """What the settings of an app say of its connector."""
    entra = None
    if settings.auth == "entra":
        assert settings.tenant is not None
        assert settings.client_id is not None
        assert settings.audience is not None
        entra = Entra(settings.tenant, settings.client_id, settings.audience)
    return ConnectorOptions(
        host=settings.host,
        name=settings.name,
        version=settings.version,
        title=settings.title,
        description=settings.description,
        publisher=settings.publisher,
        brand_color=settings.brand_color,
        entra=entra,
        callback_hosts=settings.callback_hosts,
    )


def connector_workflow(workflow: WorkflowPlan) -> ConnectorWorkflow:
    """One workflow of the plan."""
    return ConnectorWorkflow(
        name=workflow.name,
        version=workflow.version,
        title=workflow.title,
        description=workflow.description,
        input=workflow.input.type.fields,
        output=None if workflow.output is None else workflow.output.type.fields,
        approvals=tuple(
            ConnectorApproval(one.id, one.title, one.outcomes, None if one.form is None else one.form.fields)
            for one in workflow.approvals
        ),
        events=tuple(ConnectorEvent(one.name, one.payload.type.fields) for one in workflow.events),
    )
