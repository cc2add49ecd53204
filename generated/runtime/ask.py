"""An approval: asks people, reminds them, and counts their answers until the outcome is clear.

Each round of an approval has an event name of its own. A round ends with an answer; what was recorded is shown before
the run goes on, so that whoever answered can be told which answer counts. An answer that comes while a round ends finds
the next round's event name in what is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from .announce import approval_needed, notice_id
from .approval import USUAL, Answer, Ballot, Question, is_asked, read_answer
from .commands import Heard, Listen, Steps
from .progress import Waiting
from .run import Run
from .validation import Schema
from .values import ApprovalResult, iso


@dataclass(frozen=True)
class Escalation:
    """Who else is asked after a while without an outcome."""

    after: timedelta
    to: Sequence[str]


@dataclass(frozen=True)
class _Mark:
    """A moment of an approval: a reminder, an escalation, or its end."""

    due: datetime
    reminds: bool = False
    escalates: bool = False


def ask(
    run: Run,
    *,
    step: str,
    title: str,
    details: str,
    approvers: Sequence[str],
    timeout: timedelta,
    required: int | None = 1,
    remind_every: timedelta | None = None,
    escalation: Escalation | None = None,
    outcomes: tuple[str, ...] = USUAL,
    form: Schema | None = None,
) -> Steps[ApprovalResult | None]:
    """Asks for a decision: approved by `required` people (None: all), rejected by the first who refuses.

    None when the time is up.
    """
    begun = run.moment
    question = Question(outcomes, form)
    required = len(approvers) if required is None else required
    ballot = Ballot(max(1, required))
    shown: Waiting = {
        "event": run.event_name(step),
        "title": title,
        "details": details,
        "approvers": list(approvers),
        "requestedAt": iso(begun),
        "dueAt": iso(begun + timeout),
        "reminders": 0,
        "required": required,
        "answerIds": [],
        "responders": [],
    }
    marks = _marks(begun, timeout, remind_every, escalation)
    announced = 0
    while marks:
        notice = notice_id(run, step, shown, announced)
        if notice is None or notice == shown.get("notice"):
            run.board.ask(step, shown)
        else:
            # It is shown before it is announced: whoever is told finds it.
            shown["notice"] = notice
            run.board.ask(step, shown)
            yield from approval_needed(run, step, shown)
        heard = cast(Heard | None, (yield Listen((shown["event"],), (marks[0].due - run.moment).total_seconds())))
        if heard is None:
            _reach(marks.pop(0), shown, escalation)
            announced += 1
            continue
        answer = read_answer(heard.payload, question)
        shown["event"] = run.event_name(step)
        if answer is None:
            continue
        if answer.signed_in and not is_asked(answer.responder, shown["approvers"]):
            run.board.heard(step, answer.answer_id, "notAsked")
            continue
        if ballot.has(answer.responder):
            run.board.heard(step, answer.answer_id, "alreadyDecided")
            continue
        decides = ballot.count(answer, run.now())
        run.board.heard(step, answer.answer_id, "recorded")
        shown["answerIds"].append(answer.answer_id)
        shown["responders"].append(answer.responder)
        if decides:
            run.board.decide(step, run.now(), answer, shown)
            return _result(answer, ballot, form is not None)
    run.board.decide(step, run.now(), None, shown)
    return None


def _result(answer: Answer, ballot: Ballot, has_form: bool) -> ApprovalResult:
    """The value of the step; generated code knows which outcomes there are, and the type of the form."""
    last = ballot.responses[-1]
    value = {**last, "responses": ballot.responses, **({"form": answer.form} if has_form else {})}
    return cast(ApprovalResult, value)


def _marks(
    begun: datetime, timeout: timedelta, remind_every: timedelta | None, escalation: Escalation | None
) -> list[_Mark]:
    """The moments at which something happens without an answer, in order; the last is the end."""
    marks = [_Mark(begun + timeout)]
    if remind_every is not None and remind_every > timedelta():
        count = -(-timeout // remind_every) - 1
        marks += [_Mark(begun + remind_every * (number + 1), reminds=True) for number in range(count)]
    if escalation is not None and escalation.after < timeout:
        marks.append(_Mark(begun + escalation.after, escalates=True))
    return sorted(marks, key=lambda one: one.due)


def _reach(mark: _Mark, shown: Waiting, escalation: Escalation | None) -> None:
    if mark.reminds:
        shown["reminders"] += 1
    if mark.escalates and escalation is not None:
        shown["approvers"] += [one for one in escalation.to if one not in shown["approvers"]]
