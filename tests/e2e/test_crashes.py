"""`kill -9` of the host at work: started again on the same data, every instance goes on and nothing is lost."""

from __future__ import annotations

import re
from pathlib import Path

from tests.e2e.conftest import SKIPPING, HostProcess, MakeSource, StartHost, usable


def batches(host: HostProcess, instance: str) -> list[tuple[int, int]]:
    """Number and processed records of each batch in the finished report."""
    text = Path(host.status(instance)["output"]["reportPath"]).read_text(encoding="utf-8")
    return [(int(number), int(done)) for number, done in re.findall(r"^\| (\d+) \| (\d+) \| \d+ \|", text, re.M)]


def test_killed_amid_the_fan_out_no_batch_is_lost(start_host: StartHost, make_source: MakeSource) -> None:
    source = make_source(500, free=8)
    host = start_host()
    instance = host.begin(source.url, 500)
    host.until(instance, lambda status: status.get("progress") == {"completed": 7, "total": 20})
    host.kill()
    source.gate.set()
    again = start_host()
    assert again.waiting(instance)["details"].startswith(f"{usable(500)} records processed, 50 rejected.")
    again.answer(instance)
    status = again.ended(instance)
    assert status["output"]["status"] == "Finalized"
    assert status["progress"] == {"completed": 20, "total": 20}
    assert [number for number, _ in batches(again, instance)] == list(range(1, 21))
    assert sum(done for _, done in batches(again, instance)) == usable(500)
    # Seven batches were done before; the eight at work then are done once more, and never more than that.
    assert 21 <= source.reads <= 1 + 20 + 8


def test_killed_three_times_amid_the_fan_out_it_still_ends(start_host: StartHost, make_source: MakeSource) -> None:
    source = make_source(500, free=4)
    host = start_host()
    instance = host.begin(source.url, 500)
    for done in (3, 6, 9):
        host.until(instance, lambda status, done=done: status.get("progress") == {"completed": done, "total": 20})
        host.kill()
        source.gate.set()
        source.gate.clear()
        source.free = source.reads + 3
        host = start_host()
    source.free = 1 << 30
    source.gate.set()
    host.waiting(instance)
    host.answer(instance)
    assert host.ended(instance)["output"]["recordsProcessed"] == usable(500)
    assert [number for number, _ in batches(host, instance)] == list(range(1, 21))


def test_killed_during_the_approval_wait_it_is_still_asked_until_the_same_moment(
    start_host: StartHost, orders: Path
) -> None:
    host = start_host()
    instance = host.begin(str(orders), 60)
    before = host.waiting(instance)
    host.kill()
    again = start_host()
    assert again.waiting(instance) == before
    assert again.answer(instance, comments="after the crash").body["result"] == "recorded"
    output = again.ended(instance)["output"]
    assert (output["status"], output["comments"]) == ("Finalized", "after the crash")


def test_an_answer_that_was_told_to_be_recorded_survives_a_kill(start_host: StartHost, orders: Path) -> None:
    host = start_host()
    instance = host.begin(str(orders), 60)
    host.waiting(instance)
    assert host.answer(instance, "Reject").body["result"] == "recorded"
    host.kill()
    again = start_host()
    assert again.ended(instance)["output"]["status"] == "Rejected"
    assert again.answer(instance).status == 410


def test_an_instance_that_was_accepted_survives_a_kill_right_after(start_host: StartHost, orders: Path) -> None:
    host = start_host()
    instances = [host.begin(str(orders), 60, instanceId=f"run-{number}") for number in range(5)]
    host.kill()
    again = start_host()
    for instance in instances:
        assert again.waiting(instance)["approval"] == "approval"


def test_the_seven_days_go_on_counting_over_a_kill(start_host: StartHost, orders: Path) -> None:
    host = start_host()
    instance = host.begin(str(orders), 60)
    due = host.waiting(instance)["dueAt"]
    host.kill()
    status = start_host("--skip-time").ended(instance, pause=SKIPPING)
    assert status["output"]["status"] == "TimedOut"
    assert status["lastUpdatedTime"][:16] == due[:16]
