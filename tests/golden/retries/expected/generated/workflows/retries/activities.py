"""The activities of retries: the functions of activities/, each in an envelope."""

from __future__ import annotations

from activities import stumbling
from runtime.activity import Envelope, perform

from .blueprint import bp
from .models import StumbleInput
from .schemas import STUMBLE_RESULT


@bp.activity_trigger(input_name="payload")
def stumble(payload: StumbleInput) -> Envelope:
    """Runs stumble. (retries/workflow.yaml:14)"""
    return perform(stumbling.stumble, payload, errors=("BusyError", "BrokenError"), result=STUMBLE_RESULT)
