"""What the walk over a workflow writes down of each step, and how it is asked for.

Facts are kept by a step's identity: two steps that say the same stand in two scopes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from flowbridge.model.inference import Scope
from flowbridge.model.types import Type
from flowbridge.model.workflow import ForEach, Parallel, Repeat, Step, Switch, WaitFor, Workflow

Scopes = dict[int, Scope]


@dataclass(frozen=True)
class Facts:
    """What the walk writes down, by the identity of the step."""

    before: Scopes = field(default_factory=dict[int, Scope])
    inside: Scopes = field(default_factory=dict[int, Scope])
    end: Scopes = field(default_factory=dict[int, Scope])
    matching: Scopes = field(default_factory=dict[int, Scope])
    undoing: Scopes = field(default_factory=dict[int, Scope])
    cases: dict[int, list[Scope]] = field(default_factory=dict[int, list[Scope]])
    branches: dict[int, list[Scope]] = field(default_factory=dict[int, list[Scope]])
    results: dict[int, Type] = field(default_factory=dict[int, Type])


@dataclass(frozen=True)
class Analysis:
    """What the walk found, by step.

    `before` is the scope in which a step's `if` stands, `inside` the one of everything else in it, narrowed by that
    `if`. `result` is the type of the step's value where it has run, None where it has none.
    """

    workflow: Workflow
    facts: Facts

    def before(self, step: Step) -> Scope:
        """The scope of a step's `if`."""
        return self.facts.before[id(step)]

    def inside(self, step: Step) -> Scope:
        """The scope of a step's own fields; for the `on_rejected` of an approval, with its answer."""
        return self.facts.inside[id(step)]

    def end(self, step: ForEach | Repeat) -> Scope:
        """The scope after the inner steps, in which `output` stands; that of a repeat is narrowed by its `until`."""
        return self.facts.end[id(step)]

    def cases(self, step: Switch) -> tuple[Scope, ...]:
        """The scope of each case's `when`, in order."""
        return tuple(self.facts.cases[id(step)])

    def branch_ends(self, step: Parallel) -> tuple[Scope, ...]:
        """The scope after the steps of each branch, in which its `output` stands, in order."""
        return tuple(self.facts.branches[id(step)])

    def matching(self, step: WaitFor) -> Scope:
        """The scope of `match`, with the event's payload as `payload`."""
        return self.facts.matching[id(step)]

    def undoing(self, step: Step) -> Scope:
        """The scope of `compensate`, with the step's own value."""
        return self.facts.undoing[id(step)]

    def schedule(self) -> Scope:
        """The scope of the input of a schedule: no names at all."""
        return Scope({}, {one.name: one for one in self.workflow.types if one.name is not None})

    def result(self, step: Step) -> Type | None:
        """The type of a step's value where the step has run; None where it has none."""
        return self.facts.results.get(id(step))
