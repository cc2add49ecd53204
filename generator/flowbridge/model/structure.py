"""The shape of a workflow's steps: which holds which, and which ways end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, assert_never

from flowbridge.model.workflow import (
    Approval,
    Block,
    Call,
    ForEach,
    Parallel,
    Raise,
    Repeat,
    Return,
    RunWorkflow,
    Set,
    Status,
    Step,
    Switch,
    Wait,
    WaitFor,
)

Role = Literal["steps", "catch", "finally", "leave"]


@dataclass(frozen=True)
class Holder:
    """A step around another, and as what it holds it: its own steps, those of a catch or of `finally`, or what ends it.

    `branch` is the branch of a `parallel`.
    """

    step: Step
    role: Role
    branch: str | None = None


def held(step: Step) -> Iterator[tuple[Holder, tuple[Step, ...]]]:
    """The lists of steps that a step holds directly, each with how it holds them."""
    match step:
        case ForEach() | Block() | Repeat():
            yield Holder(step, "steps"), step.steps
        case Parallel():
            for branch in step.branches:
                yield Holder(step, "steps", branch.name), branch.steps
        case Switch():
            for case in step.cases:
                yield Holder(step, "steps"), case.steps
            if step.default is not None:
                yield Holder(step, "steps"), step.default
        case Approval():
            for one in (step.on_timeout, step.on_rejected):
                if one is not None:
                    yield Holder(step, "leave"), (one,)
        case WaitFor():
            if step.on_timeout is not None:
                yield Holder(step, "leave"), (step.on_timeout,)
        case Call() | RunWorkflow() | Wait() | Set() | Status() | Raise() | Return():
            pass
        case _:
            assert_never(step)
    for catch in step.common.catches:
        yield Holder(step, "catch"), catch.steps
    if step.common.finally_:
        yield Holder(step, "finally"), step.common.finally_


def every_step(steps: Iterable[Step]) -> Iterator[Step]:
    """All steps, each before those that it holds."""
    return (step for step, _ in steps_with_holders(steps))


def steps_with_holders(
    steps: Iterable[Step], holders: tuple[Holder, ...] = ()
) -> Iterator[tuple[Step, tuple[Holder, ...]]]:
    """All steps, each with the steps around it from the outside in."""
    for step in steps:
        yield step, holders
        for holder, inner in held(step):
            yield from steps_with_holders(inner, (*holders, holder))


def every_list(steps: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
    """All lists of steps that run one after another; what ends an approval or a wait is none."""
    yield steps
    for step in steps:
        for holder, inner in held(step):
            if holder.role != "leave":
                yield from every_list(inner)


def always_leaves(steps: Iterable[Step]) -> bool:
    """Whether these steps end the workflow on every way through them."""
    return any(leaves(step) for step in steps)


def leaves(step: Step) -> bool:
    """Whether a step ends the workflow whenever it is reached."""
    return step.common.condition is None and leaves_if_run(step)


def leaves_if_run(step: Step) -> bool:
    """Whether a step ends the workflow whenever its `if` holds; what is caught goes on."""
    if always_leaves(step.common.finally_):
        return True
    return _itself_leaves(step) and all(always_leaves(one.steps) for one in step.common.catches)


def _itself_leaves(step: Step) -> bool:
    match step:
        case Raise() | Return():
            return True
        case Block() | Repeat():
            return always_leaves(step.steps)
        case Switch():
            branches = [case.steps for case in step.cases]
            return step.default is not None and all(always_leaves(one) for one in [*branches, step.default])
        case Parallel():
            return step.wins is None and any(always_leaves(one.steps) for one in step.branches)
        case Call() | RunWorkflow() | ForEach() | Approval() | Wait() | WaitFor() | Set() | Status():
            return False
        case _:
            assert_never(step)
