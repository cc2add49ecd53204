"""The orchestrator of minimal, generated from minimal/workflow.yaml."""

from __future__ import annotations

from runtime.commands import Steps
from runtime.orchestrate import run_workflow
from runtime.run import Run
from runtime.sdk import Context, Orchestration

from .blueprint import bp
from .models import MinimalInput


@bp.orchestration_trigger(context_name="context")
def minimal(context: Context) -> Orchestration:
    """Minimal: (minimal/workflow.yaml:1)"""
    return run_workflow(context, "minimal", 1, _minimal, announces=True)


def _minimal(run: Run, input_: MinimalInput) -> Steps[None]:
    yield from ()  # steps are a generator even where none of them waits
    # minimal/workflow.yaml:4
    run.status("Nothing to do")
