"""What is told of a name, and where it is made."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.lsp.conftest import ORDERS, PYTHON, SHIP, Open, marked

from flowbridge.lsp.define import define
from flowbridge.lsp.hover import hover


@pytest.mark.parametrize(
    ("needle", "after", "word", "told"),
    [
        ("- if: not checked.valid", "check", "checked", ["checked: object with valid, reason", "Check the order"]),
        ("- if: not checked.valid", "val", "valid", ["valid: boolean"]),
        ("  - id: checked", "chec", "checked", ["call check, line 19"]),
        ("call: check", "call: ch", "check", ["`rush`: boolean", "def check(customer, rush)  # pricing"]),
        ("call: price", "call: pr", "price", ["async def price(article, count, price)", "NoPrice", "number — Price"]),
        ("${coalesce(priced", "${coal", "coalesce", ["coalesce(value, other, …) -> value", "not missing"]),
        ("in: input.lines", "inp", "input", ["started with", "`due`: date that may be missing"]),
        ("with: ${line}", "${li", "line", ["line: Line", "item of the loop"]),
        ("for_each: line", "for_each: l", "line", ["item of the loop"]),
        ("${problem.message}", "${prob", "problem", ["error that was caught", "`code`"]),
        ("sum([one for", "([o", "one", ["one: number", "item of the comprehension"]),
        ("run: ship", "run: s", "ship", ["workflow ship", "Ship a parcel", "How many."]),
        ("on: [NoPrice]", "[No", "NoPrice", ["error NoPrice"]),
        ("    for_each: line", "    for", "for_each", ["every item of a list"]),
        ("    retry: patient", "    re", "retry", ["policy"]),
        ("with: {customer", "{cust", "customer", ["customer: string"]),
        ("lines: Line[]", "lines: Li", "Line", ["type Line", "`article`: string"]),
        ("errors: [Refused]", "err", "errors", ["errors that this workflow may end with"]),
    ],
)  # fmt: skip
def test_hover_tells_types_and_words(opened: Open, needle: str, after: str, word: str, told: list[str]) -> None:
    document, offset = opened(marked(needle, after))
    found = hover(document, offset)
    assert found is not None
    assert document.now.text[found.start : found.end] == word
    for one in told:
        assert one in found.markdown


@pytest.mark.parametrize(
    ("needle", "after"), [("title: Orders", "Ord"), ("version: 1", "version: 1"), ("false}", "fal")]
)
def test_there_is_nothing_to_tell_of_plain_text(opened: Open, needle: str, after: str) -> None:
    assert hover(*opened(marked(needle, after))) is None


def test_hover_holds_while_another_line_is_broken(opened: Open) -> None:
    document, offset = opened(marked("- if: not checked.valid", "check").replace("title: Orders", "titl"))
    found = hover(document, offset)
    assert found is not None
    assert document.now.text[found.start : found.end] == "checked"
    assert "valid" in found.markdown


@pytest.mark.parametrize(
    ("needle", "after", "home"),
    [
        ("- if: not checked.valid", "check", "checked\n    title"),
        ("with: ${line}", "${li", "line\n    in:"),
        ("${problem.message}", "${prob", "problem\n            steps"),
        ("sum([one for", "([o", "one in prices"),
        ("in: input.lines", "input.li", "lines: Line[]"),
        ("lines: Line[]", "Li", "Line: {article"),
        ("error: Refused", "Ref", "Refused]\nretries"),
        ("retry: patient", "retry: pat", "patient: {max"),
        ("on: [NoPrice]", "[No", None),
        ("${run.id}", "${ru", None),
    ],
)
def test_definitions_in_the_same_file(opened: Open, needle: str, after: str, home: str | None) -> None:
    text = ORDERS.replace("'${checked.reason}'", "'${checked.reason} ${run.id}'")
    document, offset = opened(marked(needle, after, text), read=True)
    found = define(document, offset)
    if home is None:
        assert found is None
        return
    assert found is not None
    assert found.path is None
    assert document.now.text[found.start :].startswith(home)


def test_an_activity_is_defined_in_python_and_a_workflow_in_its_file(opened: Open, folder: Path) -> None:
    for needle, after in (("call: price", "call: pr"), ("  price: {input", "  pri")):
        found = define(*opened(marked(needle, after)))
        assert found is not None
        assert found.path == (folder / "activities" / "pricing.py").as_posix()
        assert found.text == PYTHON
        assert PYTHON[found.start : found.end] == "price"
        assert PYTHON[: found.start].endswith("async def ")
    found = define(*opened(marked("run: ship", "run: s")))
    assert found is not None
    assert found.path == (folder / "ship.yaml").as_posix()
    assert SHIP[found.start : found.end] == "ship"


def test_a_definition_is_where_it_has_moved_to(opened: Open) -> None:
    text = marked("- if: not checked.valid", "check").replace("version: 1\n", "version: 1\n# one line more\n")
    document, offset = opened(text)
    found = define(document, offset)
    assert found is not None
    assert document.now.text[found.start :].startswith("checked\n    title")
