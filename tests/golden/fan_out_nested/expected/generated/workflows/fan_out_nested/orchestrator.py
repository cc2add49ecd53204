"""The orchestrator of fan_out_nested, generated from fan_out_nested/workflow.yaml."""

from __future__ import annotations

from runtime.commands import Steps
from runtime.fan_out import Lane
from runtime.orchestrate import run_lane, run_workflow
from runtime.run import Activity, Run
from runtime.sdk import Context, Orchestration

from .blueprint import bp
from .models import FanOutNestedInput, FanOutNestedOutput, LineScope, MultiplyInput, Row, TableResult, TableScope

MULTIPLY = Activity[MultiplyInput, int]("multiply")
LINE_LANE = Lane[int, LineScope, int]("fan_out_nested_line")
TABLE_LANE = Lane[Row, TableScope, TableResult]("fan_out_nested_table")


@bp.orchestration_trigger(context_name="context")
def fan_out_nested(context: Context) -> Orchestration:
    """Nested fan-out: A list of lists, with what is outside read inside. (fan_out_nested/workflow.yaml:1)"""
    return run_workflow(context, "fan_out_nested", 1, _fan_out_nested, announces=True)


def _fan_out_nested(run: Run, input_: FanOutNestedInput) -> Steps[FanOutNestedOutput]:
    # fan_out_nested/workflow.yaml:23 offset
    run.step("offset")
    offset: int = input_["factor"] * 100

    # fan_out_nested/workflow.yaml:25 table
    run.step("table")
    table = yield from run.for_each(
        TABLE_LANE,
        input_["rows"],
        {"input": input_, "offset": offset},
        step="table",
        max_concurrency=2,
    )

    # fan_out_nested/workflow.yaml:42
    return {"sums": [one["sum"] for one in table["results"]], "cells": sum(one["cells"] for one in table["results"])}


@bp.orchestration_trigger(context_name="context")
def fan_out_nested_line(context: Context) -> Orchestration:
    """One lane of line: works off its share of the items. (fan_out_nested/workflow.yaml:30)"""
    return run_lane(context, _line_item)


def _line_item(run: Run, cell: int, scope: LineScope) -> Steps[int]:
    input_ = scope["input"]
    offset = scope["offset"]
    # fan_out_nested/workflow.yaml:35 product
    product = yield from run.call(MULTIPLY, {"value": cell, "factor": input_["factor"]}, step="product")

    # fan_out_nested/workflow.yaml:38 what line gives
    return product + offset


@bp.orchestration_trigger(context_name="context")
def fan_out_nested_table(context: Context) -> Orchestration:
    """One lane of table: works off its share of the items. (fan_out_nested/workflow.yaml:25)"""
    return run_lane(context, _table_item)


def _table_item(run: Run, row: Row, scope: TableScope) -> Steps[TableResult]:
    input_ = scope["input"]
    offset = scope["offset"]
    # fan_out_nested/workflow.yaml:30 line
    line = yield from run.for_each(
        LINE_LANE,
        row["cells"],
        {"input": input_, "offset": offset},
        step="line",
        max_concurrency=2,
    )

    # fan_out_nested/workflow.yaml:39 row_sum
    row_sum: int = sum(line["results"])

    # fan_out_nested/workflow.yaml:41 what table gives
    return {"name": row["name"], "sum": row_sum, "cells": line["total"]}
