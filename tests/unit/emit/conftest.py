"""Plans of the connector's tests: a workflow is only what its connector shows of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from flowbridge.compiler import compile_app
from flowbridge.emit.connector.connector import emit_connector
from flowbridge.model.app import AppSettings
from flowbridge.model.types import Field, ObjectType, StringType
from flowbridge.plan.plan import AppPlan, ApprovalPlan, Model, Place, WorkflowPlan

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
            children=(),
            approvals=tuple(ApprovalPlan(name, shown, PLACE) for name, shown in approvals),
            body=(),
        )
        return {
            one.path: one.content
            for one in emit_connector(
                AppPlan(
                    AppSettings(workflow.name, workflow.title, workflow.description, workflow.version), (workflow,), ()
                )
            )
        }

    return make


@pytest.fixture(scope="session")
def flagship() -> dict[str, bytes]:
    """The connector of the flagship, compiled from its YAML."""
    return {one.path: one.content for one in compile_app(FLAGSHIP).connector}
