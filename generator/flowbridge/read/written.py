"""One step as it was written, and what every kind of step needs to be bound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flowbridge.model.types import ObjectType
from flowbridge.model.workflow import Common, Data, Step
from flowbridge.read.binder import Binder
from flowbridge.read.declared import Declarations
from flowbridge.read.nodes import Entry, MapNode, Node


@dataclass(frozen=True)
class Written:
    """A step's map, the entry of its verb, what any step may carry, bound; `bind_steps` binds inner steps."""

    binder: Binder
    declarations: Declarations
    bind_steps: Callable[[Node | None], tuple[Step, ...]]
    node: MapNode
    verb: Entry
    common: Common

    def data(self, node: Node | None) -> Data | None:
        """Data; None where there is none."""
        return self.binder.data(node) if node is not None else None

    def payload(self, node: Node | None, what: str) -> ObjectType | None:
        """The type of what comes from outside: fields, or a declared type; None where it has no field."""
        if node is None or id(node) in self.binder.faulty:
            return None
        if isinstance(node, MapNode):
            return self.declarations.fields(node) if node.entries else None
        bound = self.declarations.type(node)
        if isinstance(bound, ObjectType):
            return bound
        if self.binder.types.get(self.binder.string(node) or "") is not None:
            words = f"{what} has fields, and this type has none"
            self.binder.report("E301", node.span, words, "not an object", "write its fields: {id: string}")
        return None
