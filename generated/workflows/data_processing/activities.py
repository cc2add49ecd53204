"""The activities of data_processing: the functions of activities/, each in an envelope."""

from __future__ import annotations

from activities import processing
from runtime.activity import Envelope, perform

from .blueprint import bp
from .models import FinalizeInput, GenerateReportInput, ProcessBatchInput, SplitIntoBatchesInput, ValidateInputInput
from .schemas import (
    FINALIZE_RESULT,
    GENERATE_REPORT_RESULT,
    PROCESS_BATCH_RESULT,
    SPLIT_INTO_BATCHES_RESULT,
    VALIDATE_INPUT_RESULT,
)


@bp.activity_trigger(input_name="payload")
def validate_input(payload: ValidateInputInput) -> Envelope:
    """Reads the data source once and tells what is wrong with it. (spec/data_processing.yaml:64)"""
    return perform(processing.validate_input, payload, errors=("SourceUnavailable",), result=VALIDATE_INPUT_RESULT)


@bp.activity_trigger(input_name="payload")
def split_into_batches(payload: SplitIntoBatchesInput) -> Envelope:
    """Cuts the records into ranges of even size. (spec/data_processing.yaml:70)"""
    return perform(processing.split_into_batches, payload, result=SPLIT_INTO_BATCHES_RESULT)


@bp.activity_trigger(input_name="payload")
def process_batch(payload: ProcessBatchInput) -> Envelope:
    """Processes one range of records. (spec/data_processing.yaml:75)"""
    return perform(processing.process_batch, payload, errors=("SourceUnavailable",), result=PROCESS_BATCH_RESULT)


@bp.activity_trigger(input_name="payload")
def generate_report(payload: GenerateReportInput) -> Envelope:
    """Writes the report of all batches. (spec/data_processing.yaml:81)"""
    return perform(processing.generate_report, payload, result=GENERATE_REPORT_RESULT)


@bp.activity_trigger(input_name="payload")
def finalize(payload: FinalizeInput) -> Envelope:
    """Marks the report as approved. (spec/data_processing.yaml:86)"""
    return perform(processing.finalize, payload, result=FINALIZE_RESULT)
