"""The operations of all workflows together: which is a new revision of which, and which is deprecated.

Flows that use an operation keep working only while the operation stays as it is. So a workflow that changes becomes a
second one beside the first, and each operation of it is a revision of the first one's: the operation of the same method
at the same place below the workflow's own path. An older one says that it is deprecated, and which one of the newest
workflow replaces it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from flowbridge.emit.connector import labels
from flowbridge.emit.connector.operations import workflow_operations
from flowbridge.emit.connector.plan import ConnectorWorkflow, Revision
from flowbridge.emit.connector.swagger import Annotation, Operation, PathParameter

_Place = tuple[str, str]
"""The method of an operation, and its path below that of its workflow."""


def operations(
    workflows: Sequence[ConnectorWorkflow], taken: set[str], *, signed_in: bool = False
) -> tuple[Operation, ...]:
    """The operations of all workflows, one workflow after the other."""
    families = _Families(taken)
    made: dict[str, dict[_Place, Operation]] = {}
    # First revisions take their names first: what is added later never changes the name of what flows know.
    for workflow in sorted(workflows, key=lambda one: one.revision.number):
        made[workflow.name] = families.named(workflow, signed_in=signed_in)
    found: list[Operation] = []
    for workflow in workflows:
        newer = made.get(workflow.revision.successor or "", {})
        found += [_told(one, workflow.revision, newer.get(place)) for place, one in made[workflow.name].items()]
    return tuple(found)


@dataclass
class _Families:
    """The names of operations: `known` are the families by their first workflow and place."""

    taken: set[str]
    known: dict[tuple[str, _Place], str] = field(default_factory=dict[tuple[str, _Place], str])

    def named(self, workflow: ConnectorWorkflow, *, signed_in: bool) -> dict[_Place, Operation]:
        """The operations of a workflow, those of a later revision under the names of their families."""
        revision = workflow.revision
        first = revision.number == 1
        made = workflow_operations(workflow, self.taken if first else set(), signed_in=signed_in)
        ids: dict[str, str] = {}
        placed: dict[_Place, Operation] = {}
        for one in made:
            place = (one.method, one.path.removeprefix(workflow.path))
            key = (revision.family or workflow.name, place)
            if key not in self.known:
                self.known[key] = one.id if first else labels.operation_id(one.id, self.taken)
            family = self.known[key]
            ids[one.id] = one.id if first else labels.operation_id(family, self.taken, revision.suffix)
            annotation = Annotation(family, revision.number) if revision.family else None
            placed[place] = replace(one, id=ids[one.id], annotation=annotation)
        return {place: _led(one, ids) for place, one in placed.items()}


def _led(one: Operation, ids: Mapping[str, str]) -> Operation:
    """The operation with pick lists that ask the operations of its own revision."""
    return replace(one, parameters=tuple(_chosen(parameter, ids) for parameter in one.parameters))


def _chosen(parameter: PathParameter, ids: Mapping[str, str]) -> PathParameter:
    if parameter.choices is None:
        return parameter
    return replace(parameter, choices=replace(parameter.choices, operation=ids[parameter.choices.operation]))


def _told(one: Operation, revision: Revision, newer: Operation | None) -> Operation:
    """The operation, deprecated where another workflow replaces its own."""
    if revision.successor is None or one.annotation is None:
        return one
    instead = "Nothing replaces it." if newer is None else f"Use {newer.summary} instead."
    return replace(
        one,
        # A description is a sentence: the mark goes before its stop.
        description=f"{one.description[:-1]} (deprecated){one.description[-1]} {instead}",
        visibility="internal" if one.visibility == "internal" else "advanced",
        deprecated=True,
        annotation=replace(one.annotation, replacement=None if newer is None else newer.id),
    )
