"""Which names expressions and data read: what a fan-out must capture, and which results are worth a variable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from flowbridge.model.expression import (
    Arithmetic,
    Attribute,
    Compare,
    Comprehension,
    Conditional,
    Constant,
    Construct,
    Expression,
    FunctionCall,
    Index,
    ListOf,
    Logic,
    Name,
    Negate,
    Not,
)
from flowbridge.model.workflow import (
    Approval,
    Block,
    Call,
    Computed,
    Data,
    ForEach,
    Mapping,
    Parallel,
    Raise,
    Repeat,
    Return,
    RunWorkflow,
    Scalar,
    Sequence,
    Set,
    Status,
    Step,
    Switch,
    Template,
    Wait,
    WaitFor,
)


def in_expression(node: Expression) -> Iterator[str]:
    """The names that an expression reads, each as often as it does; a comprehension's own variable is left out."""
    match node:
        case Constant():
            return
        case Name():
            yield node.name
        case Comprehension():
            inner = (node.element, *node.conditions)
            yield from in_expression(node.items)
            yield from (name for one in inner for name in in_expression(one) if name != node.variable)
        case _:
            for one in _parts(node):
                yield from in_expression(one)


def _parts(
    node: Attribute
    | Index
    | ListOf
    | Compare
    | Logic
    | Not
    | Negate
    | Arithmetic
    | Conditional
    | FunctionCall
    | Construct,
) -> tuple[Expression, ...]:
    match node:
        case Attribute():
            return (node.target,)
        case Index():
            return (node.target, node.index)
        case ListOf():
            return node.items
        case Compare() | Arithmetic():
            return (node.left, node.right)
        case Logic():
            return node.operands
        case Not() | Negate():
            return (node.operand,)
        case Conditional():
            return (node.then, node.condition, node.otherwise)
        case FunctionCall():
            return node.arguments
        case Construct():
            return tuple(value for _, value in node.fields)
        case _:
            assert_never(node)


def in_data(node: Data | None) -> Iterator[str]:
    """The names that data reads."""
    match node:
        case None | Scalar():
            return
        case Computed():
            yield from in_expression(node.expression)
        case Template():
            yield from (name for part in node.parts if not isinstance(part, str) for name in in_expression(part))
        case Mapping():
            yield from (name for _, value in node.fields for name in in_data(value))
        case Sequence():
            yield from (name for value in node.items for name in in_data(value))
        case _:
            assert_never(node)


def in_steps(steps: Iterable[Step]) -> Iterator[str]:
    """The names that steps read, at any depth."""
    for step in steps:
        common = step.common
        if common.condition is not None:
            yield from in_expression(common.condition)
        yield from in_data(common.status)
        for one in common.catches:
            yield from in_steps(one.steps)
        yield from in_steps(common.finally_)
        if common.compensate is not None:
            yield from in_data(common.compensate.arguments)
        yield from _in_step(step)


def _in_step(step: Step) -> Iterator[str]:
    match step:
        case Call() | RunWorkflow():
            yield from in_data(step.arguments)
        case ForEach():
            yield from in_expression(step.items)
            yield from in_steps(step.steps)
            yield from in_data(step.output)
        case Parallel():
            for branch in step.branches:
                yield from in_steps(branch.steps)
                yield from in_data(branch.output)
        case Repeat():
            yield from in_steps(step.steps)
            yield from in_expression(step.until)
            yield from in_data(step.output)
        case Switch():
            for case in step.cases:
                yield from in_expression(case.when)
                yield from in_steps(case.steps)
            yield from in_steps(step.default or ())
        case Block():
            yield from in_steps(step.steps)
        case Approval():
            escalated = step.escalation.to if step.escalation is not None else None
            for data in (step.heading, step.details, step.approvers, escalated):
                yield from in_data(data)
            yield from _in_leaves(step.on_timeout, step.on_rejected)
        case WaitFor():
            if step.match is not None:
                yield from (name for name in in_expression(step.match) if name != "payload")
            yield from _in_leaves(step.on_timeout)
        case Wait():
            if step.until is not None:
                yield from in_expression(step.until)
        case Set() | Return():
            yield from in_data(step.value)
        case Status():
            yield from in_data(step.message)
        case Raise():
            yield from in_data(step.message)
            yield from in_data(step.arguments)
        case _:
            assert_never(step)


def _in_leaves(*steps: Raise | Return | None) -> Iterator[str]:
    yield from in_steps(step for step in steps if step is not None)
