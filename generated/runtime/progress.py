"""What a running instance shows of itself: its custom status, bounded to what the engine accepts.

The engine fails an instance whose custom status is longer than 16 KB in UTF-16, so texts are cut here, and the oldest
decisions lose their comments first.
"""

from __future__ import annotations

import json
from typing import NotRequired, TypedDict

from .errors import ErrorShown

# 16 KB in UTF-16 are 8,192 units; the rest is room for what the engine adds.
STATUS_LIMIT = 7_500
TEXT_LIMIT = 1_000


class Group(TypedDict):
    """Children that were started together: `prefix:0` to `prefix:count - 1`; `asks` if they are parts of this run.

    A part may wait for an approval or an event in the run's name; lanes never do, and other workflows do in their own.
    """

    prefix: str
    count: int
    asks: bool


class LaneStatus(TypedDict):
    """The custom status of a lane: items done and items in its share, and the children that run for it.

    Of a lane in segments, what is done in the one at work is to be added: `segment` is its instance id.
    """

    completed: int
    total: int
    children: NotRequired[list[Group]]
    segment: NotRequired[str]


class FanOut(TypedDict):
    """A fan-out at work: its lanes are the children `prefix:0` to `prefix:lanes - 1`."""

    prefix: str
    lanes: int
    total: int
    completed: NotRequired[int]


class Waiting(TypedDict):
    """An approval that waits, and the event that answers it; times in ISO 8601, UTC.

    `notice` is the id of the latest announcement of it, where approvals are announced (`announce.py`). `more` says that
    there are approvers who are not shown, or not in full.
    """

    event: str
    title: str
    details: str
    approvers: list[str]
    requestedAt: str
    dueAt: str
    reminders: int
    required: int
    answerIds: list[str]
    responders: list[str]
    notice: NotRequired[str]
    more: NotRequired[bool]


class Listening(TypedDict):
    """A wait for an external event; the time in ISO 8601, UTC."""

    event: str
    dueAt: str


class Received(TypedDict):
    """What became of an event or an answer that was raised with an id.

    `recorded`; or `notMatched`, and the wait for the event goes on; or `alreadyDecided`, for a person's second answer;
    or `notAsked`, for the answer of somebody who is signed in and no approver.
    """

    answerId: str
    result: str


class Decision(TypedDict):
    """What an approval recorded; `answerIds` name the answers that count, `timedOut` says that they were too few.

    `requestedAt` tells which question it answers, where the same approval asks again.
    """

    timedOut: bool
    requestedAt: str
    answerIds: list[str]
    outcome: NotRequired[str]
    responder: NotRequired[str]
    comments: NotRequired[str]
    decidedAt: str


class Kept(TypedDict):
    """What a run that goes on as new keeps showing, for those who have yet to be told."""

    received: NotRequired[dict[str, list[Received]]]
    decisions: NotRequired[dict[str, Decision]]


class BoardValue(TypedDict):
    """The custom status of a workflow."""

    step: str
    title: NotRequired[str]
    message: NotRequired[str]
    fanOut: NotRequired[FanOut]
    children: NotRequired[list[Group]]
    waiting: NotRequired[dict[str, Waiting]]
    events: NotRequired[dict[str, Listening]]
    received: NotRequired[dict[str, list[Received]]]
    decisions: NotRequired[dict[str, Decision]]
    error: NotRequired[ErrorShown]


def cut(text: str, limit: int = TEXT_LIMIT) -> str:
    """The text, or its beginning with an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def size(value: object) -> int:
    """The length of a value as the engine counts it: UTF-16 units of its JSON text."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-16-le", "surrogatepass")) // 2


def bounded(board: BoardValue) -> BoardValue:
    """The board within the limit: texts shortened, then old decisions and children dropped, as far as needed."""
    for limit in (TEXT_LIMIT, 300, 80):
        board = _shortened(board, limit)
        if size(board) <= STATUS_LIMIT:
            return board
    board["children"] = board.get("children", [])[-10:]
    decisions = list(board.get("decisions", {}).items())
    while size(board) > STATUS_LIMIT and decisions:
        decisions.pop(0)
        board["decisions"] = dict(decisions)
    return board if size(board) <= STATUS_LIMIT else {"step": board["step"]}


def _shortened(board: BoardValue, limit: int) -> BoardValue:
    short = board.copy()
    if "message" in short:
        short["message"] = cut(short["message"], limit)
    if "error" in short:
        short["error"] = {**short["error"], "message": cut(short["error"]["message"], limit)}
    if "waiting" in short:
        short["waiting"] = {name: _short_waiting(one, limit) for name, one in short["waiting"].items()}
    if "decisions" in short:
        short["decisions"] = {name: _short_decision(one, limit) for name, one in short["decisions"].items()}
    return short


def _short_waiting(one: Waiting, limit: int) -> Waiting:
    approvers = [cut(name, 100) for name in one["approvers"][: max(1, limit // 20)]]
    short: Waiting = {
        **one,
        "title": cut(one["title"], limit),
        "details": cut(one["details"], limit),
        "approvers": approvers,
    }
    if approvers != one["approvers"]:
        short["more"] = True
    return short


def _short_decision(one: Decision, limit: int) -> Decision:
    return {**one, "comments": cut(one["comments"], limit)} if "comments" in one else one
