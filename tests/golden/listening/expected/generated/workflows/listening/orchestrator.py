"""The orchestrator of listening, generated from listening/workflow.yaml."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from runtime.ask import Escalation, ask
from runtime.collect import Reader, collect
from runtime.commands import Steps
from runtime.errors import StepError
from runtime.functions import add_duration, last
from runtime.orchestrate import run_workflow
from runtime.run import Run
from runtime.sdk import Context, Orchestration

from .blueprint import bp
from .models import (
    CancelledEvent,
    ListeningInput,
    ListeningOutput,
    PaidEvent,
    ParcelPackedEvent,
    ReviewResult,
    SentValue,
    ShippedEvent,
)
from .schemas import CANCELLED_EVENT, PAID_EVENT, PARCEL_PACKED_EVENT, REVIEW_FORM, SHIPPED_EVENT


@bp.orchestration_trigger(context_name="context")
def listening(context: Context) -> Orchestration:
    """Listening: Waits for events, for several people and for a time. (listening/workflow.yaml:1)"""
    return run_workflow(context, "listening", 1, _listening, announces=True)


def _listening(run: Run, input_: ListeningInput) -> Steps[ListeningOutput]:
    # listening/workflow.yaml:15 payment
    run.step("payment")
    payment_events = yield from collect(
        run,
        {"paid": Reader[PaidEvent](PAID_EVENT, lambda payload: payload["reference"] == input_["reference"])},
        step="payment",
        timeout=timedelta(days=3),
    )
    if payment_events is None:
        raise StepError("NotPaid", f"no payment for {input_['reference']}", step="payment")
    payment = cast(PaidEvent, payment_events["paid"][0])

    # listening/workflow.yaml:22 parcels
    run.step("parcels")
    parcels_events = yield from collect(
        run,
        {"parcel_packed": Reader[ParcelPackedEvent](PARCEL_PACKED_EVENT)},
        step="parcels",
        timeout=timedelta(days=1),
        each=2,
    )
    if parcels_events is None:
        raise StepError("EventTimedOut", "the event did not come in time", step="parcels")
    parcels = cast(list[ParcelPackedEvent], parcels_events["parcel_packed"])

    # listening/workflow.yaml:28 sent
    run.step("sent")
    sent_events = yield from collect(
        run,
        {"shipped": Reader[ShippedEvent](SHIPPED_EVENT), "cancelled": Reader[CancelledEvent](CANCELLED_EVENT)},
        step="sent",
        timeout=timedelta(days=1),
    )
    if sent_events is None:
        raise StepError("EventTimedOut", "the event did not come in time", step="sent")
    sent = cast(SentValue, {"shipped": last(sent_events["shipped"]), "cancelled": last(sent_events["cancelled"])})

    # listening/workflow.yaml:32 review
    run.step("review")
    review = cast(
        ReviewResult | None,
        (
            yield from ask(
                run,
                step="review",
                title="How was it?",
                details="",
                approvers=["a@example.com", "b@example.com", "c@example.com"],
                timeout=timedelta(days=7),
                required=2,
                remind_every=timedelta(days=1),
                escalation=Escalation(timedelta(days=2), ["boss@example.com"]),
                outcomes=("Good", "Bad"),
                form=REVIEW_FORM,
            )
        ),
    )
    if review is None:
        raise StepError("ApprovalTimedOut", "nobody decided in time", step="review")

    # listening/workflow.yaml:42
    yield from run.wait_until(add_duration(run.info["startedAt"], "30d"))

    # listening/workflow.yaml:43
    return {
        "amount": payment["amount"],
        "count": len(parcels),
        "carrier": sent["shipped"]["carrier"] if sent["shipped"] is not None else None,
        "stars": review["form"]["stars"],
        "decision": review["outcome"],
    }
