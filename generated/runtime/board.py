"""Keeps what a run shows of itself up to date: its custom status, which the operations read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from .approval import Answer
from .errors import StepError
from .progress import BoardValue, Decision, Group, Kept, Waiting, bounded
from .sdk import Context
from .values import iso


class Board:
    """The custom status of an orchestration; without a context nothing is shown."""

    def __init__(self, context: Context | None, kept: Kept | None = None) -> None:
        self._context = context
        self._value: BoardValue = {"step": "", **(kept or {})}

    @property
    def kept(self) -> Kept:
        """What is to be shown further after going on as new."""
        kept: Kept = {}
        if "received" in self._value:
            kept["received"] = self._value["received"]
        if "decisions" in self._value:
            kept["decisions"] = self._value["decisions"]
        return kept

    @property
    def step(self) -> str:
        """The id of the step that runs."""
        return self._value["step"]

    def _show(self) -> None:
        if self._context is not None:
            self._context.set_custom_status(bounded(self._value))

    def begin(self, step: str, title: str | None, message: str | None) -> None:
        """A step begins."""
        self._value["step"] = step
        self._value.pop("title", None)
        self._value.pop("message", None)
        if title is not None:
            self._value["title"] = title
        if message is not None:
            self._value["message"] = message
        self._show()

    def say(self, message: str) -> None:
        """A message for people."""
        self._value["message"] = message
        self._show()

    def fail(self, error: StepError) -> None:
        """The error that ends the run; GetStatus reads it from here, typed."""
        self._value["error"] = error.shown()
        self._value.pop("waiting", None)
        self._value.pop("events", None)
        self._show()

    # ---- children

    def begin_children(self, prefix: str, count: int, *, asks: bool) -> None:
        """Children begin: `prefix:0` to `prefix:count - 1`."""
        group = Group(prefix=prefix, count=count, asks=asks)
        self._value["children"] = [*self._value.get("children", []), group]
        self._show()

    def withdraw(self, prefix: str) -> None:
        """Children that were to begin never will: nobody must wait for them."""
        self._value["children"] = [one for one in self._value.get("children", []) if one["prefix"] != prefix]
        self._show()

    def fan_out(self, prefix: str, lanes: int, total: int) -> None:
        """A fan-out begins."""
        self._value["fanOut"] = {"prefix": prefix, "lanes": lanes, "total": total}
        self.begin_children(prefix, lanes, asks=False)

    def fanned_in(self, completed: int) -> None:
        """The fan-out is done; its lanes need not be asked any more."""
        if "fanOut" in self._value:
            self._value["fanOut"]["completed"] = completed
        self._show()

    # ---- events and approvals

    def listen(self, name: str, event: str, due: datetime) -> None:
        """A wait for an event begins; `event` is the engine's name of it."""
        self._value.setdefault("events", {})[name] = {"event": event, "dueAt": iso(due)}
        self._show()

    def heard(self, name: str, answer_id: str, result: str) -> None:
        """An event or an answer came that was raised with an id: what became of it."""
        if answer_id:
            received = self._value.setdefault("received", {})
            received[name] = [*received.get(name, [])[-9:], {"answerId": answer_id, "result": result}]
        self._show()

    def unlisten(self, names: Iterable[str]) -> None:
        """The waits for events are over."""
        for name in names:
            self._value.get("events", {}).pop(name, None)
        self._show()

    def ask(self, step: str, waiting: Waiting) -> None:
        """An approval waits."""
        self._value.setdefault("waiting", {})[step] = waiting
        self._show()

    def decide(self, step: str, now: str, answer: Answer | None, asked: Waiting) -> None:
        """What was asked has an outcome: the last answer's, or none in time."""
        self._value.get("waiting", {}).pop(step, None)
        decision = Decision(
            timedOut=answer is None, requestedAt=asked["requestedAt"], decidedAt=now, answerIds=asked["answerIds"]
        )
        if answer is not None:
            decision["outcome"] = answer.outcome
            decision["responder"] = answer.responder
            if answer.comments is not None:
                decision["comments"] = answer.comments
        self._value.setdefault("decisions", {})[step] = decision
        self._show()
