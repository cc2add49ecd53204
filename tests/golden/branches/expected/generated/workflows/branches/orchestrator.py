"""The orchestrator of branches, generated from branches/workflow.yaml."""

from __future__ import annotations

from typing import Literal

from runtime.commands import Steps
from runtime.errors import StepError
from runtime.fan_out import Lane
from runtime.functions import coalesce, text
from runtime.orchestrate import run_lane, run_workflow
from runtime.run import Activity, Run
from runtime.sdk import Context, Orchestration

from .blueprint import bp
from .models import BranchesInput, BranchesOutput, GreetedScope, GreetedValue, GreetInput, InspectInput, InspectOutput

INSPECT = Activity[InspectInput, InspectOutput]("inspect")
GREET = Activity[GreetInput, str]("greet")
GREETED_LANE = Lane[str, GreetedScope, str | None]("branches_greeted")


@bp.orchestration_trigger(context_name="context")
def branches(context: Context) -> Orchestration:
    """Branches: Steps that may not run, and results that are read under a guard. (branches/workflow.yaml:1)"""
    return run_workflow(context, "branches", 1, _branches, announces=True)


def _branches(run: Run, input_: BranchesInput) -> Steps[BranchesOutput]:
    inspection: InspectOutput | None = None

    if input_["amount"] > 100 and not input_["vip"]:
        # branches/workflow.yaml:28 inspection: Inspect large amounts
        run.step("inspection", title="Inspect large amounts")
        inspection = yield from run.call(INSPECT, {"amount": input_["amount"]}, step="inspection")

    # branches/workflow.yaml:33 rate
    run.step("rate")
    rate: float = inspection["discount"] if inspection is not None else 0.5

    if inspection is not None and inspection["verdict"] == "bad":
        # branches/workflow.yaml:35 refused
        run.step("refused")
        raise StepError("TooMuch", f"{text(input_['amount'])} is too much", step="refused")
    greeted: GreetedValue | None = None
    way_many: Literal["many"] | None = None
    way_one: Literal["one"] | None = None
    way_none: Literal["none", "two"] | None = None

    # branches/workflow.yaml:40
    if len(input_["names"]) > 2:
        # branches/workflow.yaml:42 greeted: Greet them all
        run.step("greeted", title="Greet them all")
        greeted = yield from run.for_each(GREETED_LANE, input_["names"], {}, step="greeted", max_concurrency=20)

        # branches/workflow.yaml:52 way_many
        run.step("way_many")
        way_many = "many"
    elif len(input_["names"]) == 1:
        # branches/workflow.yaml:56 way_one
        run.step("way_one")
        way_one = "one"
    else:
        # branches/workflow.yaml:59
        run.status("Nobody to greet")

        # branches/workflow.yaml:60 way_none
        run.step("way_none")
        way_none = "none" if len(input_["names"]) == 0 else "two"
    generous: bool | None = None

    # branches/workflow.yaml:62
    if rate > 0.9:
        # branches/workflow.yaml:64 generous
        run.step("generous")
        generous = True

        # branches/workflow.yaml:66
        run.status(f"A generous rate of {text(rate)}")

    # branches/workflow.yaml:67
    return {
        "way": coalesce(way_many, coalesce(way_one, coalesce(way_none, "?"))),
        "checked": inspection["verdict"] if inspection is not None else None,
        "discount": rate if generous is None else rate * 2,
        "greeted": len([one for one in greeted["results"] if one is not None]) if greeted is not None else 0,
    }


@bp.orchestration_trigger(context_name="context")
def branches_greeted(context: Context) -> Orchestration:
    """One lane of greeted: works off its share of the items. (branches/workflow.yaml:42)"""
    return run_lane(context, _greeted_item)


def _greeted_item(run: Run, name: str, _scope: GreetedScope) -> Steps[str | None]:
    greeting: str | None = None

    if name != "nobody":
        # branches/workflow.yaml:47 greeting
        greeting = yield from run.call(GREET, {"name": name}, step="greeting")

    # branches/workflow.yaml:51 what greeted gives
    return greeting
