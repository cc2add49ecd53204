"""The activities of undoing: the functions of activities/, each in an envelope."""

from __future__ import annotations

from activities import journey
from runtime.activity import Envelope, perform

from .blueprint import bp
from .models import BookInput, CancelInput, NoteInput
from .schemas import BOOK_RESULT


@bp.activity_trigger(input_name="payload")
def book(payload: BookInput) -> Envelope:
    """Runs book. (undoing/workflow.yaml:13)"""
    return perform(journey.book, payload, errors=("SoldOut",), result=BOOK_RESULT)


@bp.activity_trigger(input_name="payload")
def cancel(payload: CancelInput) -> Envelope:
    """Runs cancel. (undoing/workflow.yaml:14)"""
    return perform(journey.cancel, payload)


@bp.activity_trigger(input_name="payload")
def note(payload: NoteInput) -> Envelope:
    """Runs note. (undoing/workflow.yaml:15)"""
    return perform(journey.note, payload)
