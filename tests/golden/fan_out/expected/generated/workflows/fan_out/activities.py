"""The activities of fan_out: the functions of activities/, each in an envelope."""

from __future__ import annotations

from activities import working
from runtime.activity import Envelope, perform

from .blueprint import bp
from .models import WorkInput
from .schemas import WORK_RESULT


@bp.activity_trigger(input_name="payload")
def work(payload: WorkInput) -> Envelope:
    """Runs work. (fan_out/workflow.yaml:18)"""
    return perform(working.work, payload, result=WORK_RESULT)
