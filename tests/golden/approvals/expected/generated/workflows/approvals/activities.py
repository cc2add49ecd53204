"""The activities of approvals: the functions of activities/, each in an envelope."""

from __future__ import annotations

from activities import paying
from runtime.activity import Envelope, perform

from .blueprint import bp
from .models import PayInput
from .schemas import PAY_RESULT


@bp.activity_trigger(input_name="payload")
def pay(payload: PayInput) -> Envelope:
    """Runs pay. (approvals/workflow.yaml:15)"""
    return perform(paying.pay, payload, result=PAY_RESULT)
