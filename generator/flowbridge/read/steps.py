"""Steps: one function for each kind, found by the verb that tells the kind.

A kind is added by a function and a line in `_KINDS`, beside its branch in the schema.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flowbridge.model import workflow as model
from flowbridge.model.workflow import Common, Raise, Return, Step
from flowbridge.read.binder import Binder
from flowbridge.read.nodes import Entry, ListNode, MapNode, Node, ScalarNode
from flowbridge.read.retry_policies import call_policy

DEFAULT_CONCURRENCY = 20


@dataclass(frozen=True)
class _Written:
    """One step as it was written: its map, the entry of its verb, and what any step may carry, bound."""

    node: MapNode
    verb: Entry
    common: Common


def bind_steps(binder: Binder, node: Node | None) -> tuple[Step, ...]:
    """The steps of a list; one that the schema refused is left out, and what is inside of it is still read."""
    if not isinstance(node, ListNode):
        return ()
    bound = (_step(binder, one) for one in node.items if isinstance(one, MapNode))
    return tuple(step for step in bound if step is not None)


def _step(binder: Binder, node: MapNode) -> Step | None:
    for verb, bind in _KINDS.items():
        entry = node.entry(verb)
        if entry is not None:
            return bind(binder, _Written(node, entry, _common(binder, node, verb)))
    return None


def _common(binder: Binder, node: MapNode, verb: str) -> Common:
    named = node.get("id")
    name = binder.string(named)
    return Common(
        id=name,
        title=binder.string(node.get("title")),
        condition=binder.condition(node.get("if")),
        status=binder.text(node.get("status")) if verb != "status" else None,
        span=node.span,
        id_span=named.span if named is not None and name is not None else None,
    )


# ---- kinds


def _call(binder: Binder, step: _Written) -> Step | None:
    arguments = step.node.get("with")
    data = binder.data(arguments) if arguments is not None else None
    retry = call_policy(binder, step.node.get("retry"))
    activity = binder.string(step.verb.value)
    if activity is None:
        return None
    return model.Call(step.common, activity, data, retry, step.verb.value.span)


def _for_each(binder: Binder, step: _Written) -> Step | None:
    items = binder.condition(step.node.get("in"))
    inner = bind_steps(binder, step.node.get("steps"))
    output = step.node.get("output")
    data = binder.data(output) if output is not None else None
    variable = binder.string(step.verb.value)
    if variable is None or items is None:
        return None
    concurrency = binder.integer(step.node.get("max_concurrency")) or DEFAULT_CONCURRENCY
    return model.ForEach(step.common, variable, items, concurrency, inner, data, step.verb.value.span)


def _switch(binder: Binder, step: _Written) -> Step | None:
    cases = step.verb.value
    bound: list[model.Case] = []
    for one in cases.items if isinstance(cases, ListNode) else ():
        if isinstance(one, MapNode):
            when, inner = binder.condition(one.get("when")), bind_steps(binder, one.get("steps"))
            if when is not None:
                bound.append(model.Case(when, inner, one.span))
    default = step.node.get("default")
    return model.Switch(step.common, tuple(bound), bind_steps(binder, default) if default is not None else None)


def _block(binder: Binder, step: _Written) -> Step | None:
    return model.Block(step.common, bind_steps(binder, step.verb.value))


def _approval(binder: Binder, step: _Written) -> Step | None:
    node = step.verb.value
    if not isinstance(node, MapNode):
        return None
    approvers = node.get("approvers")
    heading, details = binder.text(node.get("title")), binder.text(node.get("details"))
    asked = binder.data(approvers) if approvers is not None else None
    limit = node.get("timeout")
    timeout = binder.duration(limit)
    on_timeout, on_rejected = _leave(binder, node.get("on_timeout")), _leave(binder, node.get("on_rejected"))
    if heading is None or timeout is None or limit is None:
        return None
    return model.Approval(step.common, heading, details, asked, timeout, on_timeout, on_rejected, limit.span)


def _leave(binder: Binder, node: Node | None) -> Raise | Return | None:
    """What ends the workflow after a timeout or a rejection: a step of its own without an id."""
    if not isinstance(node, MapNode):
        return None
    common = Common(None, None, None, None, node.span)
    for verb, bind in (("raise", _raise), ("return", _return)):
        entry = node.entry(verb)
        if entry is not None:
            return bind(binder, _Written(node, entry, common))
    return None


def _set(binder: Binder, step: _Written) -> Step | None:
    return model.Set(step.common, binder.data(step.verb.value))


def _status(binder: Binder, step: _Written) -> Step | None:
    message = binder.text(step.verb.value)
    return model.Status(step.common, message) if message is not None else None


def _raise(binder: Binder, step: _Written) -> Raise | None:
    node = step.verb.value
    named = node.get("error") if isinstance(node, MapNode) else node
    message = binder.text(node.get("message")) if isinstance(node, MapNode) else None
    error = binder.string(named)
    if error is None or named is None:
        return None
    return Raise(step.common, error, message, named.span)


def _return(binder: Binder, step: _Written) -> Return:
    node = step.verb.value
    nothing = isinstance(node, ScalarNode) and node.value is None
    return Return(step.common, None if nothing else binder.data(node))


_KINDS: dict[str, Callable[[Binder, _Written], Step | None]] = {
    "call": _call,
    "for_each": _for_each,
    "switch": _switch,
    "approval": _approval,
    "set": _set,
    "raise": _raise,
    "return": _return,
    "steps": _block,
    "status": _status,
}
"""Kinds by verb; `steps` and `status` come last, since other kinds may carry those keys too."""
