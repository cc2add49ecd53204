"""Steps that wait for nothing: a value, a message, and the two ends of a workflow."""

from __future__ import annotations

from dataclasses import replace

from flowbridge.model import workflow as model
from flowbridge.model.workflow import Common, Raise, Return, Step
from flowbridge.read.nodes import MapNode, Node, ScalarNode
from flowbridge.read.written import Written


def bind_set(step: Written) -> Step | None:
    """`set`: a value."""
    return model.Set(step.common, step.binder.data(step.verb.value))


def bind_status(step: Written) -> Step | None:
    """`status`: a message."""
    message = step.binder.text(step.verb.value)
    return model.Status(step.common, message) if message is not None else None


def bind_raise(step: Written) -> Raise | None:
    """`raise`: an error by its name, or with a message and its fields."""
    node = step.verb.value
    named = node.get("error") if isinstance(node, MapNode) else node
    message = step.binder.text(node.get("message")) if isinstance(node, MapNode) else None
    arguments = step.data(node.get("with")) if isinstance(node, MapNode) else None
    error = step.binder.string(named)
    if error is None or named is None:
        return None
    return Raise(step.common, error, message, named.span, arguments)


def bind_return(step: Written) -> Return:
    """`return`: the output, or nothing."""
    node = step.verb.value
    nothing = isinstance(node, ScalarNode) and node.value is None
    return Return(step.common, None if nothing else step.binder.data(node))


def bind_leave(step: Written, node: Node | None) -> Raise | Return | None:
    """What ends the workflow after a timeout or a rejection: a step of its own without an id."""
    if not isinstance(node, MapNode):
        return None
    common = Common(None, None, None, None, node.span)
    for verb, bind in (("raise", bind_raise), ("return", bind_return)):
        entry = node.entry(verb)
        if entry is not None:
            return bind(replace(step, node=node, verb=entry, common=common))
    return None
