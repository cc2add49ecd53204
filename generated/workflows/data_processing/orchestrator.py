"""The orchestrator of data_processing, generated from spec/data_processing.yaml."""

from __future__ import annotations

from datetime import timedelta

from runtime.ask import ask
from runtime.commands import Steps
from runtime.errors import StepError
from runtime.fan_out import Lane
from runtime.orchestrate import run_lane, run_workflow
from runtime.retry import Retry
from runtime.run import Activity, Run
from runtime.sdk import Context, Orchestration

from .blueprint import bp
from .models import (
    Batch,
    BatchResult,
    DataProcessingInput,
    DataProcessingOutput,
    FinalizeInput,
    FinalizeOutput,
    GenerateReportInput,
    GenerateReportOutput,
    ProcessBatchInput,
    ProcessedScope,
    SplitIntoBatchesInput,
    ValidateInputInput,
    ValidateInputOutput,
)

VALIDATE_INPUT = Activity[ValidateInputInput, ValidateInputOutput]("validate_input")
SPLIT_INTO_BATCHES = Activity[SplitIntoBatchesInput, list[Batch]]("split_into_batches")
PROCESS_BATCH = Activity[ProcessBatchInput, BatchResult]("process_batch")
GENERATE_REPORT = Activity[GenerateReportInput, GenerateReportOutput]("generate_report")
FINALIZE = Activity[FinalizeInput, FinalizeOutput]("finalize")
PROCESSED_LANE = Lane[Batch, ProcessedScope, BatchResult]("data_processing_processed")
RETRY = Retry(max_attempts=5, initial_delay=30, backoff=2, max_delay=600)


@bp.orchestration_trigger(context_name="context")
def data_processing(context: Context) -> Orchestration:
    """Data processing: Checks a data source, processes it in batches, writes a report and has a person approve it.
    (spec/data_processing.yaml:2)
    """
    return run_workflow(context, "data_processing", 1, _data_processing, announces=True)


def _data_processing(run: Run, input_: DataProcessingInput) -> Steps[DataProcessingOutput]:
    # spec/data_processing.yaml:98 checked: Validate the input
    run.step("checked", title="Validate the input", message=f"Checking {input_['dataSource']}")
    checked = yield from run.call(
        VALIDATE_INPUT,
        {"dataSource": input_["dataSource"], "recordCount": input_["recordCount"]},
        step="checked",
        retry=RETRY,
    )

    if not checked["valid"]:
        # spec/data_processing.yaml:104 refused: Stop on a bad data source
        run.step("refused", title="Stop on a bad data source")
        raise StepError("ValidationFailed", "; ".join(checked["problems"]), step="refused")

    # spec/data_processing.yaml:109 batches: Split into batches
    run.step("batches", title="Split into batches")
    batches = yield from run.call(
        SPLIT_INTO_BATCHES,
        {"recordCount": checked["recordCount"]},
        step="batches",
        retry=RETRY,
    )

    # spec/data_processing.yaml:114 processed: Process all batches
    run.step("processed", title="Process all batches")
    processed = yield from run.for_each(PROCESSED_LANE, batches, {"input": input_}, step="processed", max_concurrency=8)

    # spec/data_processing.yaml:125 report: Write the report
    run.step("report", title="Write the report", message=f"Writing the report on {len(batches)} batches")
    report = yield from run.call(
        GENERATE_REPORT,
        {
            "runId": run.info["id"],
            "dataSource": input_["dataSource"],
            "requestedBy": input_["requestedBy"],
            "results": processed["results"],
        },
        step="report",
        retry=RETRY,
    )

    # spec/data_processing.yaml:135 approval: Wait for the approval
    run.step("approval", title="Wait for the approval")
    approval = yield from ask(
        run,
        step="approval",
        title=f"Approve the report on {input_['dataSource']}",
        details=(
            f"{report['recordsProcessed']} records processed, {report['recordsRejected']}"
            f" rejected. The report is at {report['path']}."
        ),
        approvers=[input_["requestedBy"]],
        timeout=timedelta(days=7),
    )
    if approval is None:
        return {
            "status": "TimedOut",
            "recordsProcessed": report["recordsProcessed"],
            "reportPath": report["path"],
            "decidedBy": None,
            "comments": None,
        }
    if approval["outcome"] == "Reject":
        return {
            "status": "Rejected",
            "recordsProcessed": report["recordsProcessed"],
            "reportPath": report["path"],
            "decidedBy": approval["responder"],
            "comments": approval["comments"],
        }

    # spec/data_processing.yaml:152 finalized: Finalize the report
    run.step("finalized", title="Finalize the report")
    finalized = yield from run.call(
        FINALIZE,
        {"reportPath": report["path"], "approvedBy": approval["responder"], "comments": approval["comments"]},
        step="finalized",
        retry=RETRY,
    )

    # spec/data_processing.yaml:157
    return {
        "status": "Finalized",
        "recordsProcessed": report["recordsProcessed"],
        "reportPath": finalized["reportPath"],
        "decidedBy": approval["responder"],
        "comments": approval["comments"],
    }


@bp.orchestration_trigger(context_name="context")
def data_processing_processed(context: Context) -> Orchestration:
    """One lane of processed: works off its share of the items. (spec/data_processing.yaml:114)"""
    return run_lane(context, _processed_item)


def _processed_item(run: Run, batch: Batch, scope: ProcessedScope) -> Steps[BatchResult]:
    input_ = scope["input"]
    # spec/data_processing.yaml:120 done
    done = yield from run.call(
        PROCESS_BATCH,
        {"dataSource": input_["dataSource"], "batch": batch},
        step="done",
        retry=RETRY,
    )

    # spec/data_processing.yaml:123 what processed gives
    return done
