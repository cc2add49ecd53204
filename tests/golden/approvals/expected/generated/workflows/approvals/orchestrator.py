"""The orchestrator of approvals, generated from approvals/workflow.yaml."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from runtime.ask import ask
from runtime.commands import Steps
from runtime.errors import StepError
from runtime.functions import text
from runtime.orchestrate import run_workflow
from runtime.run import Activity, Run
from runtime.sdk import Context, Orchestration

from .blueprint import bp
from .models import ApprovalsInput, ApprovalsOutput, PayInput, PayOutput, SignedResult

PAY = Activity[PayInput, PayOutput]("pay")


@bp.orchestration_trigger(context_name="context")
def approvals(context: Context) -> Orchestration:
    """Approvals: Two approvals, each with its own ways out. (approvals/workflow.yaml:1)"""
    return run_workflow(context, "approvals", 1, _approvals, announces=True)


def _approvals(run: Run, input_: ApprovalsInput) -> Steps[ApprovalsOutput]:
    # approvals/workflow.yaml:20 signed: The first signature
    run.step("signed", title="The first signature")
    signed = yield from ask(
        run,
        step="signed",
        title=f"Pay {text(input_['amount'])}?",
        details=f"Asked of {', '.join(input_['approvers'])}",
        approvers=input_["approvers"],
        timeout=timedelta(days=2),
    )
    if signed is None:
        raise StepError("NobodyCame", f"nobody of {len(input_['approvers'])} came", step="signed")
    if signed["outcome"] == "Reject":
        return {"state": "Refused", "first": signed["responder"], "second": None}
    countersigned: SignedResult | None = None

    if input_["amount"] > 1000:
        # approvals/workflow.yaml:29 countersigned
        run.step("countersigned")
        countersigned = cast(
            SignedResult | None,
            (
                yield from ask(
                    run,
                    step="countersigned",
                    title=f"Really pay {text(input_['amount'])}?",
                    details="",
                    approvers=["boss@example.com", signed["responder"]],
                    timeout=timedelta(days=12),
                )
            ),
        )
        if countersigned is None:
            return {"state": "Refused", "first": signed["responder"], "second": "nobody"}
        if countersigned["outcome"] == "Reject":
            raise StepError("SecondRefused", "", step="countersigned")

    # approvals/workflow.yaml:37 paid
    run.step("paid")
    yield from run.call(PAY, {"amount": input_["amount"]}, step="paid")

    # approvals/workflow.yaml:40
    return {
        "state": "Paid",
        "first": signed["responder"],
        "second": countersigned["comments"] if countersigned is not None else None,
    }
