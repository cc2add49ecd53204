"""The flagship over real HTTP: approved, rejected, timed out, refused, and every kind of file it reads."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from pathlib import Path

from tests.conftest import Json
from tests.e2e.conftest import DAY, SKIPPING, MakeSource, OnStage, StartHost, records, usable


def test_an_approved_run_finalizes_the_report(start_host: StartHost, orders: Path, reports: Path) -> None:
    host = start_host()
    instance = host.begin(str(orders), 60)
    approval = host.waiting(instance)
    assert approval["title"] == f"Approve the report on {orders}"
    assert approval["approvers"] == ["ada@example.com"]
    assert approval["details"].startswith("54 records processed, 6 rejected. The report is at ")
    told = host.answer(instance, comments="Looks right.").body
    assert told["result"] == "recorded"
    assert (told["decision"], told["responder"], told["comments"]) == ("Approve", "grace@example.com", "Looks right.")
    status = host.ended(instance)
    path = reports / instance / "report.approved.md"
    assert status["runtimeStatus"] == "Completed"
    assert status["output"] == {
        "status": "Finalized",
        "recordsProcessed": 54,
        "reportPath": str(path),
        "decidedBy": "grace@example.com",
        "comments": "Looks right.",
    }
    assert status["pendingApprovals"] == []
    assert status["progress"] == {"completed": 3, "total": 3}
    text = path.read_text(encoding="utf-8")
    assert "54 records processed, 6 rejected, total 1620.00." in text
    assert re.findall(r"^\| (\d+) \| (\d+) \| (\d+) \|", text, re.M) == [
        ("1", "23", "2"),
        ("2", "22", "3"),
        ("3", "9", "1"),
    ]
    assert text.endswith("\nApproved by grace@example.com: Looks right.\n")


def test_a_rejected_run_says_who_and_why_and_finalizes_nothing(on_stage: OnStage, orders: Path, reports: Path) -> None:
    stage = on_stage()
    instance = stage.begin(str(orders), 60)
    stage.waiting(instance)
    assert stage.answer(instance, "Reject", comments="Not yet").body["result"] == "recorded"
    output = stage.ended(instance)["output"]
    assert (output["status"], output["decidedBy"], output["comments"]) == ("Rejected", "grace@example.com", "Not yet")
    assert Path(output["reportPath"]).name == "report.md"
    assert not (reports / instance / "report.approved.md").exists()


def test_a_run_without_an_answer_times_out_after_seven_days(on_stage: OnStage, orders: Path) -> None:
    stage = on_stage()
    instance = stage.begin(str(orders), 60)
    approval = stage.waiting(instance)
    asked, due = (datetime.fromisoformat(approval[one]) for one in ("requestedAt", "dueAt"))
    assert due - asked == timedelta(days=7)
    stage.clock.advance(7 * DAY - 1)
    assert stage.waiting(instance) == approval
    stage.clock.advance(1)
    status = stage.ended(instance)
    assert status["output"]["status"] == "TimedOut"
    assert "decidedBy" not in status["output"]
    assert datetime.fromisoformat(status["lastUpdatedTime"]) - datetime.fromisoformat(status["createdTime"]) in (
        timedelta(days=7),
        timedelta(days=7, seconds=1),
    )


def test_seven_days_pass_in_seconds_where_time_is_skipped(start_host: StartHost, orders: Path) -> None:
    host = start_host("--skip-time")
    instance = host.begin(str(orders), 60)
    status = host.ended(instance, pause=SKIPPING)
    assert status["output"]["status"] == "TimedOut"
    lasted = datetime.fromisoformat(status["lastUpdatedTime"]) - datetime.fromisoformat(status["createdTime"])
    assert timedelta(days=7) <= lasted < timedelta(days=7, minutes=1)


def test_an_answer_on_the_fourth_day_is_acted_on_that_day(on_stage: OnStage, orders: Path) -> None:
    stage = on_stage(lenient=True)
    instance = stage.begin(str(orders), 60)
    stage.waiting(instance)
    stage.clock.advance(4 * DAY)
    stage.answer(instance)
    status = stage.ended(instance)
    lasted = datetime.fromisoformat(status["lastUpdatedTime"]) - datetime.fromisoformat(status["createdTime"])
    assert status["output"]["status"] == "Finalized"
    assert timedelta(days=4) <= lasted <= timedelta(days=4, seconds=1)


def test_a_bad_data_source_stops_the_run_with_every_problem(on_stage: OnStage, tmp_path: Path) -> None:
    stage = on_stage()
    source = tmp_path / "short.csv"
    source.write_text("order,price\nSO-1,3\n", encoding="utf-8")
    status = stage.ended(stage.begin(str(source), 5))
    assert status["runtimeStatus"] == "Failed"
    assert status["error"] == {
        "code": "ValidationFailed",
        "message": f"{source} holds 1 records, 5 were announced; there is no column 'amount'",
        "step": "refused",
    }
    assert (status["step"], status["stepTitle"]) == ("refused", "Stop on a bad data source")
    assert "output" not in status


def test_an_empty_file_and_a_broken_one_are_told_apart(on_stage: OnStage, tmp_path: Path) -> None:
    stage = on_stage()
    contents = {
        "empty.csv": "",
        "header.csv": "order,amount\n",
        "broken.jsonl": '{"amount": 1}\n{"amount"',
        "l.json": "[1]",
    }
    messages: dict[str, str] = {}
    for name, text in contents.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        status = stage.ended(stage.begin(str(tmp_path / name), 1))
        assert status["error"]["code"] == "ValidationFailed"
        messages[name] = status["error"]["message"]
    assert messages["empty.csv"].endswith("holds no records")
    assert messages["header.csv"].endswith("holds no records")
    assert messages["broken.jsonl"].startswith("line 2 is not JSON")
    assert messages["l.json"] == "line 1 is not a JSON object"


def test_a_source_in_json_lines_gives_the_same_as_one_in_csv(on_stage: OnStage, tmp_path: Path) -> None:
    stage = on_stage()
    rows = [line.split(",") for line in records(60).splitlines()[1:]]
    lines = [json.dumps({"order": order, "amount": amount}) for order, amount in rows]
    source = tmp_path / "orders.jsonl"
    source.write_text("\n".join(lines), encoding="utf-8")
    instance = stage.begin(str(source), 60)
    assert stage.waiting(instance)["details"].startswith(f"{usable(60)} records processed, 6 rejected.")


def test_progress_counts_up_to_the_number_of_batches(on_stage: OnStage, make_source: MakeSource) -> None:
    source = make_source(500, free=1)
    stage = on_stage()
    instance = stage.begin(source.url, 500)
    stage.until(instance, lambda status: status.get("progress") == {"completed": 0, "total": 20})
    seen: list[int] = []

    def look(status: Json) -> bool:
        progress = status["progress"]
        assert progress["total"] == 20
        seen.append(progress["completed"])
        # The first reader was the one that validates; at most five batches more than are shown may be done.
        source.free = max(source.free, progress["completed"] + 6)
        return bool(status["pendingApprovals"])

    stage.until(instance, look)
    assert seen == sorted(seen)
    assert seen[-1] == 20
    assert len(set(seen)) >= 4
