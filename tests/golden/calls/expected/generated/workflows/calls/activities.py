"""The activities of calls: the functions of activities/, each in an envelope."""

from __future__ import annotations

from activities import words
from runtime.activity import Envelope, perform, perform_async

from .blueprint import bp
from .models import ClassOfInput, MeasureInput, NoteInput, RepeatInput, ShoutInput
from .schemas import CLASS_OF_RESULT, MEASURE_RESULT, REPEAT_RESULT, SHOUT_RESULT


@bp.activity_trigger(input_name="payload")
def repeat(payload: RepeatInput) -> Envelope:
    """Several fields become several parameters. (calls/workflow.yaml:17)"""
    return perform(words.repeat, payload, result=REPEAT_RESULT)


@bp.activity_trigger(input_name="payload")
async def shout(payload: ShoutInput) -> Envelope:
    """One value of any type is one parameter, and the function is async. (calls/workflow.yaml:21)"""
    return await perform_async(words.shout, {"text": payload["value"]}, result=SHOUT_RESULT)


@bp.activity_trigger(input_name="payload")
def measure(payload: MeasureInput) -> Envelope:
    """Runs measure. (calls/workflow.yaml:25)"""
    return perform(words.measure, {"texts": payload["value"]}, result=MEASURE_RESULT)


@bp.activity_trigger(input_name="payload")
def note(payload: NoteInput) -> Envelope:
    """No input and no result. (calls/workflow.yaml:28)"""
    return perform(words.note, payload)


@bp.activity_trigger(input_name="payload")
def class_of(payload: ClassOfInput) -> Envelope:
    """Runs class_of. (calls/workflow.yaml:30)"""
    return perform(words.class_of, payload, result=CLASS_OF_RESULT)
