"""A batch that fails for a while, one that fails for good, and a source that is not there: over real HTTP."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tests.conftest import Json
from tests.e2e.conftest import DAY, SKIPPING, MakeSource, OnStage, StartHost, usable


def moments(engine: Json, function: str) -> list[float]:
    """When an instance called a function, in seconds since its start."""
    stamps = [
        one["ScheduledTime"]
        for one in engine["historyEvents"]
        if one.get("FunctionName") == function and "ScheduledTime" in one
    ]
    begin = datetime.fromisoformat(engine["historyEvents"][0]["Timestamp"])
    return [round((datetime.fromisoformat(one) - begin).total_seconds(), 3) for one in stamps]


def test_a_batch_that_fails_twice_is_tried_again_after_30_and_60_seconds(
    on_stage: OnStage, make_source: MakeSource
) -> None:
    # Reader 1 checks the whole source, readers 2 to 9 are the eight batches, 10 and 11 the repeated one.
    source = make_source(200, refused={4, 10})
    stage = on_stage()
    instance = stage.begin(source.url, 200)
    stage.until(instance, lambda status: status.get("progress") == {"completed": 7, "total": 8})
    assert source.reads == 9
    stage.clock.advance(29.9)
    assert source.reads == 9
    stage.clock.advance(0.1)
    assert source.reads == 10
    stage.clock.advance(60)
    assert stage.waiting(instance)["details"].startswith(f"{usable(200)} records processed, 20 rejected.")
    assert source.reads == 11
    calls = [moments(stage.engine(one["instanceId"]), "process_batch") for one in stage.family(instance)]
    assert sorted(calls) == [[], *([[0.0]] * 7), [0.0, 30.0, 90.0]]


def test_the_back_offs_are_jumped_where_time_is_skipped(start_host: StartHost, make_source: MakeSource) -> None:
    source = make_source(200, refused={4, 10})
    host = start_host("--skip-time")
    status = host.ended(host.begin(source.url, 200), pause=SKIPPING)
    assert status["output"]["status"] == "TimedOut"
    assert status["output"]["recordsProcessed"] == usable(200)
    lasted = datetime.fromisoformat(status["lastUpdatedTime"]) - datetime.fromisoformat(status["createdTime"])
    assert 90 <= lasted.total_seconds() - 7 * DAY < 120
    assert source.reads == 11


def test_a_batch_that_fails_for_good_fails_the_run_typed_after_five_attempts(
    on_stage: OnStage, make_source: MakeSource
) -> None:
    source = make_source(200, refused={4, 10, 11, 12, 13})
    stage = on_stage(lenient=True)
    instance = stage.begin(source.url, 200)
    stage.until(instance, lambda status: status.get("progress") == {"completed": 7, "total": 8})
    stage.clock.advance(30 + 60 + 120 + 240)
    status = stage.ended(instance)
    assert status["runtimeStatus"] == "Failed"
    assert status["error"]["code"] == "SourceUnavailable"
    assert status["error"]["step"] == "done"
    number = status["error"]["message"].removeprefix("item ").split(" ")[0]
    assert number in {str(one) for one in range(1, 9)}
    assert status["error"]["message"].endswith("HTTP Error 503: Service Unavailable")
    assert source.reads == 13
    calls = [moments(stage.engine(one["instanceId"]), "process_batch") for one in stage.family(instance)]
    assert max(calls, key=len) == [0.0, 30.0, 90.0, 210.0, 450.0]


def test_a_source_that_is_not_there_fails_the_first_step_with_its_own_error(on_stage: OnStage, tmp_path: Path) -> None:
    stage = on_stage()
    instance = stage.begin(str(tmp_path / "nowhere.csv"), 5)
    stage.clock.advance(450)
    status = stage.ended(instance)
    assert (status["error"]["code"], status["error"]["step"]) == ("SourceUnavailable", "checked")
    assert moments(stage.engine(instance), "validate_input") == [0.0, 30.0, 90.0, 210.0, 450.0]


def test_an_internal_error_text_of_the_engine_is_not_what_a_caller_sees(on_stage: OnStage, tmp_path: Path) -> None:
    stage = on_stage()
    instance = stage.begin(str(tmp_path / "nowhere.csv"), 5)
    stage.clock.advance(450)
    status = stage.ended(instance)
    assert "Traceback" not in str(status)
    assert "Orchestrator function" not in status["error"]["message"]
