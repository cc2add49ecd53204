"""Steps that do work or hold steps that do: calls, loops, branches and blocks."""

from __future__ import annotations

from dataclasses import replace

from flowbridge.model import workflow as model
from flowbridge.model.workflow import ParallelBranch, Step
from flowbridge.read.nodes import Entry, ListNode, MapNode, Node, ScalarNode
from flowbridge.read.retry_policies import call_policy
from flowbridge.read.written import Written

DEFAULT_CONCURRENCY = 20


def bind_call(step: Written) -> Step | None:
    """`call`: an activity."""
    data = step.data(step.node.get("with"))
    retry = call_policy(step.binder, step.node.get("retry"))
    activity = step.binder.string(step.verb.value)
    if activity is None:
        return None
    return model.Call(step.common, activity, data, retry, step.verb.value.span)


def bind_run(step: Written) -> Step | None:
    """`run`: another workflow."""
    data = step.data(step.node.get("with"))
    workflow = step.binder.string(step.verb.value)
    return model.RunWorkflow(step.common, workflow, data, step.verb.value.span) if workflow is not None else None


def bind_for_each(step: Written) -> Step | None:
    """`for_each`: steps for every item of a list."""
    node, binder = step.node, step.binder
    items = binder.condition(node.get("in"))
    inner = step.bind_steps(node.get("steps"))
    output = step.data(node.get("output"))
    variable = binder.string(step.verb.value)
    if variable is None or items is None:
        return None
    return model.ForEach(
        step.common,
        variable,
        items,
        binder.integer(node.get("max_concurrency")) or DEFAULT_CONCURRENCY,
        inner,
        output,
        step.verb.value.span,
        batch_size=binder.integer(node.get("batch_size")),
        tolerated_failures=_tolerance(step, node.get("tolerated_failures")),
    )


def _tolerance(step: Written, node: Node | None) -> int | float:
    """A count, or a percentage as a fraction."""
    text = step.binder.string(node)
    if text is not None:
        return float(text.rstrip("%")) / 100
    return step.binder.integer(node) or 0


def bind_parallel(step: Written) -> Step | None:
    """`parallel`: branches by name."""
    node, when = step.verb.value, step.node.get("complete_when")
    if not isinstance(node, MapNode):
        return None
    branches = tuple(found for one in node.entries if (found := _branch(step, one)) is not None)
    if isinstance(when, ScalarNode) and when.value == "any":
        wins = 1
    else:
        wins = step.binder.integer(when)
    if not node.entries:
        words = "there is no branch in it"
        step.binder.report("E123", node.span, words, "nothing in it", "write branches: {name: {steps: […]}}")
    return model.Parallel(step.common, branches, wins, when.span if when is not None else None)


def _branch(step: Written, entry: Entry) -> ParallelBranch | None:
    node = entry.value
    if not isinstance(node, MapNode):
        return None
    return ParallelBranch(entry.key, step.bind_steps(node.get("steps")), step.data(node.get("output")), entry.key_span)


def bind_switch(step: Written) -> Step | None:
    """`switch`: the first case that holds."""
    cases = step.verb.value
    bound: list[model.Case] = []
    for one in cases.items if isinstance(cases, ListNode) else ():
        if isinstance(one, MapNode):
            when, inner = step.binder.condition(one.get("when")), step.bind_steps(one.get("steps"))
            if when is not None:
                bound.append(model.Case(when, inner, one.span))
    default = step.node.get("default")
    return model.Switch(step.common, tuple(bound), step.bind_steps(default) if default is not None else None)


def bind_block(step: Written) -> Step | None:
    """`steps`: a block, which may be tried again as a whole."""
    retry = step.node.get("retry")
    inner = step.bind_steps(step.verb.value)
    if retry is None:
        return model.Block(step.common, inner)
    return model.Block(replace(step.common, retry=call_policy(step.binder, retry)), inner)


def bind_repeat(step: Written) -> Step | None:
    """`repeat`: steps until something holds."""
    node, binder = step.verb.value, step.binder
    if not isinstance(node, MapNode):
        return None
    inner, until = step.bind_steps(node.get("steps")), binder.condition(node.get("until"))
    pause, output = node.get("every"), step.data(node.get("output"))
    every = binder.duration(pause)
    if until is None:
        return None
    return model.Repeat(
        step.common,
        inner,
        until,
        every if every is not None else 0.0,
        binder.integer(node.get("max_times")),
        output,
        pause.span if pause is not None else None,
    )
