"""The activities of fan_out_nested: the functions of activities/, each in an envelope."""

from __future__ import annotations

from activities import arithmetic
from runtime.activity import Envelope, perform

from .blueprint import bp
from .models import MultiplyInput
from .schemas import MULTIPLY_RESULT


@bp.activity_trigger(input_name="payload")
def multiply(payload: MultiplyInput) -> Envelope:
    """Runs multiply. (fan_out_nested/workflow.yaml:17)"""
    return perform(arithmetic.multiply, payload, result=MULTIPLY_RESULT)
