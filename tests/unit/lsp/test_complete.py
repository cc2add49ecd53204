"""What may be written where, in texts that are whole and in texts that are not."""

from __future__ import annotations

import time

import pytest
from tests.unit.lsp.conftest import ORDERS, Open, marked, suggested

from flowbridge.lsp.complete import complete
from flowbridge.lsp.document import Document, Text
from flowbridge.lsp.reading import ALONE

BEFORE_RETURN = "  - return:"


def _inserted(lines: str) -> str:
    """The text with lines before its last step."""
    return ORDERS.replace(BEFORE_RETURN, lines + BEFORE_RETURN)


def test_a_step_begins_with_a_verb_or_what_every_step_has(opened: Open) -> None:
    found = suggested(*opened(ORDERS + "  - ¦"))
    verbs = {"call", "run", "for_each", "parallel", "switch", "repeat", "wait", "wait_for", "approval"}
    assert verbs | {"set", "status", "raise", "return", "steps", "id", "title", "if"} <= set(found)
    assert "with" not in found, "no verb is there that takes it"
    assert found["call"].kind == "verb"
    assert "activity" in found["call"].documentation.lower()


def test_the_fields_of_a_step_are_those_of_its_verb(opened: Open) -> None:
    found = suggested(*opened(_inserted("  - id: more\n    call: check\n    ¦\n")))
    assert {"with", "retry", "catch", "compensate"} <= set(found)
    assert not {"id", "call", "for_each", "max_concurrency"} & set(found)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("call: ¦", {"check", "price"}),
        ("call: ch¦", {"check", "price"}),
        ("run: ¦", {"ship"}),
        ("raise: ¦", {"Refused"}),
        ("raise: {error: ¦}", {"Refused"}),
        ("catch: [{on: [¦]}]", {"Refused", "NoPrice", "TimedOut", "ActivityFailed"}),
        ("{call: check, retry: {use: ¦}}", {"patient"}),
    ],
)
def test_declared_names_are_offered_where_they_are_wanted(opened: Open, line: str, wanted: set[str]) -> None:
    assert wanted <= set(suggested(*opened(_inserted(f"  - {line}\n"))))


@pytest.mark.parametrize("line", ["  note: ¦", "  note: {type: ¦}", "  note: Li¦"])
def test_types_are_offered_where_a_type_is_wanted(opened: Open, line: str) -> None:
    text = ORDERS.replace("  customer: string\n", f"  customer: string\n{line}\n", 1)
    found = suggested(*opened(text))
    assert {"Line", "string", "date-time"} <= set(found)
    assert "`price`" in found["Line"].documentation


@pytest.mark.parametrize(
    "line",
    [
        "  - status: ${¦",
        "  - status: ${che¦",
        "  - status: Done ${¦}",
        "  - status: '${¦",
        "  - if: ¦",
        "  - if: not ¦\n    status: x",
        "  - set: {a: [1, '${¦",
        "  - call: check\n    with:\n      customer: ${¦",
    ],
)
def test_names_in_sight_are_offered_in_expressions(opened: Open, line: str) -> None:
    found = suggested(*opened(_inserted(line + "\n")))
    assert {"input", "run", "checked", "prices", "shipped", "len", "coalesce", "Line"} <= set(found)
    assert not {"line", "priced", "problem"} & set(found), "names of the loop are not in sight behind it"
    assert found["len"].detail == "len(value) -> integer"
    assert "Check the order" in found["checked"].documentation


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("  - status: ${checked.¦", {"valid", "reason"}),
        ("  - status: ${checked.va¦}", {"valid", "reason"}),
        ("  - status: ${prices.¦", {"results", "succeeded", "failed", "total"}),
        ("  - status: ${shipped.¦", {"parcel"}),
        ("  - status: ${input.lines[0].¦", {"article", "count", "price"}),
        ("  - status: ${first(input.lines).¦", {"article", "count", "price"}),
        ("  - status: ${[l.¦ for l in input.lines]}", {"article", "count", "price"}),
        ("  - status: ${len([l for l in input.lines if l.¦", {"article", "count", "price"}),
        ("  - if: checked.¦\n    status: x", {"valid", "reason"}),
        ("  - switch:\n      - when: checked.¦", {"valid", "reason"}),
        ("  - for_each: x\n    in: input.¦", {"customer", "lines", "due"}),
        ("  - status: ${run.¦", {"id", "name", "version", "startedAt"}),
    ],
)
def test_the_fields_of_a_value_are_offered_behind_a_dot(opened: Open, line: str, fields: set[str]) -> None:
    found = suggested(*opened(_inserted(line + "\n")))
    assert set(found) == fields


