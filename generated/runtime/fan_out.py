"""A fan-out: its items dealt to lanes, and what the lanes answer put together in the order of the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from .commands import Child, ChildOutcome, Children, Steps
from .errors import StepError
from .lane import LaneError, LaneOutput, LaneShare
from .values import Compensation, FanOutResult, RunInfo

_Item = TypeVar("_Item")
_Scope = TypeVar("_Scope")
_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Lane(Generic[_Item, _Scope, _Result]):
    """The orchestration that works off a share of a fan-out's items; `_Result` is what each item gives.

    `compensates` says that steps of an item register calls that undo them: a lane is then never ended in the middle.
    """

    name: str
    compensates: bool = False


def deal(
    info: RunInfo, lane: Lane[_Item, _Scope, _Result], items: Sequence[_Item], scope: _Scope, lanes: int, tolerated: int
) -> list[LaneShare]:
    """The share of each lane: every `lanes`-th item."""
    numbered = cast(list[tuple[int, object]], list(enumerate(items)))
    return [
        LaneShare(
            lane=lane.name,
            run=info,
            scope=scope,
            items=numbered[number::lanes],
            tolerated=tolerated,
            graceful=lane.compensates,
            results=[],
            failed=[],
            compensations=[],
        )
        for number in range(lanes)
    ]


def run_lanes(
    lane: Lane[_Item, _Scope, _Result], prefix: str, shares: list[LaneShare]
) -> Steps[tuple[ChildOutcome, ...]]:
    """Runs the lanes side by side; one that fails stops the others."""
    children = tuple(
        Child(lane.name, f"{prefix}:{number}", share, graceful=lane.compensates) for number, share in enumerate(shares)
    )
    return cast(tuple[ChildOutcome, ...], (yield Children(children)))


def gathered(
    outcomes: Sequence[ChildOutcome], items: Sequence[_Item], step: str, tolerated: int
) -> FanOutResult[_Item, object]:
    """The results in the order of the list; raises the earliest failure if more items failed than are tolerated."""
    found: dict[int, object] = {}
    failed: list[LaneError] = []
    # A lane that fails while it is being ended may fail for that reason alone.
    first: list[LaneError] = []
    for outcome in outcomes:
        if outcome.failure is not None:
            raise StepError("LaneFailed", outcome.failure, step)
        if outcome.output is not None:
            output = cast(LaneOutput, outcome.output)
            found.update((index, value) for index, value in output["results"])
            failed += output["failed"]
            first += [] if outcome.stopped else output["failed"]
    failed.sort(key=lambda one: one["index"])
    if len(failed) > tolerated:
        raise _failure(sorted(first, key=lambda one: one["index"]) or failed, len(items), step, tolerated)
    if len(found) + len(failed) < len(items):
        raise StepError("Stopped", "not all items were done", step)
    return {
        "results": [found[index] for index in sorted(found)],
        "errors": [{"index": one["index"], "item": items[one["index"]], "error": one["error"]} for one in failed],
        "succeeded": len(found),
        "failed": len(failed),
        "total": len(items),
    }


def compensations(outcomes: Sequence[ChildOutcome]) -> list[Compensation]:
    """What the children have registered to be undone."""
    outputs = [cast(LaneOutput, one.output) for one in outcomes if one.output is not None]
    return [one for output in outputs for one in output["compensations"]]


def tolerance(allowed: int | float, total: int) -> int:
    """How many failures are tolerated: a count, or a fraction below 1 of all items, rounded down."""
    return int(allowed * total) if isinstance(allowed, float) else allowed


def _failure(failed: list[LaneError], total: int, step: str, tolerated: int) -> StepError:
    earliest = failed[0]
    error = earliest["error"]
    where = f"item {earliest['index'] + 1} of {total}"
    message = f"{where}: {error['message']}"
    if tolerated:
        message = f"{len(failed)} of {total} failed, {tolerated} are tolerated; {message}"
    return StepError(error["code"], message, error.get("step") or step, error.get("details"))


def in_batches(items: Sequence[_Item], size: int) -> list[list[_Item]]:
    """The items in lists of at most `size`, in order."""
    return [list(items[start : start + size]) for start in range(0, len(items), size)]
