"""A lane with a long share: works it off in segments, each a lane of its own, one after the other.

A lane reads its input again in every episode, and what is left of its share and what it has done so far are in it. In
segments it is read once for each of them, so that the work grows with the number of items and not with its square.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import cast

from .commands import Child, ChildOutcome, Children
from .drive import Driver
from .lane import LaneOutput, LaneShare
from .progress import Group, LaneStatus
from .sdk import Context, Task

ITEMS_A_SEGMENT = 50


def is_long(share: LaneShare) -> bool:
    """Whether a share is worked off in segments."""
    return len(share["items"]) > ITEMS_A_SEGMENT


def work_off_segments(context: Context, share: LaneShare) -> Generator[Task, object, LaneOutput]:
    """Works off the segments of a share; raises what made one fail that could not answer."""
    driver = Driver(context, graceful=share["graceful"])
    items = share["items"]
    output = LaneOutput(ok=True, results=[], failed=[], compensations=[])
    for number, begin in enumerate(range(0, len(items), ITEMS_A_SEGMENT)):
        part: LaneShare = {
            **share,
            "items": items[begin : begin + ITEMS_A_SEGMENT],
            "tolerated": share["tolerated"] - len(output["failed"]),
        }
        child = Child(share["lane"], f"{context.instance_id}:{number}", part, graceful=share["graceful"])
        if driver.stopped:
            return {**output, "ok": False}
        _show(context, begin, len(items), number)
        outcomes = yield from driver.perform(Children((child,)))
        done = _answer(cast(tuple[ChildOutcome, ...], outcomes)[0])
        output = LaneOutput(
            ok=done["ok"],
            results=output["results"] + done["results"],
            failed=output["failed"] + done["failed"],
            compensations=output["compensations"] + done["compensations"],
        )
        if not output["ok"]:
            break
    return output


def _show(context: Context, completed: int, total: int, number: int) -> None:
    """Shows what is done before a segment; what is done in it, the segment shows itself."""
    group = Group(prefix=context.instance_id, count=number + 1, asks=False)
    segment = f"{context.instance_id}:{number}"
    context.set_custom_status(LaneStatus(completed=completed, total=total, children=[group], segment=segment))


def _answer(outcome: ChildOutcome) -> LaneOutput:
    if outcome.output is None:
        raise RuntimeError(outcome.failure or "the segment was ended")
    return cast(LaneOutput, outcome.output)
