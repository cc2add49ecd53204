"""An answer to an approval as it comes in an event: read strictly, because anybody may raise one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

RESPONDER_LIMIT = 320
COMMENTS_LIMIT = 4_000


@dataclass(frozen=True)
class Answer:
    """A decision; `answer_id` is the caller's name for this answer, empty if it gave none."""

    answer_id: str
    outcome: Literal["Approve", "Reject"]
    responder: str
    comments: str | None


def read_answer(payload: object) -> Answer | None:
    """The answer in an event's payload, or None if it is not one.

    The same event arrives as text from the SDK's client and as a value from the HTTP API; both are read.
    """
    for _ in range(2):
        if isinstance(payload, str):
            try:
                payload = json.loads(payload)
            except ValueError:
                return None
    if not isinstance(payload, dict):
        return None
    fields = cast(Mapping[str, object], payload)
    outcome, responder, comments = fields.get("decision"), fields.get("responder", ""), fields.get("comments")
    if outcome not in ("Approve", "Reject"):
        return None
    if not isinstance(responder, str) or not (comments is None or isinstance(comments, str)):
        return None
    answer_id = fields.get("answerId", "")
    return Answer(
        answer_id if isinstance(answer_id, str) else "",
        "Approve" if outcome == "Approve" else "Reject",
        responder[:RESPONDER_LIMIT],
        comments[:COMMENTS_LIMIT] if comments else None,
    )
