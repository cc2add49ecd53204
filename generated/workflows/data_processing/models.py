"""The types of data_processing, as they go over the wire; what was left out is None."""

from __future__ import annotations

from typing import Literal, TypedDict


class DataProcessingInput(TypedDict):
    """What data_processing is started with."""

    dataSource: str
    recordCount: int
    requestedBy: str


class DataProcessingOutput(TypedDict):
    """What data_processing gives."""

    status: Literal["Finalized", "Rejected", "TimedOut"]
    recordsProcessed: int
    reportPath: str
    decidedBy: str | None
    comments: str | None


class Batch(TypedDict):
    """The type Batch."""

    number: int
    firstRecord: int
    recordCount: int


class BatchResult(TypedDict):
    """The type BatchResult."""

    number: int
    recordsProcessed: int
    recordsRejected: int
    total: float
    checksum: str


class ValidateInputInput(TypedDict):
    """What validate_input is called with."""

    dataSource: str
    recordCount: int


class ValidateInputOutput(TypedDict):
    """What validate_input gives."""

    valid: bool
    recordCount: int
    problems: list[str]


class SplitIntoBatchesInput(TypedDict):
    """What split_into_batches is called with."""

    recordCount: int


class ProcessBatchInput(TypedDict):
    """What process_batch is called with."""

    dataSource: str
    batch: Batch


class GenerateReportInput(TypedDict):
    """What generate_report is called with."""

    runId: str
    dataSource: str
    requestedBy: str
    results: list[BatchResult]


class GenerateReportOutput(TypedDict):
    """What generate_report gives."""

    path: str
    recordsProcessed: int
    recordsRejected: int
    total: float


class FinalizeInput(TypedDict):
    """What finalize is called with."""

    reportPath: str
    approvedBy: str
    comments: str | None


class FinalizeOutput(TypedDict):
    """What finalize gives."""

    reportPath: str


class ApprovalResultResponsesItem(TypedDict):
    """responses of ApprovalResult."""

    outcome: Literal["Approve", "Reject"]
    responder: str
    comments: str | None
    decidedAt: str


class ApprovalResult2(TypedDict):
    """What approval gives."""

    outcome: Literal["Approve", "Reject"]
    responder: str
    comments: str | None
    decidedAt: str
    responses: list[ApprovalResultResponsesItem]


class ProcessedScope(TypedDict):
    """What the steps of processed read from outside."""

    input: DataProcessingInput
