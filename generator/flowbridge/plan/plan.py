"""The intermediate representation between checked workflows and the files that are made from them."""

from __future__ import annotations

from dataclasses import dataclass, field

from flowbridge.model.app import AppSettings
from flowbridge.model.inference import Scope
from flowbridge.model.types import ObjectType
from flowbridge.model.workflow import Data
from flowbridge.plan.nodes import (
    ActivityFunction,
    AwaitedEvent,
    Child,
    Model,
    Place,
    Statement,
)


@dataclass(frozen=True)
class ApprovalPlan:
    """An approval of the workflow, as its operations know it."""

    id: str
    title: str
    place: Place
    outcomes: tuple[str, ...] = ("Approve", "Reject")
    form: ObjectType | None = None


@dataclass(frozen=True)
class SchedulePlan:
    """When a workflow starts by itself: a cron expression of six fields, and the input."""

    cron: str
    payload: Data | None
    scope: Scope = field(repr=False)
    place: Place


@dataclass(frozen=True)
class WorkflowPlan:
    """One workflow of the app: `names` maps the YAML's names to Python's in its orchestrators."""

    name: str
    version: int
    title: str
    description: str
    orchestrator: str
    steps_function: str
    place: Place
    names: tuple[tuple[str, str], ...]
    input: Model
    output: Model | None
    models: tuple[Model, ...]
    activities: tuple[ActivityFunction, ...]
    children: tuple[Child, ...]
    approvals: tuple[ApprovalPlan, ...]
    body: tuple[Statement, ...]
    events: tuple[AwaitedEvent, ...] = ()
    config: Model | None = None
    schedule: SchedulePlan | None = None
    timeout: float | None = None
    on_failure: tuple[Statement, ...] = ()
    cleanup: tuple[Statement, ...] = ()


@dataclass(frozen=True)
class AppPlan:
    """The whole app: its workflows, and the files of its activities as they are (path below `activities/`, bytes)."""

    settings: AppSettings
    workflows: tuple[WorkflowPlan, ...]
    activity_files: tuple[tuple[str, bytes], ...] = field(repr=False)
