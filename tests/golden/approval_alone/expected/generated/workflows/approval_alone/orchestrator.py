"""The orchestrator of approval_alone, generated from approval_alone/workflow.yaml."""

from __future__ import annotations

from datetime import timedelta

from runtime.ask import ask
from runtime.commands import Steps
from runtime.errors import StepError
from runtime.orchestrate import run_workflow
from runtime.run import Run
from runtime.sdk import Context, Orchestration

from .blueprint import bp
from .models import ApprovalAloneInput, ApprovalAloneOutput


@bp.orchestration_trigger(context_name="context")
def approval_alone(context: Context) -> Orchestration:
    """An approval alone: A timeout or a rejection fails the workflow where nothing else is said.
    (approval_alone/workflow.yaml:1)
    """
    return run_workflow(context, "approval_alone", 1, _approval_alone, announces=True)


def _approval_alone(run: Run, input_: ApprovalAloneInput) -> Steps[ApprovalAloneOutput]:
    # approval_alone/workflow.yaml:11 approval
    run.step("approval")
    approval = yield from ask(
        run,
        step="approval",
        title="Go on?",
        details="",
        approvers=[],
        timeout=timedelta(minutes=1),
    )
    if approval is None:
        raise StepError("ApprovalTimedOut", "nobody decided in time", step="approval")
    if approval["outcome"] == "Reject":
        raise StepError("ApprovalRejected", "the approval was refused", step="approval")

    # approval_alone/workflow.yaml:13
    return {"outcome": approval["outcome"], "comments": approval["comments"]}
