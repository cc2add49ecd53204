"""The orchestrator of retries, generated from retries/workflow.yaml."""

from __future__ import annotations

from runtime.commands import Steps
from runtime.orchestrate import run_workflow
from runtime.retry import Retry
from runtime.run import Activity, Run
from runtime.sdk import Context, Orchestration

from .blueprint import bp
from .models import RetriesInput, RetriesOutput, StumbleInput

STUMBLE = Activity[StumbleInput, RetriesOutput]("stumble")
RETRY = Retry(max_attempts=5, initial_delay=30, backoff=2)
RETRY_2 = Retry(max_attempts=6, initial_delay=30, backoff=2, max_delay=60)
RETRY_3 = Retry(max_attempts=10, initial_delay=60, backoff=2, max_duration=600)
RETRY_4 = Retry(max_attempts=3, only_on=("BusyError",))
RETRY_5 = Retry(max_attempts=3, never_on=("BrokenError",))
RETRY_6 = Retry(max_attempts=5, initial_delay=100, jitter=True)
RETRY_7 = Retry(max_attempts=2, initial_delay=518400, backoff=2)


@bp.orchestration_trigger(context_name="context")
def retries(context: Context) -> Orchestration:
    """Retries: Calls that fail a number of times, under every form of policy. (retries/workflow.yaml:1)"""
    return run_workflow(context, "retries", 1, _retries, announces=True)


def _retries(run: Run, input_: RetriesInput) -> Steps[RetriesOutput]:
    with_backoff: RetriesOutput | None = None
    with_cap: RetriesOutput | None = None
    within_time: RetriesOutput | None = None
    on_busy: RetriesOutput | None = None
    not_on_broken: RetriesOutput | None = None
    with_jitter: RetriesOutput | None = None
    changed: RetriesOutput | None = None

    # retries/workflow.yaml:30
    if input_["policy"] == "backoff":
        # retries/workflow.yaml:32 with_backoff
        run.step("with_backoff")
        with_backoff = yield from run.call(
            STUMBLE,
            {"key": run.info["id"], "failures": input_["failures"], "error": input_["error"]},
            step="with_backoff",
            retry=RETRY,
        )

        # retries/workflow.yaml:36
        return {"attempts": with_backoff["attempts"]}
    elif input_["policy"] == "capped":
        # retries/workflow.yaml:39 with_cap
        run.step("with_cap")
        with_cap = yield from run.call(
            STUMBLE,
            {"key": run.info["id"], "failures": input_["failures"], "error": input_["error"]},
            step="with_cap",
            retry=RETRY_2,
        )

        # retries/workflow.yaml:43
        return {"attempts": with_cap["attempts"]}
    elif input_["policy"] == "brief":
        # retries/workflow.yaml:46 within_time
        run.step("within_time")
        within_time = yield from run.call(
            STUMBLE,
            {"key": run.info["id"], "failures": input_["failures"], "error": input_["error"]},
            step="within_time",
            retry=RETRY_3,
        )

        # retries/workflow.yaml:50
        return {"attempts": within_time["attempts"]}
    elif input_["policy"] == "picky":
        # retries/workflow.yaml:53 on_busy
        run.step("on_busy")
        on_busy = yield from run.call(
            STUMBLE,
            {"key": run.info["id"], "failures": input_["failures"], "error": input_["error"]},
            step="on_busy",
            retry=RETRY_4,
        )

        # retries/workflow.yaml:57
        return {"attempts": on_busy["attempts"]}
    elif input_["policy"] == "shy":
        # retries/workflow.yaml:60 not_on_broken
        run.step("not_on_broken")
        not_on_broken = yield from run.call(
            STUMBLE,
            {"key": run.info["id"], "failures": input_["failures"], "error": input_["error"]},
            step="not_on_broken",
            retry=RETRY_5,
        )

        # retries/workflow.yaml:64
        return {"attempts": not_on_broken["attempts"]}
    elif input_["policy"] == "spread":
        # retries/workflow.yaml:67 with_jitter
        run.step("with_jitter")
        with_jitter = yield from run.call(
            STUMBLE,
            {"key": run.info["id"], "failures": input_["failures"], "error": input_["error"]},
            step="with_jitter",
            retry=RETRY_6,
        )

        # retries/workflow.yaml:71
        return {"attempts": with_jitter["attempts"]}
    else:
        # retries/workflow.yaml:73 changed
        run.step("changed")
        changed = yield from run.call(
            STUMBLE,
            {"key": run.info["id"], "failures": input_["failures"], "error": input_["error"]},
            step="changed",
            retry=RETRY_7,
        )

        # retries/workflow.yaml:77
        return {"attempts": changed["attempts"]}