def test_within_a_loop_and_a_catch_their_variables_are_in_sight(opened: Open) -> None:
    text = ORDERS.replace("No price, ${problem.message}", "${¦")
    assert {"line", "problem", "checked"} <= set(suggested(*opened(text)))
    assert {"code", "message"} <= set(suggested(*opened(text.replace("${¦", "${problem.¦"))))
    behind = ORDERS.replace("    output: ${coal", "      - status: ${¦\n    output: ${coal")
    assert {"line", "priced", "checked"} <= set(suggested(*opened(behind)))


def test_nothing_is_offered_that_has_not_run_yet(opened: Open) -> None:
    found = suggested(*opened(ORDERS.replace("  - if: not checked", "  - status: ${¦\n  - if: not checked")))
    assert "checked" in found
    assert not {"prices", "shipped"} & set(found)


def test_what_data_is_for_tells_its_keys(opened: Open) -> None:
    call = suggested(*opened(_inserted("  - call: check\n    with: {customer: x, ¦}\n")))
    assert set(call) == {"rush"}
    assert call["rush"].insert == "rush: "
    assert set(suggested(*opened(_inserted("  - run: ship\n    with:\n      ¦\n")))) == {"count"}
    assert set(suggested(*opened(_inserted("  - return: {¦}\n")))) == {"total"}
    assert {"true", "false"} <= set(suggested(*opened(_inserted("  - call: check\n    with: {rush: ¦}\n"))))


def test_the_choices_of_the_language_are_offered(opened: Open) -> None:
    found = suggested(*opened(ORDERS.replace("initial_delay: 2s}", "initial_delay: 2s, jitter: ¦}")))
    assert {"full", "none"} <= set(found)


def test_a_suggestion_writes_over_the_word_that_is_there(opened: Open) -> None:
    document, offset = opened(_inserted("  - call: ch¦eck\n"))
    one = suggested(document, offset)["price"]
    text = document.now.text
    assert text[: one.start] + (one.insert or one.label) + text[one.end :] == ORDERS.replace(
        BEFORE_RETURN, "  - call: price\n" + BEFORE_RETURN
    )


def test_a_key_is_not_given_a_second_colon(opened: Open) -> None:
    assert suggested(*opened(marked("    title: Check", "    ti")))["timeout"].insert == "timeout"


def test_a_text_that_was_never_whole_is_told_about() -> None:
    text = _inserted("  - call: check\n    with: {customer: '${checked.\n")
    document = Document("x", None, Text(text))
    assert document.read(ALONE).workflow is None, "a quote and a brace are open"
    offset = text.index("checked.\n") + len("checked.")
    assert complete(document, offset) == []
    document.mend(offset, ALONE)
    assert set(suggested(document, offset)) == {"valid", "reason"}


def test_an_empty_file_begins_with_a_workflow() -> None:
    document = Document("x", None, Text(""))
    assert [one.label for one in complete(document, 0)][:3] == ["steps", "version", "workflow"]


def test_a_long_file_is_answered_in_time() -> None:
    step = "  - id: s{0}\n    call: check\n    with: {{customer: '${{input.customer}}', rush: true}}\n"
    head = ORDERS[: ORDERS.index("  - id: checked")]
    text = head + "".join(step.format(number) for number in range(1_650))
    assert text.count("\n") > 4_950
    document = Document("x", None, Text(text))
    document.read(ALONE)
    assert document.things is not None
    document.things.prepare()
    taken: list[float] = []
    for word in ("s1649", "s1", "s800", "s20", "s5"):
        now = text + "  - status: ${" + word + "."
        begun = time.process_time()
        document.now = Text(now)
        assert [one.label for one in complete(document, len(now))] == ["reason", "valid"]
        taken.append(time.process_time() - begun)
    assert min(taken) < 0.15, taken
