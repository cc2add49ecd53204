"""A run of a workflow as its generated orchestrator sees it: one method for each kind of step.

A step's method is a generator of commands (`commands.py`); a driver carries them out. Nothing here waits by itself,
reads a clock of its own or keeps state outside the run, so a replay repeats it exactly.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar, cast

from .board import Board
from .branch import Branch, BranchResult, Loop, joined, loop_input, run_branches, run_child
from .commands import ChildOutcome, Pause, Steps, Work
from .errors import StepError, StoppedError
from .fan_out import Lane, compensations, deal, gathered, run_lanes, tolerance
from .progress import Kept
from .retry import ONCE, Retry
from .sdk import Context
from .tries import Tries
from .values import Compensation, FanOutResult, RunInfo, iso

_Input = TypeVar("_Input")
_Input_contra = TypeVar("_Input_contra", contravariant=True)
_Output_co = TypeVar("_Output_co", covariant=True)
_Output = TypeVar("_Output")
_Item = TypeVar("_Item")
_Scope = TypeVar("_Scope")
_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Activity(Generic[_Input_contra, _Output_co]):
    """An activity function of this app, with the types of its input and its result."""

    name: str


class Run:
    """One run, or a part of it that runs as a child; `info` is what expressions read.

    `shown` is false for an item of a fan-out: its lane shows a count instead. `key` differs between runs that share an
    instance id, and `place` between the parts of an instance. `kept` is what was shown before. `compensations` collects
    what undoes the steps that have succeeded.
    """

    def __init__(
        self,
        context: Context,
        info: RunInfo,
        *,
        shown: bool = True,
        key: str = "",
        place: str = "",
        kept: Kept | None = None,
        compensations: list[Compensation] | None = None,
    ) -> None:
        self._context = context
        self._key = key
        self._place = place
        self._uuids = 0
        self._waits: dict[str, int] = {}
        self.info = info
        self.board = Board(context if shown else None, kept)
        self.compensations: list[Compensation] = [] if compensations is None else compensations

    # ---- what is shown

    @property
    def current(self) -> str:
        """The id of the step that runs."""
        return self.board.step

    def step(self, name: str, title: str | None = None, message: str | None = None) -> None:
        """Shows that a step begins; what the step before it said is gone."""
        self.board.begin(name, title, message)

    def status(self, message: str) -> None:
        """Shows a progress message."""
        self.board.say(message)

    # ---- replay-safe values

    @property
    def moment(self) -> datetime:
        """This moment in UTC; the same in every replay."""
        return self._context.current_utc_datetime

    def now(self) -> str:
        """This moment in ISO 8601, UTC; the same in every replay."""
        return iso(self.moment)

    def today(self) -> str:
        """This day in UTC; the same in every replay."""
        return self.moment.date().isoformat()

    def uuid(self) -> str:
        """A new UUID; the same in every replay, and when the engine repeats an episode at another time.

        An episode that is lost after its messages went out has begun work under this name: the SDK's own, which counts
        on the time, would begin it a second time under another.
        """
        self._uuids += 1
        name = f"{self._key}/{self._context.instance_id}/{self._place}/{self._uuids}"
        return str(uuid.uuid5(uuid.NAMESPACE_OID, name))

    def event_name(self, step: str) -> str:
        """A name for one wait of a step: no two of an instance share one, or the engine would mix up their events.

        The items of a lane and the turns of a loop share an instance; their place tells them apart.
        """
        self._waits[step] = self._waits.get(step, 0) + 1
        return ".".join([step, *([self._place] if self._place else []), str(self._waits[step])])

    def children(self, step: str) -> str:
        """The beginning of the ids of a step's children.

        It differs from run to run: children of an earlier run of the same instance id may still be ending.
        """
        unique = uuid.UUID(self.uuid()).hex[:8]
        return f"{self._context.instance_id[:160]}:{step[:40]}:{unique}"

    # ---- calls and waits

    def call(
        self, activity: Activity[_Input, _Output], payload: _Input, *, step: str, retry: Retry = ONCE
    ) -> Steps[_Output]:
        """Calls an activity, again after a pause where the policy says so; raises StepError when it fails for good."""
        tries = self.tries(retry, step=step)
        while True:
            envelope = cast(Mapping[str, object], (yield Work(activity.name, payload)))
            if envelope.get("ok"):
                return cast(_Output, envelope.get("value"))
            error = cast(Mapping[str, str], envelope["error"])
            yield from tries.failed(StepError(error["code"], error["message"], step))

    def wait(self, duration: timedelta) -> Steps[None]:
        """Waits for a duration; not at all if it is negative."""
        yield Pause(max(0.0, duration.total_seconds()))

    def wait_until(self, moment: str) -> Steps[None]:
        """Waits until a moment in ISO 8601; one without a zone is in UTC."""
        until = datetime.fromisoformat(moment)
        now = self.moment
        if until.tzinfo is not None and now.tzinfo is None:
            until = until.astimezone(UTC).replace(tzinfo=None)
        elif until.tzinfo is None:
            until = until.replace(tzinfo=now.tzinfo)
        yield from self.wait(until - now)

    # ---- children

    def for_each(
        self,
        lane: Lane[_Item, _Scope, _Result],
        items: Sequence[_Item],
        scope: _Scope,
        *,
        step: str,
        max_concurrency: int,
        tolerated_failures: int | float = 0,
    ) -> Steps[FanOutResult[_Item, _Result]]:
        """Runs a lane for every `max_concurrency`-th item, side by side, and puts the results in order."""
        total = len(items)
        tolerated = tolerance(tolerated_failures, total)
        shares = deal(self.info, lane, items, scope, min(total, max_concurrency), tolerated)
        prefix = self.children(step)
        self.board.fan_out(prefix, len(shares), total)
        outcomes = yield from self._started(prefix, run_lanes(lane, prefix, shares))
        self.compensations += compensations(outcomes)
        result = gathered(outcomes, items, step, tolerated)
        self.board.fanned_in(total)
        return cast(FanOutResult[_Item, _Result], result)

    def branches(
        self, branches: Sequence[Branch[object]], scope: object, *, step: str, wins: int | None = None
    ) -> Steps[BranchResult]:
        """Runs branches side by side until `wins` of them have succeeded (None: all), and stops the others."""
        prefix = self.children(step)
        self.board.begin_children(prefix, len(branches), asks=True)
        outcomes = yield from self._started(prefix, run_branches(self.info, branches, scope, prefix, wins=wins))
        self.compensations += compensations(outcomes)
        return joined(outcomes, [one.label for one in branches], step, wins)

    def within(self, branch: Branch[_Result], scope: object, *, step: str, timeout: timedelta) -> Steps[_Result]:
        """Runs steps as a child, and stops them when the time is up: raises StepError `TimedOut` then."""
        prefix = self.children(step)
        self.board.begin_children(prefix, 1, asks=True)
        seconds = timeout.total_seconds()
        outcomes = yield from self._started(prefix, run_branches(self.info, [branch], scope, prefix, seconds=seconds))
        self.compensations += compensations(outcomes)
        if outcomes[0].stopped:
            raise StepError("TimedOut", f"not done within {timeout}", step)
        return cast(_Result, joined(outcomes, [branch.label], step, None)[branch.label])

    def loop(
        self, loop: Loop[_Result], scope: object, *, step: str, timeout: timedelta | None = None
    ) -> Steps[_Result]:
        """Runs the turns of a loop as a child, and gives the last one's value."""
        prefix = self.children(step)
        self.board.begin_children(prefix, 1, asks=True)
        due = None if timeout is None else iso(self.moment + timeout).rstrip("Z")
        start = loop_input(self.info, loop, scope, step, due)
        outcomes = yield from self._started(
            prefix, run_child(loop.name, f"{prefix}:0", start, graceful=loop.compensates)
        )
        self.compensations += compensations(outcomes)
        return cast(_Result, joined(outcomes, [step], step, None)[step])

    def workflow(self, name: str, payload: object, *, step: str, compensates: bool = False) -> Steps[object]:
        """Runs another workflow as an instance of its own, and gives its output; its error is raised here.

        One that `compensates` is never ended in the middle: it undoes what it has done first.
        """
        prefix = self.children(step)
        self.board.begin_children(prefix, 1, asks=False)
        start = {"input": payload, "token": prefix, "asChild": True, "graceful": compensates}
        outcomes = yield from self._started(prefix, run_child(name, f"{prefix}:0", start, graceful=compensates))
        return joined(outcomes, [step], step, None)[step]

    def tries(self, retry: Retry, *, step: str) -> Tries:
        """The attempts at steps that are tried again as a whole."""
        return Tries(retry, f"{self._context.instance_id}/{self._place}/{step}", step, lambda: self.moment)

    def _started(self, prefix: str, children: Steps[tuple[ChildOutcome, ...]]) -> Steps[tuple[ChildOutcome, ...]]:
        """The outcomes of children that have been shown; withdraws them if the run has to end before they start."""
        try:
            return (yield from children)
        except StoppedError:
            self.board.withdraw(prefix)
            raise

    # ---- undoing

    def compensate(self, activity: Activity[_Input, object], payload: _Input, *, step: str) -> None:
        """Registers a call that undoes a step, should the workflow fail later."""
        self.compensations.append({"function": activity.name, "payload": payload, "step": step})

    def undo(self, retry: Retry) -> Steps[list[StepError]]:
        """Makes the registered calls, the last first; gives the errors of those that failed for good."""
        failed: list[StepError] = []
        while self.compensations:
            one = self.compensations.pop()
            try:
                yield from self.call(
                    Activity[object, object](one["function"]), one["payload"], step=one["step"], retry=retry
                )
            except StepError as error:
                failed.append(error)
        return failed
