"""The orchestrator of fan_out, generated from fan_out/workflow.yaml."""

from __future__ import annotations

from runtime.commands import Steps
from runtime.fan_out import Lane
from runtime.functions import coalesce, largest
from runtime.orchestrate import run_lane, run_workflow
from runtime.retry import Retry
from runtime.run import Activity, Run
from runtime.sdk import Context, Orchestration

from .blueprint import bp
from .models import Done, FanOutInput, FanOutOutput, Item, WorkedScope, WorkInput

WORK = Activity[WorkInput, Done]("work")
WORKED_LANE = Lane[Item, WorkedScope, Done]("fan_out_worked")
RETRY = Retry(max_attempts=4, initial_delay=60, backoff=2)


@bp.orchestration_trigger(context_name="context")
def fan_out(context: Context) -> Orchestration:
    """Fan-out: Works on the items of a list, a few at a time. (fan_out/workflow.yaml:1)"""
    return run_workflow(context, "fan_out", 1, _fan_out, announces=True)


def _fan_out(run: Run, input_: FanOutInput) -> Steps[FanOutOutput]:
    # fan_out/workflow.yaml:27 worked: Work on all items
    run.step("worked", title="Work on all items", message=f"{len(input_['items'])} items to work on")
    worked = yield from run.for_each(WORKED_LANE, input_["items"], {}, step="worked", max_concurrency=3)

    # fan_out/workflow.yaml:38
    return {
        "names": [one["name"] for one in worked["results"]],
        "busiest": coalesce(largest([one["busiest"] for one in worked["results"]]), 0),
        "total": worked["total"],
    }


@bp.orchestration_trigger(context_name="context")
def fan_out_worked(context: Context) -> Orchestration:
    """One lane of worked: works off its share of the items. (fan_out/workflow.yaml:27)"""
    return run_lane(context, _worked_item)


def _worked_item(run: Run, item_: Item, _scope: WorkedScope) -> Steps[Done]:
    # fan_out/workflow.yaml:33 done
    done = yield from run.call(
        WORK,
        {"item": item_, "key": f"{run.info['id']}/{item_['name']}"},
        step="done",
        retry=RETRY,
    )

    # fan_out/workflow.yaml:36 what worked gives
    return done
