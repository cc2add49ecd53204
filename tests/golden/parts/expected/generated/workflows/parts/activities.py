"""The activities of parts: the functions of activities/, each in an envelope."""

from __future__ import annotations

from activities import offers
from runtime.activity import Envelope, perform

from .blueprint import bp
from .models import MeasureInput, NextTurnInput, OfferInput
from .schemas import MEASURE_RESULT, NEXT_TURN_RESULT, OFFER_RESULT


@bp.activity_trigger(input_name="payload")
def offer(payload: OfferInput) -> Envelope:
    """Runs offer. (parts/workflow.yaml:19)"""
    return perform(offers.offer, payload, errors=("NoOffer",), result=OFFER_RESULT)


@bp.activity_trigger(input_name="payload")
def next_turn(payload: NextTurnInput) -> Envelope:
    """Runs next_turn. (parts/workflow.yaml:20)"""
    return perform(offers.next_turn, payload, result=NEXT_TURN_RESULT)


@bp.activity_trigger(input_name="payload")
def measure(payload: MeasureInput) -> Envelope:
    """Runs measure. (parts/workflow.yaml:21)"""
    return perform(offers.measure, payload, result=MEASURE_RESULT)
