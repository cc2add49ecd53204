"""Renaming steps and variables, and why other things are not renamed."""

from __future__ import annotations

import pytest
from tests.unit.lsp.conftest import ORDERS, Open, marked

from flowbridge.lsp.rename import RefusedError, find_renamed, rename, replaced
from flowbridge.lsp.symbols import symbols

QUOTED = ORDERS.replace("id: checked", "id: 'checked'").replace(
    "message: '${checked.reason}'", 'message: "é\\u00e9 ${checked.reason} and ${checked.valid}"'
)
FOLDED = ORDERS.replace("title: Check the order\n", "title: Check the order\n    # checked stays\n").replace(
    "  - id: shipped\n",
    "  - status: >\n      First ${checked.reason}\n      then ${[checked.reason]}\n  - id: shipped\n",
)


@pytest.mark.parametrize("text", [ORDERS, QUOTED, FOLDED], ids=["plain", "quoted", "folded"])
@pytest.mark.parametrize(("needle", "after"), [("call: check\n", ""), ("not checked.valid", "not che")])
def test_a_step_is_renamed_everywhere(opened: Open, text: str, needle: str, after: str) -> None:
    at = text.index("checked") + 2 if not after else text.index(needle) + len(after)
    document, offset = opened(text[:at] + "¦" + text[at:], read=True)
    places = rename(document, offset, "looked_at")
    wanted = text.replace("checked", "looked_at").replace("# looked_at stays", "# checked stays")
    assert replaced(text, places, "looked_at") == wanted


@pytest.mark.parametrize(
    ("needle", "after", "old", "count"),
    [
        ("for_each: line", "for_each: li", "line", 2),
        ("with: ${line}", "${li", "line", 2),
        ("as: problem", "as: pro", "problem", 2),
        ("sum([one for", "sum([on", "one", 2),
        ("id: priced", "id: pri", "priced", 2),
    ],
)
def test_a_variable_is_renamed_within_its_part(opened: Open, needle: str, after: str, old: str, count: int) -> None:
    document, offset = opened(marked(needle, after), read=True)
    found = find_renamed(document, offset)
    assert found.name == old
    assert len(rename(document, offset, "another")) == count
    assert {document.now.text[start:end] for start, end in found.places} == {old}


def test_loops_that_name_their_variables_alike_are_told_apart(opened: Open) -> None:
    loop = "  - for_each: line\n    in: input.lines\n    steps: [{status: 'x ${line.article}'}]\n"
    text = ORDERS.replace("  - id: shipped", loop + "  - id: shipped")
    document, offset = opened(marked("for_each: line", "for_each: li", text), read=True)
    places = rename(document, offset, "row")
    assert len(places) == 2
    assert max(end for _, end in places) < document.now.text.index(loop)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("prices", 'two steps have the id "prices"'),
        ("line", '"line"'),
        ("input", "means something else in the language"),
        ("len", "is a function of the language"),
        ("for", "is a word of Python"),
        ("Checked", "begins with a small letter"),
        ("two words", "begins with a small letter"),
        ("", "begins with a small letter"),
        ("x" * 61, "at most 60"),
    ],
)
def test_a_name_that_is_taken_or_not_allowed_is_refused(opened: Open, name: str, words: str) -> None:
    document, offset = opened(marked("not checked.valid", "not che"), read=True)
    with pytest.raises(RefusedError) as refused:
        rename(document, offset, name)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("needle", "after", "words"),
    [
        ("in: input.lines", "in: in", "the language itself"),
        ("in: input.lines", "input.li", "a field of a type"),
        ("call: price", "call: pr", "its Python function"),
        ("run: ship", "run: s", "is a workflow"),
        ("error: Refused", "Ref", "is an error"),
        ("${coalesce(", "${coal", "a function of the language"),
        ("title: Orders", "Ord", "nothing to rename"),
    ],
)
def test_what_has_its_name_from_elsewhere_is_refused(opened: Open, needle: str, after: str, words: str) -> None:
    document, offset = opened(marked(needle, after), read=True)
    with pytest.raises(RefusedError) as refused:
        find_renamed(document, offset)
    assert words in str(refused.value)


def test_a_file_with_errors_is_mended_first(opened: Open) -> None:
    document, offset = opened(marked("not checked.valid", "not che").replace("version: 1", "version: one"), read=True)
    with pytest.raises(RefusedError, match="mend the file first, line 2"):
        rename(document, offset, "other")


def test_a_finding_of_the_checks_does_not_stand_in_the_way(opened: Open) -> None:
    text = ORDERS.replace("not checked.valid", "not checked.vald")
    document, offset = opened(marked("id: checked", "id: che", text), read=True)
    assert document.reading is not None
    assert [one.rule for one in document.reading.findings] == ["E210"]
    assert len(rename(document, offset, "other")) == 3


def test_symbols_are_the_steps_as_a_tree(opened: Open) -> None:
    document, _ = opened(marked("not checked.valid", "not"), read=True)
    assert document.good is not None
    found = symbols(document.good)
    assert [one.name for one in found] == ["checked", "raise Refused", "prices", "shipped", "return"]
    assert [one.name for one in found[2].inner] == ["priced"]
    assert [one.name for one in found[2].inner[0].inner] == ["status"]
    for one in found:
        assert one.start <= one.name_start <= one.name_end <= one.end
