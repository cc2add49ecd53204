"""A run of a workflow as its generated orchestrator sees it: one method for each kind of step.

A step's method is a generator of commands (`commands.py`); a driver carries them out. Nothing here waits by itself,
reads a clock of its own or keeps state outside the run, so a replay repeats it exactly.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar, cast

from .approval import Answer, read_answer
from .commands import Children, Heard, Listen, Pause, Steps, Work
from .errors import StepError
from .lane import LaneInput, gather
from .progress import Board, Decision, Waiting, bounded
from .retry import ONCE, Retry
from .sdk import Context
from .values import ApprovalResult, FanOutResult, RunInfo, iso

_Input = TypeVar("_Input")
_Output = TypeVar("_Output")
_Item = TypeVar("_Item")
_Scope = TypeVar("_Scope")
_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Activity(Generic[_Input, _Output]):
    """An activity function of this app, with the types of its input and its result."""

    name: str


@dataclass(frozen=True)
class Lane(Generic[_Item, _Scope, _Result]):
    """The orchestration that works off a share of a fan-out's items; `_Result` is what each item gives."""

    name: str


class Run:
    """One run, or one item of a fan-out in it; `info` is what expressions read."""

    def __init__(self, context: Context, info: RunInfo, *, item: int | None = None) -> None:
        self._context = context
        self._item = item
        self._board: Board = {"step": ""}
        self._waits = 0
        self.info = info

    @property
    def current(self) -> str:
        """The id of the step that runs."""
        return self._board["step"]

    # ---- what is shown

    def step(self, name: str, title: str | None = None, message: str | None = None) -> None:
        """Shows that a step begins; a message stays until the next step that has one."""
        self._board["step"] = name
        self._board.pop("title", None)
        if title is not None:
            self._board["title"] = title
        if message is not None:
            self._board["message"] = message
        self._show()

    def status(self, message: str) -> None:
        """Shows a progress message."""
        self._board["message"] = message
        self._show()

    def failed(self, error: StepError) -> None:
        """Shows the error that ends the run; GetStatus reads it from here, typed."""
        self._board["error"] = error.value()
        self._board.pop("waiting", None)
        self._show()

    def _show(self) -> None:
        # A lane shows its count of items instead, which the driver of the lane keeps.
        if self._item is None:
            self._context.set_custom_status(bounded(self._board))

    # ---- replay-safe values

    def now(self) -> str:
        """This moment in ISO 8601, UTC; the same in every replay."""
        return iso(self._context.current_utc_datetime)

    def today(self) -> str:
        """This day in UTC; the same in every replay."""
        return self._context.current_utc_datetime.date().isoformat()

    def uuid(self) -> str:
        """A new UUID; the same in every replay."""
        return str(self._context.new_uuid())

    # ---- steps

    def call(
        self, activity: Activity[_Input, _Output], payload: _Input, *, step: str, retry: Retry = ONCE
    ) -> Steps[_Output]:
        """Calls an activity, again after a pause where the policy says so; raises StepError when it fails for good."""
        begun = self._context.current_utc_datetime
        attempt = 1
        while True:
            envelope = cast(Mapping[str, object], (yield Work(activity.name, payload)))
            if envelope.get("ok"):
                return cast(_Output, envelope.get("value"))
            error = cast(Mapping[str, str], envelope["error"])
            elapsed = (self._context.current_utc_datetime - begun).total_seconds()
            key = f"{self._context.instance_id}/{self._item}/{step}"
            delay = retry.delay(error["code"], attempt, elapsed, key)
            if delay is None:
                raise StepError(error["code"], error["message"], step)
            yield Pause(delay)
            attempt += 1

    def for_each(
        self,
        lane: Lane[_Item, _Scope, _Result],
        items: Sequence[_Item],
        scope: _Scope,
        *,
        step: str,
        max_concurrency: int,
    ) -> Steps[FanOutResult[_Result]]:
        """Runs a lane for every `max_concurrency`-th item, side by side, and puts the results in order."""
        total = len(items)
        lanes = min(total, max_concurrency)
        # The prefix differs from run to run: children of an earlier run of the same id may still be ending.
        unique = uuid.UUID(str(self._context.new_uuid())).hex[:8]
        prefix = f"{self._context.instance_id[:160]}:{step[:40]}:{unique}"
        numbered = list(enumerate(items))
        shares = [
            LaneInput(run=self.info, items=cast(list[tuple[int, object]], numbered[number::lanes]), scope=scope)
            for number in range(lanes)
        ]
        self._board["children"] = [*self._board.get("children", []), (prefix, lanes)]
        self._board["fanOut"] = {"prefix": prefix, "lanes": lanes, "total": total}
        self._show()
        outputs = cast(list[object], (yield Children(lane.name, prefix, tuple(shares))))
        results = cast(list[_Result], gather(outputs, total, step))
        self._board["fanOut"]["completed"] = total
        self._show()
        return {"results": results, "succeeded": total, "failed": 0, "total": total}

    def approval(
        self, *, step: str, title: str, details: str, approvers: Sequence[str], timeout: timedelta
    ) -> Steps[ApprovalResult | None]:
        """Waits for a decision, at most for `timeout`; None when the time is up.

        Each wait has an event name of its own. What was recorded is shown before the next step runs, so that whoever
        answered can be told which answer counts. An event that is no answer is ignored, and a fresh wait begins.
        """
        begun = self._context.current_utc_datetime
        due = begun + timeout
        while True:
            self._waits += 1
            event = f"{step}.{self._waits}"
            left = (due - self._context.current_utc_datetime).total_seconds()
            self._board.setdefault("waiting", {})[step] = Waiting(
                event=event,
                title=title,
                details=details,
                approvers=list(approvers),
                requestedAt=iso(begun),
                dueAt=iso(due),
            )
            self._show()
            heard = cast(Heard | None, (yield Listen(event, max(0.0, left))))
            answer = None if heard is None else read_answer(heard.payload)
            if heard is None or answer is not None:
                return self._decide(step, answer)

    def _decide(self, step: str, answer: Answer | None) -> ApprovalResult | None:
        self._board.get("waiting", {}).pop(step, None)
        now = self.now()
        decision = Decision(timedOut=answer is None, decidedAt=now)
        if answer is not None:
            decision["answerId"] = answer.answer_id
            decision["outcome"] = answer.outcome
            decision["responder"] = answer.responder
            if answer.comments is not None:
                decision["comments"] = answer.comments
        self._board.setdefault("decisions", {})[step] = decision
        self._show()
        if answer is None:
            return None
        return {
            "outcome": answer.outcome,
            "responder": answer.responder,
            "comments": answer.comments,
            "decidedAt": now,
        }
