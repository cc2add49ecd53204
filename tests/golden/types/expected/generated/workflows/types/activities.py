"""The activities of types: the functions of activities/, each in an envelope."""

from __future__ import annotations

from activities import echoing
from runtime.activity import Envelope, perform

from .blueprint import bp
from .models import EchoInput
from .schemas import ECHO_RESULT


@bp.activity_trigger(input_name="payload")
def echo(payload: EchoInput) -> Envelope:
    """Runs echo. (types/workflow.yaml:45)"""
    return perform(echoing.echo, payload, result=ECHO_RESULT)
