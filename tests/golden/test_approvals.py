"""Approvals of generated apps, run on the host: every way out, and two approvals in one run."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.golden.conftest import Play, Stage

DAY = 86_400.0


def start(stage: Stage, amount: float = 2000) -> str:
    """Starts an instance that asks two people."""
    return stage.start({"approvers": ["a@example.com", "b@example.com"], "amount": amount})


def test_an_approval_shows_what_it_asks_and_until_when(play: Play) -> None:
    stage = play("approvals")
    approval = stage.waiting(start(stage))
    due, asked = approval.pop("dueAt"), approval.pop("requestedAt")
    assert approval == {
        "approval": "signed",
        "title": "Pay 2000?",
        "details": "Asked of a@example.com, b@example.com",
        "approvers": ["a@example.com", "b@example.com"],
    }
    assert seconds_between(asked, due) == 2 * DAY


def test_two_approvals_follow_each_other(play: Play) -> None:
    stage = play("approvals")
    instance = start(stage)
    stage.waiting(instance)
    assert stage.answer(instance, approval="signed").body["result"] == "recorded"
    second = stage.until(instance, lambda status: status["pendingApprovals"][0]["approval"] == "countersigned")
    assert second["pendingApprovals"][0]["approvers"] == ["boss@example.com", "grace@example.com"]
    assert "details" not in second["pendingApprovals"][0]
    assert stage.answer(instance, approval="countersigned", comments="fine").body["result"] == "recorded"
    output = stage.ended(instance)["output"]
    assert output == {"state": "Paid", "first": "grace@example.com", "second": "fine"}


def test_an_approval_under_an_if_may_not_be_asked(play: Play) -> None:
    stage = play("approvals")
    instance = start(stage, amount=10)
    stage.waiting(instance)
    stage.answer(instance, approval="signed")
    assert stage.ended(instance)["output"] == {"state": "Paid", "first": "grace@example.com"}


def test_the_second_answer_does_not_count_while_the_first_is_awaited(play: Play) -> None:
    stage = play("approvals")
    instance = start(stage)
    stage.waiting(instance)
    assert stage.answer(instance, approval="countersigned").status == 409
    assert stage.waiting(instance)["approval"] == "signed"


def test_a_rejection_returns_where_that_is_said(play: Play) -> None:
    stage = play("approvals")
    instance = start(stage)
    stage.waiting(instance)
    stage.answer(instance, "Reject", approval="signed")
    assert stage.ended(instance)["output"] == {"state": "Refused", "first": "grace@example.com"}


def test_a_rejection_raises_where_that_is_said(play: Play) -> None:
    stage = play("approvals")
    instance = start(stage)
    stage.waiting(instance)
    stage.answer(instance, approval="signed")
    stage.until(instance, lambda status: status["pendingApprovals"][0]["approval"] == "countersigned")
    stage.answer(instance, "Reject", approval="countersigned")
    assert stage.ended(instance)["error"]["code"] == "SecondRefused"


def test_a_timeout_raises_where_that_is_said(play: Play) -> None:
    stage = play("approvals")
    instance = start(stage)
    stage.waiting(instance)
    stage.clock.advance(2 * DAY)
    assert stage.ended(instance)["error"] == {
        "code": "NobodyCame",
        "message": "nobody of 2 came",
        "step": "signed",
    }


def test_a_timeout_of_twelve_days_returns_on_its_day(play: Play) -> None:
    stage = play("approvals", lenient=True)
    instance = start(stage)
    stage.waiting(instance)
    stage.answer(instance, approval="signed")
    stage.until(instance, lambda status: status["pendingApprovals"][0]["approval"] == "countersigned")
    stage.clock.advance(12 * DAY - 1)
    assert stage.status(instance)["runtimeStatus"] == "Running"
    stage.clock.advance(1)
    assert stage.ended(instance)["output"] == {"state": "Refused", "first": "grace@example.com", "second": "nobody"}


def test_where_nothing_is_said_a_timeout_and_a_rejection_fail(play: Play) -> None:
    stage = play("approval_alone")
    late, refused = stage.start({}), stage.start({})
    stage.waiting(refused)
    stage.waiting(late)
    stage.answer(refused, "Reject")
    stage.clock.advance(60)
    assert stage.ended(refused)["error"]["code"] == "ApprovalRejected"
    assert stage.ended(late)["error"]["code"] == "ApprovalTimedOut"


def test_the_outcome_that_a_workflow_reads_is_one_that_its_type_names(play: Play) -> None:
    stage = play("approval_alone")
    instance = stage.start({})
    stage.waiting(instance)
    stage.answer(instance, comments="yes")
    assert stage.ended(instance)["output"] == {"outcome": "Approve", "comments": "yes"}


def seconds_between(earlier: str, later: str) -> float:
    """The seconds between two moments as the status writes them."""
    return (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds()


def test_texts_of_any_length_are_shown_and_do_not_fail_the_instance(play: Play) -> None:
    # A custom status of more than 16 KB fails an instance on the real engine, and on a lenient host.
    stage = play("approvals", lenient=True)
    names = [f"{number:03d}{'é' * 300}@example.com" for number in range(200)]
    instance = stage.start({"approvers": names, "amount": 5000})
    approval = stage.waiting(instance)
    assert approval["approvers"]
    assert approval["approvers"][0].startswith("000é")
    answered: Any = stage.answer(instance, approval="signed", comments="ö" * 4_000).body
    assert answered["result"] == "recorded"
    stage.until(instance, lambda status: status["pendingApprovals"][0]["approval"] == "countersigned")
    stage.answer(instance, approval="countersigned", comments="ü" * 4_000)
    assert stage.ended(instance)["output"]["second"] == "ü" * 4_000
