"""The orchestrator of undoing, generated from undoing/workflow.yaml."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from runtime.commands import Steps
from runtime.errors import ErrorValue, StepError, as_step_error
from runtime.fan_out import Lane
from runtime.orchestrate import run_lane, run_workflow
from runtime.run import Activity, Run
from runtime.sdk import Context, Orchestration

from .blueprint import bp
from .models import BookInput, BookOutput, CancelInput, HotelsScope, NoteInput, TooFarError, UndoingInput, UndoingOutput

BOOK = Activity[BookInput, BookOutput]("book")
CANCEL = Activity[CancelInput, None]("cancel")
NOTE = Activity[NoteInput, None]("note")
HOTELS_LANE = Lane[str, HotelsScope, None]("undoing_hotels", compensates=True)


@bp.orchestration_trigger(context_name="context")
def undoing(context: Context) -> Orchestration:
    """Undoing: A journey that is booked step by step, and undone in reverse order. (undoing/workflow.yaml:1)"""
    return run_workflow(
        context,
        "undoing",
        1,
        _undoing,
        timeout=timedelta(days=10),
        on_failure=_on_failure,
        cleanup=_cleanup,
    )


def _undoing(run: Run, input_: UndoingInput) -> Steps[UndoingOutput]:
    # undoing/workflow.yaml:17 flight
    run.step("flight")
    flight = yield from run.call(
        BOOK,
        {"run": input_["run"], "what": "flight", "fails": input_["fails_at"] == "flight"},
        step="flight",
    )

    # undoing/workflow.yaml:20 what undoes flight
    run.compensate(CANCEL, {"run": input_["run"], "ticket": flight["ticket"]}, step="flight")

    # undoing/workflow.yaml:21 hotels
    run.step("hotels")
    hotels = yield from run.for_each(HOTELS_LANE, input_["cities"], {"input": input_}, step="hotels", max_concurrency=1)

    sure_failure: Exception | None = None
    try:
        try:
            # undoing/workflow.yaml:30 sure
            run.step("sure")
            yield from run.call(
                BOOK,
                {"run": input_["run"], "what": "car", "fails": input_["fails_at"] == "car"},
                step="sure",
            )
        except Exception as failure:
            error = as_step_error(failure, "sure")
            if error.code == "SoldOut":
                e = error.value()
                # undoing/workflow.yaml:37
                yield from run.call(NOTE, {"run": input_["run"], "text": f"no car: {e['message']}"}, step="")
            else:
                raise
    except Exception as failure:
        sure_failure = failure
    # undoing/workflow.yaml:40
    yield from run.call(NOTE, {"run": input_["run"], "text": "asked for a car"}, step="")
    if sure_failure is not None:
        raise sure_failure
    kept: int | None = None

    # undoing/workflow.yaml:42
    if input_["fails_at"] == "far":
        try:
            # undoing/workflow.yaml:44
            raise StepError("TooFar", "too far", step="", details={"limit": 5})
        except Exception as failure:
            error = as_step_error(failure, "line42")
            if error.code == "TooFar":
                far = cast(TooFarError, error.value())
                # undoing/workflow.yaml:49
                yield from run.call(
                    NOTE,
                    {"run": input_["run"], "text": f"the limit is {far['details']['limit']}"},
                    step="",
                )

                # undoing/workflow.yaml:51 kept
                run.step("kept")
                kept = far["details"]["limit"]
            else:
                raise

    # undoing/workflow.yaml:53
    if kept is not None:
        # undoing/workflow.yaml:53
        run.status(f"Kept {kept}")

    # undoing/workflow.yaml:55
    if not input_["patient"]:
        # undoing/workflow.yaml:55
        yield from run.wait(timedelta(days=30))

    # undoing/workflow.yaml:57
    if input_["fails_at"] == "end":
        # undoing/workflow.yaml:57
        raise StepError("SoldOut", "the end", step="")

    # undoing/workflow.yaml:59
    return {"booked": 1 + hotels["succeeded"]}


def _on_failure(run: Run, input_: UndoingInput, error: ErrorValue) -> Steps[None]:
    # undoing/workflow.yaml:62
    yield from run.call(NOTE, {"run": input_["run"], "text": f"failed: {error['code']}"}, step="")


def _cleanup(run: Run, input_: UndoingInput) -> Steps[None]:
    # undoing/workflow.yaml:65
    yield from run.call(NOTE, {"run": input_["run"], "text": "over"}, step="")


@bp.orchestration_trigger(context_name="context")
def undoing_hotels(context: Context) -> Orchestration:
    """One lane of hotels: works off its share of the items. (undoing/workflow.yaml:21)"""
    return run_lane(context, _hotels_item)


def _hotels_item(run: Run, city: str, scope: HotelsScope) -> Steps[None]:
    input_ = scope["input"]
    # undoing/workflow.yaml:26 hotel
    hotel = yield from run.call(
        BOOK,
        {"run": input_["run"], "what": city, "fails": input_["fails_at"] == city},
        step="hotel",
    )

    # undoing/workflow.yaml:29 what undoes hotel
    run.compensate(CANCEL, {"run": input_["run"], "ticket": hotel["ticket"]}, step="hotel")
