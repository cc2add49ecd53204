"""An approval: answers read strictly, because anybody may raise an event, and counted until the outcome is clear."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

from .values import ApprovalResponse

RESPONDER_LIMIT = 320
COMMENTS_LIMIT = 4_000
Outcome = Literal["Approve", "Reject"]


@dataclass(frozen=True)
class Answer:
    """A decision; `answer_id` is the caller's name for this answer, empty if it gave none."""

    answer_id: str
    outcome: Outcome
    responder: str
    comments: str | None


def read_value(payload: object) -> object:
    """An event's payload as a value: the SDK's client sends it as JSON text, the HTTP API as it is."""
    for _ in range(2):
        if isinstance(payload, str):
            try:
                payload = json.loads(payload)
            except ValueError:
                return payload
    return payload


def read_answer(payload: object) -> Answer | None:
    """The answer in an event's payload, or None if it is not one."""
    value = read_value(payload)
    if not isinstance(value, dict):
        return None
    fields = cast(Mapping[str, object], value)
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


@dataclass
class Ballot:
    """The answers to one approval: it is approved by `required` people and rejected by the first who refuses.

    Each person's first answer counts.
    """

    required: int = 1
    responses: list[ApprovalResponse] = field(default_factory=list[ApprovalResponse])

    def has(self, responder: str) -> bool:
        """Whether that person has answered; upper and lower case are one."""
        return any(one["responder"].casefold() == responder.casefold() for one in self.responses)

    def count(self, answer: Answer, now: str) -> Outcome | None:
        """Adds an answer; the outcome if it decides."""
        self.responses.append(
            {
                "outcome": answer.outcome,
                "responder": answer.responder,
                "comments": answer.comments,
                "decidedAt": now,
            }
        )
        if answer.outcome == "Reject":
            return "Reject"
        return "Approve" if len(self.responses) >= self.required else None
