"""Statements that run children, and the functions of the children themselves."""

from __future__ import annotations

from flowbridge.emit.code import literal, quoted
from flowbridge.emit.layout import Bracket, Doc, Joined, call, keyword, lines
from flowbridge.emit.lines import LineWriter, cast_to, duration, place_comment, scope_of, target, whole
from flowbridge.model.types import UnknownType
from flowbridge.plan.nodes import (
    BranchFunction,
    Child,
    LaneFunction,
    LoopFunction,
    RunBranches,
    RunChild,
    RunLanes,
    RunLoop,
    RunWithin,
)


def lanes(out: LineWriter, node: RunLanes, indent: int) -> list[str]:
    """Runs a fan-out."""
    items = out.writer(node.header.scope).expression(node.items)
    if node.batch_size is not None:
        items = call("in_batches", items, literal(node.batch_size))
    arguments: list[Doc] = [
        node.lane.constant,
        items,
        scope_of(node.lane.captured),
        keyword("step", quoted(node.header.step)),
        keyword("max_concurrency", literal(node.max_concurrency)),
    ]
    if node.tolerated_failures:
        arguments.append(keyword("tolerated_failures", literal(node.tolerated_failures)))
    return lines(call("yield from run.for_each", *arguments), indent, target(node.variable))


def branches(out: LineWriter, node: RunBranches, indent: int) -> list[str]:
    """Runs branches side by side."""
    constants = Bracket("[", tuple(one.constant for one in node.branches), "]")
    captured = {one.name: one for branch in node.branches for one in branch.captured}
    arguments: list[Doc] = [
        constants,
        scope_of(tuple(captured[name] for name in sorted(captured))),
        keyword("step", quoted(node.header.step)),
    ]
    if node.wins is not None:
        arguments.append(keyword("wins", literal(node.wins)))
    asked = call("run.branches", *arguments)
    if node.variable is None:
        return lines(Joined(("yield from ", asked)), indent)
    value = Bracket("(", (Joined(("yield from ", asked)),), ")", bare=True)
    return lines(cast_to(out.annotation(node.result), value), indent, target(node.variable))


def within(node: RunWithin, indent: int) -> list[str]:
    """Runs steps for a limited time, and takes over what they name."""
    arguments = (
        node.branch.constant,
        scope_of(node.branch.captured),
        keyword("step", quoted(node.header.step)),
        keyword("timeout", duration(node.seconds)),
    )
    variable = node.variable if node.branch.exports else None
    written = lines(call("yield from run.within", *arguments), indent, target(variable))
    for one in node.branch.exports:
        written.append(" " * indent + f"{one.variable} = {variable}[{quoted(one.name)}]")
    return written


def loop(node: RunLoop, indent: int) -> list[str]:
    """Runs a loop."""
    arguments: list[Doc] = [node.loop.constant, scope_of(node.loop.captured), keyword("step", quoted(node.header.step))]
    if node.seconds is not None:
        arguments.append(keyword("timeout", duration(node.seconds)))
    return lines(call("yield from run.loop", *arguments), indent, target(node.variable))


def child(out: LineWriter, node: RunChild, indent: int) -> list[str]:
    """Runs another workflow."""
    payload = out.writer(node.header.scope).data(node.payload, node.input)
    arguments: list[Doc] = [quoted(node.orchestrator), payload, keyword("step", quoted(node.header.step))]
    if node.compensates:
        arguments.append("compensates=True")
    asked = call("run.workflow", *arguments)
    if node.variable is None or node.output is None:
        return lines(Joined(("yield from ", asked)), indent)
    value = Bracket("(", (Joined(("yield from ", asked)),), ")", bare=True)
    return lines(cast_to(out.annotation(node.output), value), indent, target(node.variable))


# ---- the functions


def constant(one: Child, out: LineWriter) -> tuple[str, Doc]:
    """The constant that names a child's function with its types: the name, and the call that makes it."""
    result = out.annotation(one.result) if one.result is not None else "None"
    match one:
        case LaneFunction():
            arguments: list[Doc] = [quoted(one.function)]
            if one.compensates:
                arguments.append("compensates=True")
            return one.constant, call(f"Lane[{out.annotation(one.item)}, {one.scope_model}, {result}]", *arguments)
        case BranchFunction():
            arguments = [quoted(one.function), quoted(one.label)]
            if one.compensates:
                arguments.append("compensates=True")
            return one.constant, call(f"Branch[{result}]", *arguments)
        case LoopFunction():
            arguments = [quoted(one.function), keyword("every", literal(whole(one.every)))]
            if one.max_turns is not None:
                arguments.append(keyword("max_turns", literal(one.max_turns)))
            if one.compensates:
                arguments.append("compensates=True")
            return one.constant, call(f"Loop[{result}]", *arguments)


def parameters(one: Child, out: LineWriter) -> str:
    """The parameters of a child's steps after `run`."""
    scope = f"{'scope' if one.captured else '_scope'}: {one.scope_model}"
    match one:
        case LaneFunction():
            return f"{one.variable}: {out.annotation(one.item)}, {scope}"
        case BranchFunction():
            return scope
        case LoopFunction():
            return f"_turn: int, {scope}"


def gives(one: Child, out: LineWriter) -> str:
    """What a child's steps give."""
    result = out.annotation(one.result) if one.result is not None else "None"
    return f"Turn[{result}]" if isinstance(one, LoopFunction) else result


def _turn(one: LoopFunction, out: LineWriter) -> list[str]:
    """What a turn came to; the output may read what is only there once `until` holds."""
    until = out.writer(one.end).expression(one.until)
    if one.output is None:
        return lines(call("Turn", keyword("done", until), keyword("value", "None")), 4, "return ")
    value = out.writer(one.end).data(one.output.value, one.output.type or UnknownType())
    last = lines(call("Turn", keyword("done", "True"), keyword("value", value)), 8, "return ")
    return [*lines(until, 4, "if ", ":"), *last, "    return Turn(done=False, value=None)"]


def last_lines(one: Child, out: LineWriter) -> list[str]:
    """The end of a child's steps: what they give."""
    if isinstance(one, LoopFunction):
        return ["", *_turn(one, out)]
    if isinstance(one, BranchFunction) and one.exports:
        fields = tuple(Joined((quoted(each.name) + ": ", each.variable)) for each in one.exports)
        return ["", *lines(Bracket("{", fields, "}"), 4, "return ")]
    if one.output is None:
        return []
    return ["", place_comment(one.output.header, 4), *out.leave(one.output, 4)]
