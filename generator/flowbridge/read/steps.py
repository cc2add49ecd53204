"""Steps: one function for each kind, found by the verb that tells the kind; and what any step may carry.

A kind is added by a function and a line in `_KINDS`, beside its branch in the schema.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flowbridge.model.workflow import Catch, Common, Compensate, Step
from flowbridge.read.binder import Binder
from flowbridge.read.declared import Declarations
from flowbridge.read.ending_steps import bind_raise, bind_return, bind_set, bind_status
from flowbridge.read.nodes import ListNode, MapNode, Node
from flowbridge.read.waiting_steps import bind_approval, bind_wait, bind_wait_for
from flowbridge.read.working_steps import (
    bind_block,
    bind_call,
    bind_for_each,
    bind_parallel,
    bind_repeat,
    bind_run,
    bind_switch,
)
from flowbridge.read.written import Written


@dataclass(frozen=True)
class StepBinder:
    """Binds steps; `declarations` has the types of what comes from outside."""

    binder: Binder
    declarations: Declarations

    def bind(self, node: Node | None) -> tuple[Step, ...]:
        """The steps of a list; one that the schema refused is left out, and what is inside of it is still read."""
        if not isinstance(node, ListNode):
            return ()
        bound = (self._step(one) for one in node.items if isinstance(one, MapNode))
        return tuple(step for step in bound if step is not None)

    def _step(self, node: MapNode) -> Step | None:
        for verb, bind in _KINDS.items():
            entry = node.entry(verb)
            if entry is not None:
                common = self._common(node, verb)
                return bind(Written(self.binder, self.declarations, self.bind, node, entry, common))
        return None

    def _common(self, node: MapNode, verb: str) -> Common:
        binder = self.binder
        named, limit, cleanup = node.get("id"), node.get("timeout"), node.entry("finally")
        name = binder.string(named)
        return Common(
            id=name,
            title=binder.string(node.get("title")),
            condition=binder.condition(node.get("if")),
            status=binder.text(node.get("status")) if verb != "status" else None,
            span=node.span,
            id_span=named.span if named is not None and name is not None else None,
            timeout=binder.duration(limit),
            catches=self._catches(node.get("catch")),
            finally_=self.bind(cleanup.value) if cleanup is not None else (),
            compensate=self._compensate(node.get("compensate")),
            timeout_span=limit.span if limit is not None else None,
            finally_span=cleanup.key_span if cleanup is not None else None,
        )

    def _catches(self, node: Node | None) -> tuple[Catch, ...]:
        if not isinstance(node, ListNode):
            return ()
        return tuple(self._catch(one) for one in node.items if isinstance(one, MapNode))

    def _catch(self, node: MapNode) -> Catch:
        codes, named = self.binder.strings(node.get("on")), node.get("as")
        return Catch(
            on=tuple(code for code, _ in codes),
            variable=self.binder.string(named),
            steps=self.bind(node.get("steps")),
            span=node.entries[0].key_span if node.entries else node.span,
            on_spans=tuple(span for _, span in codes),
            variable_span=named.span if named is not None else None,
        )

    def _compensate(self, node: Node | None) -> Compensate | None:
        if not isinstance(node, MapNode):
            return None
        called, arguments = node.get("call"), node.get("with")
        data = self.binder.data(arguments) if arguments is not None else None
        activity = self.binder.string(called)
        if activity is None or called is None:
            return None
        return Compensate(activity, data, node.span, called.span)


_KINDS: dict[str, Callable[[Written], Step | None]] = {
    "call": bind_call,
    "run": bind_run,
    "for_each": bind_for_each,
    "parallel": bind_parallel,
    "switch": bind_switch,
    "repeat": bind_repeat,
    "wait": bind_wait,
    "wait_for": bind_wait_for,
    "approval": bind_approval,
    "set": bind_set,
    "raise": bind_raise,
    "return": bind_return,
    "steps": bind_block,
    "status": bind_status,
}
"""Kinds by verb; `steps` and `status` come last, since other kinds may carry those keys too."""
