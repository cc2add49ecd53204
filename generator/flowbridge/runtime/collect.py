"""A wait for events from outside: collects what fits until it is enough, or until the time is up.

Each wait has an event name of its own on the engine. An event that does not fit is answered so, and the wait goes on
under a fresh name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Generic, Never, TypeVar, cast

from .approval import read_value
from .commands import Heard, Listen, Steps
from .run import Run
from .validation import Schema, complete, problems

_Payload = TypeVar("_Payload", contravariant=True)


class Reader(Generic[_Payload]):
    """Reads the payload of an event: it has to fit a schema, and a condition if there is one."""

    def __init__(self, schema: Schema, matches: Callable[[_Payload], bool] | None = None) -> None:
        self._schema = schema
        self._matches = matches

    def read(self, value: object) -> tuple[object] | None:
        """The payload, completed, in a tuple of one; None if it is not for this wait."""
        if problems(self._schema, value):
            return None
        whole = cast(_Payload, complete(self._schema, value))
        return (whole,) if self._matches is None or self._matches(whole) else None


def collect(
    run: Run, readers: Mapping[str, Reader[Never]], *, step: str, timeout: timedelta, enough: int = 1, each: int = 1
) -> Steps[dict[str, list[object]] | None]:
    """The payloads by event, once `enough` events have come `each` times; None when the time is up before."""
    due = run.moment + timeout
    found: dict[str, list[object]] = {name: [] for name in readers}
    waits = {run.event_name(f"{step}.{name}"): name for name in readers}
    for event, name in waits.items():
        run.board.listen(name, event, due)
    while sum(len(one) >= each for one in found.values()) < enough:
        heard = cast(Heard | None, (yield Listen(tuple(waits), (due - run.moment).total_seconds())))
        if heard is None:
            run.board.unlisten(readers)
            return None
        name = waits.pop(heard.event)
        answer_id, value = unwrapped(heard.payload)
        fitting = readers[name].read(value)
        if fitting is not None:
            found[name].append(fitting[0])
        if len(found[name]) < each:
            event = run.event_name(f"{step}.{name}")
            waits[event] = name
            run.board.listen(name, event, due)
        run.board.heard(name, answer_id, "notMatched" if fitting is None else "recorded")
    run.board.unlisten(readers)
    return found


def unwrapped(payload: object) -> tuple[str, object]:
    """The id with which an event was raised, empty if it has none, and its payload."""
    value = read_value(payload)
    fields = cast(dict[str, object], value) if isinstance(value, dict) else {}
    answer_id = fields.get("raisedAs")
    if fields.keys() == {"raisedAs", "value"} and isinstance(answer_id, str):
        return answer_id, fields["value"]
    return "", cast(object, value)
