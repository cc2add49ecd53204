"""Plans of the connector's tests: a workflow is only what its connector shows of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from flowbridge.emit.connector import emit_connector
from flowbridge.model.types import Field, ObjectType, StringType
from flowbridge.model.workflow import Approval
from flowbridge.plan.plan import AppPlan, ApprovalPlan, Model, Place, WorkflowPlan
from flowbridge.read.workflow import read_workflow
from flowbridge.text.source import Source

PLACE = Place("spec/some.yaml", 1)
FLAGSHIP = Path(__file__).resolve().parents[3] / "spec" / "data_processing.yaml"
DEFAULT_INPUT = ObjectType((Field("name", StringType()),))

MakeConnector = Callable[..., dict[str, bytes]]


@pytest.fixture(scope="session")
def connector() -> MakeConnector:
    """Makes the files of a connector by name, from what a workflow declares."""

    def make(
        name: str = "some_work",
        title: str = "Some work",
        description: str = "Does some work that takes its time.",
        taken: ObjectType = DEFAULT_INPUT,
        given: ObjectType | None = None,
        approvals: tuple[tuple[str, str], ...] = (),
        version: int = 1,
    ) -> dict[str, bytes]:
        workflow = WorkflowPlan(
            name=name,
            version=version,
            title=title,
            description=description,
            orchestrator=name,
            steps_function=f"{name}_steps",
            place=PLACE,
            names=(),
            input=Model("Input", taken, "What comes in."),
            output=Model("Output", given, "What goes out.") if given is not None else None,
            models=(),
            activities=(),
            lanes=(),
            approvals=tuple(ApprovalPlan(id, shown, PLACE) for id, shown in approvals),
            body=(),
        )
        return {one.path: one.content for one in emit_connector(AppPlan(workflow, ()))}

    return make


@pytest.fixture(scope="session")
def flagship(connector: MakeConnector) -> dict[str, bytes]:
    """The connector of the flagship, from its YAML."""
    workflow, findings = read_workflow(Source("spec/data_processing.yaml", FLAGSHIP.read_text(encoding="utf-8")))
    assert workflow is not None, findings
    approvals = tuple(
        (one.common.id or "", one.common.title or "") for one in workflow.steps if isinstance(one, Approval)
    )
    return connector(
        workflow.name,
        workflow.title,
        workflow.description,
        workflow.input,
        workflow.output,
        approvals,
        workflow.version,
    )
