"""Steps that may not run, run on the host: both sides of every guard."""

from __future__ import annotations

from typing import Any

import pytest
from tests.golden.conftest import Play

CASES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"amount": 50, "names": []}, {"way": "none", "discount": 0.5, "greeted": 0}),
    ({"amount": 50, "names": ["a"]}, {"way": "one", "discount": 0.5, "greeted": 0}),
    ({"amount": 50, "names": ["a", "b"]}, {"way": "two", "discount": 0.5, "greeted": 0}),
    ({"amount": 200, "names": ["a", "nobody", "b"]}, {"way": "many", "checked": "good", "discount": 0.1, "greeted": 2}),
    ({"amount": 600, "names": ["a"]}, {"way": "one", "checked": "good", "discount": 1.9, "greeted": 0}),
    ({"amount": 5000, "names": ["a"], "vip": True}, {"way": "one", "discount": 0.5, "greeted": 0}),
]


@pytest.mark.parametrize(("given", "expected"), CASES)
def test_a_result_is_read_only_where_its_step_has_run(
    play: Play, given: dict[str, Any], expected: dict[str, Any]
) -> None:
    status = play("branches").run(given)
    assert status["runtimeStatus"] == "Completed"
    assert status["output"] == expected


def test_a_raise_under_a_guard_ends_the_workflow_typed(play: Play) -> None:
    status = play("branches").run({"amount": 1000.5, "names": []})
    assert status["runtimeStatus"] == "Failed"
    assert status["error"] == {"code": "TooMuch", "message": "1000.5 is too much", "step": "refused"}
    assert status["step"] == "refused"
    assert "output" not in status


def test_a_message_is_gone_with_the_step_that_said_it(play: Play) -> None:
    stage = play("branches")
    assert stage.run({"amount": 600, "names": []})["message"] == "A generous rate of 0.95"
    assert "message" not in stage.run({"amount": 1, "names": []})
