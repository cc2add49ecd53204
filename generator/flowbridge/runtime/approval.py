"""An approval: answers read strictly, because anybody may raise an event, and counted until the outcome is clear."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from .validation import Schema, complete, problems
from .values import ApprovalResponse

RESPONDER_LIMIT = 320
COMMENTS_LIMIT = 4_000
REFUSAL = "Reject"
USUAL = ("Approve", REFUSAL)


@dataclass(frozen=True)
class Question:
    """What an answer has to be: one of the outcomes, and with a form where there is one and it is no refusal."""

    outcomes: tuple[str, ...] = USUAL
    form: Schema | None = None


@dataclass(frozen=True)
class Answer:
    """A decision; `answer_id` is the caller's name for this answer, empty if it gave none.

    `signed_in` says that the responder is known to be who they say, and has to be one of the approvers.
    """

    answer_id: str
    outcome: str
    responder: str
    comments: str | None
    form: object = None
    signed_in: bool = False


def read_value(payload: object) -> object:
    """An event's payload as a value: the SDK's client sends it as JSON text, the HTTP API as it is."""
    for _ in range(2):
        if isinstance(payload, str):
            try:
                payload = json.loads(payload)
            except ValueError:
                return payload
    return payload


def read_answer(payload: object, question: Question) -> Answer | None:
    """The answer in an event's payload, or None if it is not one."""
    value = read_value(payload)
    fields: Mapping[str, object] = cast(dict[str, object], value) if isinstance(value, dict) else {}
    outcome, responder, comments = fields.get("decision"), fields.get("responder", ""), fields.get("comments")
    if not isinstance(outcome, str) or outcome not in question.outcomes:
        return None
    if not isinstance(responder, str) or not (comments is None or isinstance(comments, str)):
        return None
    form = fields.get("form")
    asked = None if outcome == REFUSAL and form is None else question.form
    if asked is not None and problems(asked, form):
        return None
    answer_id = fields.get("answerId", "")
    return Answer(
        answer_id if isinstance(answer_id, str) else "",
        outcome,
        responder[:RESPONDER_LIMIT],
        comments[:COMMENTS_LIMIT] if comments else None,
        None if asked is None else complete(asked, form),
        fields.get("signedIn") is True,
    )


def is_asked(responder: str, approvers: Sequence[str]) -> bool:
    """Whether somebody is one of the approvers; upper and lower case are one."""
    return responder.casefold() in [one.casefold() for one in approvers]


@dataclass
class Ballot:
    """The answers to one approval: the outcome that `required` people gave decides, a single `Reject` decides at once.

    Each person's first answer counts.
    """

    required: int = 1
    responses: list[ApprovalResponse] = field(default_factory=list[ApprovalResponse])

    def has(self, responder: str) -> bool:
        """Whether that person has answered; upper and lower case are one."""
        return any(one["responder"].casefold() == responder.casefold() for one in self.responses)

    def count(self, answer: Answer, now: str) -> bool:
        """Adds an answer, and tells whether it decides."""
        self.responses.append(
            {
                "outcome": answer.outcome,
                "responder": answer.responder,
                "comments": answer.comments,
                "decidedAt": now,
            }
        )
        same = sum(one["outcome"] == answer.outcome for one in self.responses)
        return answer.outcome == REFUSAL or same >= self.required
