"""The orchestrator of parts, generated from parts/workflow.yaml."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from runtime.branch import Branch, Loop
from runtime.commands import Steps
from runtime.errors import as_step_error
from runtime.functions import coalesce
from runtime.loop import Turn
from runtime.orchestrate import run_branch, run_loop, run_workflow
from runtime.run import Activity, Run
from runtime.sdk import Context, Orchestration

from .blueprint import bp
from .models import (
    LimitedExports,
    LimitedWithinScope,
    MeasureInput,
    NextTurnInput,
    NextTurnOutput,
    OfferInput,
    OffersFarScope,
    OffersNearScope,
    OffersValue,
    PartsConfig,
    PartsInput,
    PartsOutput,
    RaceRunsScope,
    RaceValue,
    RaceWaitsScope,
    SomeNeverScope,
    SomeOneScope,
    SomeTwoScope,
    SomeValue,
    TurnedScope,
)
from .schemas import CONFIG

OFFER = Activity[OfferInput, int]("offer")
NEXT_TURN = Activity[NextTurnInput, NextTurnOutput]("next_turn")
MEASURE = Activity[MeasureInput, int]("measure")
OFFERS_NEAR_BRANCH = Branch[int]("parts_offers_near", "near")
OFFERS_FAR_BRANCH = Branch[int]("parts_offers_far", "far")
RACE_WAITS_BRANCH = Branch[int]("parts_race_waits", "waits")
RACE_RUNS_BRANCH = Branch[int]("parts_race_runs", "runs")
SOME_ONE_BRANCH = Branch[int]("parts_some_one", "one")
SOME_TWO_BRANCH = Branch[int]("parts_some_two", "two")
SOME_NEVER_BRANCH = Branch[int]("parts_some_never", "never")
TURNED_LOOP = Loop[NextTurnOutput]("parts_turned", every=3600, max_turns=60)
LIMITED_WITHIN = Branch[LimitedExports]("parts_limited_within", "limited")


@bp.orchestration_trigger(context_name="context")
def parts(context: Context) -> Orchestration:
    """Parts: Branches, loops and time limits, each a child of its own. (parts/workflow.yaml:1)"""
    return run_workflow(context, "parts", 1, _parts, config=CONFIG, announces=True)


def _parts(run: Run, input_: PartsInput, config: PartsConfig) -> Steps[PartsOutput]:
    # parts/workflow.yaml:25 offers
    run.step("offers")
    offers = cast(
        OffersValue,
        (yield from run.branches([OFFERS_NEAR_BRANCH, OFFERS_FAR_BRANCH], {"input": input_}, step="offers")),
    )

    # parts/workflow.yaml:29 race
    run.step("race")
    race = cast(
        RaceValue,
        (yield from run.branches([RACE_WAITS_BRANCH, RACE_RUNS_BRANCH], {"input": input_}, step="race", wins=1)),
    )

    # parts/workflow.yaml:34 some
    run.step("some")
    some = cast(
        SomeValue,
        (yield from run.branches([SOME_ONE_BRANCH, SOME_TWO_BRANCH, SOME_NEVER_BRANCH], {}, step="some", wins=2)),
    )

    # parts/workflow.yaml:40 turned
    run.step("turned")
    turned = yield from run.loop(TURNED_LOOP, {"input": input_}, step="turned")
    measured: int | None = None

    try:
        # parts/workflow.yaml:50 limited
        run.step("limited")
        limited_exports = yield from run.within(
            LIMITED_WITHIN,
            {"input": input_},
            step="limited",
            timeout=timedelta(hours=2),
        )
        measured = limited_exports["measured"]
    except Exception as failure:
        error = as_step_error(failure, "limited")
        if error.code == "TimedOut":
            late = error.value()
            # parts/workflow.yaml:63
            run.status(f"{late['code']}: too slow")
        else:
            raise

    # parts/workflow.yaml:64
    return {
        "both": offers["near"] + offers["far"],
        "first": race["runs"],
        "two": coalesce(some["one"], 0) + coalesce(some["two"], 0),
        "turn": turned["number"],
        "measured": measured,
        "limit": config["limit"],
    }


@bp.orchestration_trigger(context_name="context")
def parts_offers_near(context: Context) -> Orchestration:
    """near, as a child of its own. (parts/workflow.yaml:27)"""
    return run_branch(context, _offers_near)


def _offers_near(run: Run, scope: OffersNearScope) -> Steps[int]:
    input_ = scope["input"]
    # parts/workflow.yaml:27 a
    run.step("a")
    a = yield from run.call(OFFER, {"price": input_["near"], "broken": input_["broken"]}, step="a")

    # parts/workflow.yaml:27 what offers_near gives
    return a


@bp.orchestration_trigger(context_name="context")
def parts_offers_far(context: Context) -> Orchestration:
    """far, as a child of its own. (parts/workflow.yaml:28)"""
    return run_branch(context, _offers_far)


def _offers_far(run: Run, scope: OffersFarScope) -> Steps[int]:
    input_ = scope["input"]
    # parts/workflow.yaml:28 b
    run.step("b")
    b = yield from run.call(OFFER, {"price": input_["far"], "broken": False}, step="b")

    # parts/workflow.yaml:28 what offers_far gives
    return b


@bp.orchestration_trigger(context_name="context")
def parts_race_waits(context: Context) -> Orchestration:
    """waits, as a child of its own. (parts/workflow.yaml:31)"""
    return run_branch(context, _race_waits)


def _race_waits(run: Run, _scope: RaceWaitsScope) -> Steps[int]:
    # parts/workflow.yaml:31
    yield from run.wait(timedelta(days=30))

    # parts/workflow.yaml:31 c
    run.step("c")
    c = yield from run.call(OFFER, {"price": 1, "broken": False}, step="c")

    # parts/workflow.yaml:31 what race_waits gives
    return c


@bp.orchestration_trigger(context_name="context")
def parts_race_runs(context: Context) -> Orchestration:
    """runs, as a child of its own. (parts/workflow.yaml:32)"""
    return run_branch(context, _race_runs)


def _race_runs(run: Run, scope: RaceRunsScope) -> Steps[int]:
    input_ = scope["input"]
    # parts/workflow.yaml:32 d
    run.step("d")
    d = yield from run.call(OFFER, {"price": input_["near"], "broken": False}, step="d")

    # parts/workflow.yaml:32 what race_runs gives
    return d


@bp.orchestration_trigger(context_name="context")
def parts_some_one(context: Context) -> Orchestration:
    """one, as a child of its own. (parts/workflow.yaml:36)"""
    return run_branch(context, _some_one)


def _some_one(run: Run, _scope: SomeOneScope) -> Steps[int]:
    # parts/workflow.yaml:36 e
    run.step("e")
    e = yield from run.call(OFFER, {"price": 1, "broken": False}, step="e")

    # parts/workflow.yaml:36 what some_one gives
    return e


@bp.orchestration_trigger(context_name="context")
def parts_some_two(context: Context) -> Orchestration:
    """two, as a child of its own. (parts/workflow.yaml:37)"""
    return run_branch(context, _some_two)


def _some_two(run: Run, _scope: SomeTwoScope) -> Steps[int]:
    # parts/workflow.yaml:37 f
    run.step("f")
    f = yield from run.call(OFFER, {"price": 2, "broken": False}, step="f")

    # parts/workflow.yaml:37 what some_two gives
    return f


@bp.orchestration_trigger(context_name="context")
def parts_some_never(context: Context) -> Orchestration:
    """never, as a child of its own. (parts/workflow.yaml:38)"""
    return run_branch(context, _some_never)


def _some_never(run: Run, _scope: SomeNeverScope) -> Steps[int]:
    # parts/workflow.yaml:38
    yield from run.wait(timedelta(days=100))

    # parts/workflow.yaml:38 what some_never gives
    return 0


@bp.orchestration_trigger(context_name="context")
def parts_turned(context: Context) -> Orchestration:
    """The loop of turned: goes on as new after some turns. (parts/workflow.yaml:40)"""
    return run_loop(context, _turned_turn)


def _turned_turn(run: Run, _turn: int, scope: TurnedScope) -> Steps[Turn[NextTurnOutput]]:
    input_ = scope["input"]
    # parts/workflow.yaml:43 now_at
    run.step("now_at")
    now_at = yield from run.call(NEXT_TURN, {"run": run.info["id"]}, step="now_at")

    if now_at["number"] >= input_["turns"]:
        return Turn(done=True, value=now_at)
    return Turn(done=False, value=None)


@bp.orchestration_trigger(context_name="context")
def parts_limited_within(context: Context) -> Orchestration:
    """limited, as a child of its own. (parts/workflow.yaml:50)"""
    return run_branch(context, _limited_within)


def _limited_within(run: Run, scope: LimitedWithinScope) -> Steps[LimitedExports]:
    input_ = scope["input"]
    # parts/workflow.yaml:53
    yield from run.wait(timedelta(hours=1))

    # parts/workflow.yaml:54
    if input_["slow"] > 0:
        # parts/workflow.yaml:54
        yield from run.wait(timedelta(hours=3))

    # parts/workflow.yaml:56 measured
    run.step("measured")
    measured = yield from run.call(MEASURE, {"value": input_["near"]}, step="measured")

    return {"measured": measured}
