"""The orchestrator of calls, generated from calls/workflow.yaml."""

from __future__ import annotations

from typing import Literal

from runtime.commands import Steps
from runtime.orchestrate import run_workflow
from runtime.run import Activity, Run
from runtime.sdk import Context, Orchestration

from .blueprint import bp
from .models import (
    CallsInput,
    CallsOutput,
    ClassOfInput,
    MeasureInput,
    MeasureOutput,
    NoteInput,
    RepeatInput,
    ShoutInput,
)

REPEAT = Activity[RepeatInput, str]("repeat")
SHOUT = Activity[ShoutInput, str]("shout")
MEASURE = Activity[MeasureInput, MeasureOutput]("measure")
NOTE = Activity[NoteInput, None]("note")
CLASS_OF = Activity[ClassOfInput, Literal["small", "large"]]("class_of")


@bp.orchestration_trigger(context_name="context")
def calls(context: Context) -> Orchestration:
    """Calls: Calls functions of every form. (calls/workflow.yaml:1)"""
    return run_workflow(context, "calls", 3, _calls, announces=True)


def _calls(run: Run, input_: CallsInput) -> Steps[CallsOutput]:
    # calls/workflow.yaml:35 repeated: Repeat the word
    run.step("repeated", title="Repeat the word", message=f"Repeating {input_['word']} {input_['times']} times")
    repeated = yield from run.call(
        REPEAT,
        {"word": input_["word"], "times": input_["times"], "separator": None},
        step="repeated",
    )

    # calls/workflow.yaml:40 shouted
    run.step("shouted")
    shouted = yield from run.call(SHOUT, {"value": repeated}, step="shouted")

    # calls/workflow.yaml:43 measured
    run.step("measured")
    measured = yield from run.call(MEASURE, {"value": [repeated, shouted, "three"]}, step="measured")

    # calls/workflow.yaml:46
    yield from run.call(NOTE, {}, step="")

    # calls/workflow.yaml:47 kind
    run.step("kind")
    kind = yield from run.call(CLASS_OF, {"value": 3.0}, step="kind")

    # calls/workflow.yaml:50
    return {"repeated": repeated, "shouted": shouted, "length": measured["length"], "noted": kind == "small"}
