"""Steps that wait: for a time, for events from outside, for people."""

from __future__ import annotations

from flowbridge.model import workflow as model
from flowbridge.model.workflow import Escalation, Event, Step
from flowbridge.read.ending_steps import bind_leave
from flowbridge.read.nodes import MapNode, Node, ScalarNode
from flowbridge.read.written import Written
from flowbridge.text.source import Span


def bind_wait(step: Written) -> Step | None:
    """`wait`: a duration, or until a time."""
    node, binder = step.verb.value, step.binder
    if isinstance(node, MapNode):
        until = binder.condition(node.get("until"))
        return model.Wait(step.common, None, until, node.span) if until is not None else None
    seconds = binder.duration(node)
    return model.Wait(step.common, seconds, None, node.span) if seconds is not None else None


def bind_wait_for(step: Written) -> Step | None:
    """`wait_for`: one event, or several."""
    node = step.verb.value
    if not isinstance(node, MapNode):
        return None
    match = step.binder.condition(node.get("match"))
    limit = node.get("timeout")
    timeout, on_timeout = step.binder.duration(limit), bind_leave(step, node.get("on_timeout"))
    mode = "any" if "any" in node else "all" if "all" in node else "one"
    events = _several(step, node.get(mode)) if mode != "one" else _one(step, node)
    if not events or timeout is None or limit is None:
        return None
    count = step.binder.integer(node.get("count")) or 1
    return model.WaitFor(step.common, events, mode, count, match, timeout, on_timeout, limit.span)


def _one(step: Written, node: MapNode) -> tuple[Event, ...]:
    payload = step.payload(node.get("payload"), "an event")
    named = node.get("event")
    name = step.binder.string(named)
    return (Event(name, payload, named.span),) if name is not None and named is not None else ()


def _several(step: Written, node: Node | None) -> tuple[Event, ...]:
    if not isinstance(node, MapNode):
        return ()
    if not node.entries and id(node) not in step.binder.faulty:
        step.binder.report("E123", node.span, "there is no event in it", "nothing in it", "write the events by name")
    return tuple(Event(one.key, step.payload(one.value, "an event"), one.key_span) for one in node.entries)


def bind_approval(step: Written) -> Step | None:
    """`approval`: a decision."""
    node, binder = step.verb.value, step.binder
    if not isinstance(node, MapNode):
        return None
    heading, details = binder.text(node.get("title")), binder.text(node.get("details"))
    needed, rejected_key = node.get("required"), node.entry("on_rejected")
    approvers, required = step.data(node.get("approvers")), _required(step, needed)
    limit, remind, rejected = node.get("timeout"), node.get("remind_every"), node.get("on_rejected")
    timeout, remind_every = binder.duration(limit), binder.duration(remind)
    escalation, form = _escalation(step, node.get("escalate")), step.payload(node.get("form"), "a form")
    on_timeout, on_rejected = bind_leave(step, node.get("on_timeout")), bind_leave(step, rejected)
    outcomes = binder.strings(node.get("outcomes"))
    if heading is None or timeout is None or limit is None:
        return None
    return model.Approval(
        step.common,
        heading,
        details,
        approvers,
        timeout,
        on_timeout,
        on_rejected,
        limit.span,
        required=required,
        remind_every=remind_every,
        escalation=escalation,
        form=form,
        outcomes=tuple(one for one, _ in outcomes) or ("Approve", "Reject"),
        outcome_spans=tuple(span for _, span in outcomes),
        remind_span=remind.span if remind is not None else None,
        escalation_span=_after_place(node.get("escalate")),
        rejected_span=rejected_key.key_span if rejected_key is not None else None,
        required_span=needed.span if needed is not None else None,
    )


def _required(step: Written, node: Node | None) -> int | None:
    """How many have to agree; None for all."""
    if isinstance(node, ScalarNode) and node.value == "all":
        return None
    return step.binder.integer(node) or 1


def _escalation(step: Written, node: Node | None) -> Escalation | None:
    if not isinstance(node, MapNode):
        return None
    after, to = step.binder.duration(node.get("after")), step.data(node.get("to"))
    return Escalation(after, to) if after is not None and to is not None else None


def _after_place(node: Node | None) -> Span | None:
    after = node.get("after") if isinstance(node, MapNode) else None
    return after.span if after is not None else None
