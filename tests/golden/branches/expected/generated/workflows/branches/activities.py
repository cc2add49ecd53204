"""The activities of branches: the functions of activities/, each in an envelope."""

from __future__ import annotations

from activities import visits
from runtime.activity import Envelope, perform

from .blueprint import bp
from .models import GreetInput, InspectInput
from .schemas import GREET_RESULT, INSPECT_RESULT


@bp.activity_trigger(input_name="payload")
def inspect(payload: InspectInput) -> Envelope:
    """Runs inspect. (branches/workflow.yaml:17)"""
    return perform(visits.inspect, payload, result=INSPECT_RESULT)


@bp.activity_trigger(input_name="payload")
def greet(payload: GreetInput) -> Envelope:
    """Runs greet. (branches/workflow.yaml:20)"""
    return perform(visits.greet, payload, result=GREET_RESULT)
