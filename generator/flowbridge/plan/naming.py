"""What one workflow's lowering keeps: names handed out, models made, and what is known of its steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from flowbridge.model.analysis import Analysis
from flowbridge.model.expression import Name
from flowbridge.model.inference import Scope
from flowbridge.model.workflow import Common, Step, Workflow
from flowbridge.plan.identifiers import RESERVED, Allotment, pascal
from flowbridge.plan.models import Models
from flowbridge.plan.nodes import ActivityFunction, AwaitedEvent, Captured, Child, Header, Place
from flowbridge.text.source import Span

# What every workflow may read without a step giving it.
_GIVEN = {"input": "input_", "config": "config", "error": "error", "payload": "payload"}


@dataclass
class Naming:
    """The state of one lowering; `path` is how generated code names the file, `read` the names that anything reads.

    `declared` are the names that a branch may leave without a value and that have been declared before it.
    """

    workflow: Workflow
    path: str
    analysis: Analysis
    functions: Allotment
    models: Models
    read: frozenset[str]
    activities: dict[str, ActivityFunction] = field(default_factory=dict[str, ActivityFunction])
    names: dict[str, str] = field(default_factory=lambda: dict(_GIVEN))
    locals: Allotment = field(default_factory=lambda: Allotment(RESERVED))
    declared: set[str] = field(default_factory=set[str])
    children: list[Child] = field(default_factory=list[Child])
    others: Mapping[str, Workflow] = field(default_factory=dict[str, Workflow])
    events: list[AwaitedEvent] = field(default_factory=list[AwaitedEvent])

    def place(self, span: Span) -> Place:
        """Where something was written."""
        return Place(self.path, span.line)

    def named(self, name: str) -> str:
        """The Python name of a name of the YAML."""
        if name not in self.names:
            self.names[name] = self.locals.give(name)
        return self.names[name]

    def variable(self, step: Step) -> str | None:
        """The variable of a step's value, if anything reads it."""
        name = step.common.id
        return self.named(name) if name is not None and name in self.read else None

    def step_name(self, step: Step) -> str:
        """The step's id, or a name made from its line."""
        return step.common.id or f"line{step.common.span.line}"

    def header(self, common: Common, scope: Scope) -> Header:
        """The header of a step in a scope."""
        return Header(self.place(common.span), common.id or "", common.title, common.status, scope)

    def inside(self, step: Step) -> Header:
        """The header of a step where it runs."""
        return self.header(step.common, self.analysis.inside(step))

    def captured(self, read: Iterable[str], scope: Scope, span: Span) -> tuple[Captured, ...]:
        """What a child's steps read of a scope, with the types that are known there."""
        names = sorted({*read} & scope.names.keys() - {"run"})
        return tuple(Captured(one, self.named(one), scope.seen(Name(one, span), scope.names[one])) for one in names)

    def function(self, step: str) -> str:
        """The name of the function of a step's child."""
        return self.functions.give(f"{self.workflow.name}_{step}")

    def scope_model(self, step: str) -> str:
        """The name of the model of what a child reads from outside."""
        return self.models.reserve(f"{pascal(step)}Scope")
