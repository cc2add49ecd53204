"""Calls, values and types of generated apps, run on the host."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from tests.golden.conftest import Play

EVERYTHING: dict[str, Any] = {
    "text": "abc",
    "whole": -1,
    "fraction": 0.25,
    "truth": False,
    "choice": "dark green",
    "day": "2026-02-28",
    "moment": "2026-02-28T12:00:00+02:00",
    "span": "P1DT2H",
    "mail": "ada@example.com",
    "link": "https://example.com/a?b=c",
    "token": "8f14e45f-ceea-467f-a0e6-5e1b5a2d7c11",
    "tags": ["x", "y"],
    "prices": {"apple": 1.5, "pear / ~tilde": 2},
    "order": {"id": "o1", "amount": 10},
    "orders": [{"id": "o2", "amount": 1.5, "note": "n"}],
    "nested": {"inner": {"deep": 3}},
}


def test_a_workflow_without_input_output_or_work_completes(play: Play) -> None:
    status = play("minimal").run({})
    assert status["runtimeStatus"] == "Completed"
    assert status["message"] == "Nothing to do"
    assert "output" not in status


def test_activities_of_every_form_are_called_and_their_results_read(play: Play) -> None:
    stage = play("calls")
    status = stage.run({"word": "hey", "times": 3})
    assert status["output"] == {"repeated": "hey hey hey", "shouted": "HEY HEY HEY!", "length": 28, "noted": True}
    assert stage.run({"word": "hey"})["output"]["repeated"] == "hey hey"


def test_the_message_of_a_step_is_shown_with_its_values(play: Play) -> None:
    stage = play("fan_out")
    instance = stage.start({"items": [{"name": "a", "failures": 1, "seconds": 0}]})
    status = stage.until(instance, lambda status: "message" in status)
    assert (status["step"], status["stepTitle"]) == ("worked", "Work on all items")
    assert status["message"] == "1 items to work on"


def test_every_type_passes_through_and_what_was_left_out_gets_its_default(play: Play) -> None:
    status = play("types").run(EVERYTHING)
    echoed = {key: EVERYTHING[key] for key in ("day", "moment", "order", "prices")}
    assert status["output"] == {
        "echoed": {**echoed, "list_preset": [1, 2]},
        "missing": True,
        "preset": "given",
        "price": 1.5,
    }


def test_what_was_given_is_not_replaced_by_a_default(play: Play) -> None:
    empty: dict[str, Any] = {"preset": "", "list_preset": [], "prices": {}}
    given = {**EVERYTHING, **empty, "maybe": {"id": "m", "amount": 0}}
    output = play("types").run(given)["output"]
    assert output["echoed"]["maybe"] == {"id": "m", "amount": 0}
    assert output["echoed"]["list_preset"] == []
    assert output["preset"] == ""
    assert output["missing"] is False
    assert "price" not in output


WRONG: list[tuple[str, object, str, str]] = [
    ("text", "a", "/text", "minLength"),
    ("text", "abcdef", "/text", "maxLength"),
    ("text", "AB", "/text", "pattern"),
    ("text", 1, "/text", "type"),
    ("whole", 1.5, "/whole", "type"),
    ("whole", True, "/whole", "type"),
    ("whole", 11, "/whole", "maximum"),
    ("fraction", -0.1, "/fraction", "minimum"),
    ("truth", 1, "/truth", "type"),
    ("choice", "green", "/choice", "enum"),
    ("day", "2026-02-30", "/day", "format"),
    ("day", "2026-02-28T00:00:00Z", "/day", "format"),
    ("moment", "2026-02-28T12:00:00", "/moment", "format"),
    ("span", "1 day", "/span", "format"),
    ("mail", "ada", "/mail", "format"),
    ("link", "example.com", "/link", "format"),
    ("token", "8f14e45f", "/token", "format"),
    ("tags", [], "/tags", "minItems"),
    ("tags", ["a", "b", "c"], "/tags", "maxItems"),
    ("tags", ["a", 2], "/tags/1", "type"),
    ("prices", {"a/b~c": "1"}, "/prices/a~1b~0c", "type"),
    ("order", {"id": "x"}, "/order/amount", "required"),
    ("orders", [{"id": "x", "amount": 1}, {"id": 1, "amount": 1}], "/orders/1/id", "type"),
    ("orders", [{"id": "x", "amount": 1, "extra": 1}], "/orders/0/extra", "additionalProperties"),
    ("nested", {"inner": {"deep": "3"}}, "/nested/inner/deep", "type"),
    ("nested", {"inner": {}}, "/nested/inner/deep", "required"),
    ("nested", [], "/nested", "type"),
    ("surprise", 1, "/surprise", "additionalProperties"),
]


def test_each_wrong_value_is_refused_at_its_place(play: Play) -> None:
    stage = play("types")
    for name, value, pointer, rule in WRONG:
        reply = stage.try_start({**EVERYTHING, name: value})
        assert reply.status == 400, (name, value)
        assert [(one["pointer"], one["rule"]) for one in reply.body["error"]["problems"]] == [(pointer, rule)]


def test_all_wrong_values_are_told_at_once(play: Play) -> None:
    wrong: dict[str, Any] = {"text": 1, "whole": "x", "order": {"id": 1}, "orders": [{}], "surprise": 1}
    reply = play("types").try_start({**EVERYTHING, **wrong})
    pointers = [one["pointer"] for one in reply.body["error"]["problems"]]
    assert pointers == [
        "/order/amount",
        "/order/id",
        "/orders/0/amount",
        "/orders/0/id",
        "/surprise",
        "/text",
        "/whole",
    ]


GIVEN: dict[str, Any] = {
    "a": 2,
    "b": 1.0,
    "s": 'Hel"lo',
    "words": ["beta", "alpha", "γ"],
    "day": "2026-02-01",
    "moment": "2026-02-28T12:30:00Z",
    "flags": [True, True],
}


def test_every_operator_and_function_gives_what_the_language_says(play: Play) -> None:
    output = play("expressions").run(GIVEN)["output"]
    assert output["numbers"] == [3, 4, 4, 1, 0.5, 9, 10, 2, 2, 44, 1.5, 2, 1, 3, 3, 3]
    assert output["texts"] == [
        'HEL"LO and hel"lo',
        "alpha-beta-γ",
        "abc",
        "21true",
        "amount 2, 1, true",
        "28.02.2026 12:30 032",
        "2026-03-02T00:30:00Z",
        '["beta","alpha","γ"]',
        "beta!",
        """He said "Hel"lo", she said 'Hel"lo'""",
        """quote " and ' apostrophe and \\ backslash""",
    ]
    assert output["truths"] == [True] * 10
    assert output["failures"] == [
        {"id": "beta", "reason": "none given", "size": 4},
        {"id": "γ", "reason": "none given", "size": 1},
    ]
    assert output["stamp"].startswith(output["today"])
    assert uuid.UUID(output["id"])


def test_expressions_give_the_same_in_every_replay(play: Play) -> None:
    stage = play("expressions", replay="always")
    instance = stage.start(GIVEN)
    status = stage.ended(instance)
    assert status["output"]["id"] == stage.status(instance)["output"]["id"]


@pytest.mark.parametrize(("words", "a"), [([], 4), (["beta"], 3)])
def test_lists_that_are_empty_and_branches_of_a_condition(play: Play, words: list[str], a: int) -> None:
    output = play("expressions").run({**GIVEN, "words": words, "a": a})["output"]
    assert output["texts"][8] == ("beta!" if words else "empty")
    assert output["numbers"][13] == {4: 1, 3: 2}[a]
