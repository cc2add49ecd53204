"""The orchestrator of types, generated from types/workflow.yaml."""

from __future__ import annotations

from runtime.commands import Steps
from runtime.orchestrate import run_workflow
from runtime.run import Activity, Run
from runtime.sdk import Context, Orchestration

from .blueprint import bp
from .models import EchoInput, Everything, TypesInput, TypesOutput

ECHO = Activity[EchoInput, Everything]("echo")


@bp.orchestration_trigger(context_name="context")
def types(context: Context) -> Orchestration:
    """Types: Every type that a field may have, on its way in, through an activity and out. (types/workflow.yaml:1)"""
    return run_workflow(context, "types", 1, _types, announces=True)


def _types(run: Run, input_: TypesInput) -> Steps[TypesOutput]:
    # types/workflow.yaml:50 echoed
    run.step("echoed")
    echoed = yield from run.call(
        ECHO,
        {
            "day": input_["day"],
            "moment": input_["moment"],
            "order": input_["order"],
            "prices": input_["prices"],
            "maybe": input_["maybe"],
            "list_preset": input_["list_preset"],
        },
        step="echoed",
    )

    # types/workflow.yaml:59
    return {
        "echoed": echoed,
        "missing": input_["maybe"] is None,
        "preset": input_["preset"],
        "price": input_["prices"].get("apple"),
    }
