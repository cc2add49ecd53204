"""The shape of a workflow's steps: which holds which, and which ways end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from flowbridge.model.workflow import Approval, Block, Call, ForEach, Raise, Return, Set, Status, Step, Switch


def inner_steps(step: Step) -> tuple[Step, ...]:
    """The steps that a step holds directly, those of an approval's timeout and rejection included."""
    match step:
        case ForEach() | Block():
            return step.steps
        case Switch():
            return tuple(one for case in step.cases for one in case.steps) + (step.default or ())
        case Approval():
            return tuple(one for one in (step.on_timeout, step.on_rejected) if one is not None)
        case Call() | Set() | Status() | Raise() | Return():
            return ()
        case _:
            assert_never(step)


def every_step(steps: Iterable[Step]) -> Iterator[Step]:
    """All steps, each before those that it holds."""
    return (step for step, _ in steps_with_loops(steps))


def steps_with_loops(steps: Iterable[Step], loop: str | None = None) -> Iterator[tuple[Step, str | None]]:
    """All steps, each with the id (or the variable) of the for_each that it is in; None outside of any."""
    for step in steps:
        yield step, loop
        inner = (step.common.id or step.variable) if isinstance(step, ForEach) else loop
        yield from steps_with_loops(inner_steps(step), inner)


def always_leaves(steps: Iterable[Step]) -> bool:
    """Whether these steps end the workflow on every way through them."""
    return any(leaves(step) for step in steps)


def leaves(step: Step) -> bool:
    """Whether a step ends the workflow whenever it is reached."""
    return step.common.condition is None and leaves_if_run(step)


def leaves_if_run(step: Step) -> bool:
    """Whether a step ends the workflow whenever its `if` holds."""
    match step:
        case Raise() | Return():
            return True
        case Block():
            return always_leaves(step.steps)
        case Switch():
            branches = [case.steps for case in step.cases]
            return step.default is not None and all(always_leaves(one) for one in [*branches, step.default])
        case Call() | ForEach() | Approval() | Set() | Status():
            return False
        case _:
            assert_never(step)
