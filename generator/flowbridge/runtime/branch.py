"""Steps that run as a child of their own: the branches of a `parallel`, and whatever has a `timeout`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypedDict, TypeVar, cast

from .commands import Child, ChildOutcome, Children, Steps
from .drive import succeeded
from .errors import StepError
from .progress import Kept
from .values import BranchOutput, Compensation, RunInfo

_Result_co = TypeVar("_Result_co", covariant=True)

BranchResult = dict[str, object]


@dataclass(frozen=True)
class Branch(Generic[_Result_co]):
    """An orchestration that runs some steps once; `label` names it in results and errors.

    `compensates` says that its steps register calls that undo them: it is then never ended in the middle.
    """

    name: str
    label: str
    compensates: bool = False


class BranchInput(TypedDict):
    """What the parent hands to a branch."""

    run: RunInfo
    scope: object
    graceful: bool


@dataclass(frozen=True)
class Loop(Generic[_Result_co]):
    """An orchestration that runs some steps again and again; `every` in seconds between two turns.

    `compensates` says that its steps register calls that undo them: it is then never ended in the middle.
    """

    name: str
    every: float
    max_turns: int | None = None
    compensates: bool = False


class LoopInput(TypedDict):
    """What a loop starts with, and goes on with; `due` in ISO 8601 without a zone, or None; delays in seconds."""

    run: RunInfo
    scope: object
    step: str
    turn: int
    every: float
    max_turns: int | None
    due: str | None
    graceful: bool
    kept: Kept
    compensations: list[Compensation]


def loop_input(info: RunInfo, loop: Loop[object], scope: object, step: str, due: str | None) -> LoopInput:
    """What a loop starts with."""
    return {
        "run": info,
        "scope": scope,
        "step": step,
        "turn": 0,
        "every": loop.every,
        "max_turns": loop.max_turns,
        "due": due,
        "graceful": loop.compensates,
        "kept": {},
        "compensations": [],
    }


def run_child(name: str, instance_id: str, given: object, *, graceful: bool) -> Steps[tuple[ChildOutcome, ...]]:
    """Runs one child to its end."""
    return cast(tuple[ChildOutcome, ...], (yield Children((Child(name, instance_id, given, graceful),))))


def run_branches(
    info: RunInfo,
    branches: Sequence[Branch[object]],
    scope: object,
    prefix: str,
    *,
    wins: int | None = None,
    seconds: float | None = None,
) -> Steps[tuple[ChildOutcome, ...]]:
    """Runs branches side by side until the outcome is clear or the time is up."""
    children = tuple(
        Child(
            one.name,
            f"{prefix}:{number}",
            BranchInput(run=info, scope=scope, graceful=one.compensates),
            graceful=one.compensates,
        )
        for number, one in enumerate(branches)
    )
    return cast(tuple[ChildOutcome, ...], (yield Children(children, wins=wins, seconds=seconds)))


def joined(outcomes: Sequence[ChildOutcome], labels: Sequence[str], step: str, wins: int | None) -> BranchResult:
    """The values of the branches by label, None where one did not succeed; raises the first failure if too few did."""
    values = cast(BranchResult, dict.fromkeys(labels))
    succeeded_count = 0
    failures: list[StepError] = []
    for label, outcome in zip(labels, outcomes, strict=True):
        if succeeded(outcome):
            values[label] = cast(BranchOutput, outcome.output)["value"]
            succeeded_count += 1
        elif not outcome.stopped:
            failures.append(_failure(outcome, step))
    if succeeded_count < (len(labels) if wins is None else wins):
        raise failures[0] if failures else StepError("Stopped", "the branches were stopped", step)
    return values


def _failure(outcome: ChildOutcome, step: str) -> StepError:
    error = None if outcome.failure is not None else cast(BranchOutput, outcome.output)["error"]
    if error is None:
        return StepError("BranchFailed", outcome.failure or "", step)
    return StepError(error["code"], error["message"], error.get("step") or step, error.get("details"))
