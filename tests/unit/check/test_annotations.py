"""Annotations of the Python functions against the contracts, and stubs."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from flowbridge.check import check
from flowbridge.check.app import check_app
from flowbridge.check.contracts import stub
from flowbridge.model.workflow import Workflow
from flowbridge.read import read_workflow
from flowbridge.read.activities import read_activities
from flowbridge.text.source import Source


def workflow(kind: str, output: str = "string", *, optional: bool = False) -> Workflow:
    field = f"{{type: {kind}, required: false}}" if optional else kind
    text = (
        f"workflow: example\nversion: 1\ntypes: {{Line: {{sku: string}}}}\n"
        f"activities: {{job: {{input: {{value: {field}}}, output: {output}}}}}\ninput: {{value: {field}}}\n"
        "steps: [{call: job, with: {value: '${input.value}'}}]"
    )
    read, found = read_workflow(Source("a.yaml", text))
    assert read is not None, found
    return read


def found(code: str, folder: Path, read: Workflow) -> list[tuple[str, str]]:
    """The rules that are broken, each with the text that is marked."""
    (folder / "jobs.py").write_text(code, encoding="utf-8")
    findings = check(read, read_activities(folder, "activities"))
    return [(one.rule, one.span.source.text[one.span.start : one.span.end]) for one in findings]


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        ("string", "str", "int"),
        ("date", "str", "int"),
        ("{enum: [a, b]}", "Literal['a', 'b']", "bool"),
        ("integer", "int", "str"),
        ("integer", "float", "bool"),
        ("number", "float", "int"),
        ("boolean", "bool", "str"),
        ("'string[]'", "list[str]", "list[int]"),
        ("'string[]'", "Sequence[str]", "str"),
        ("'integer[][]'", "list[list[int]]", "list[list[str]]"),
        ("'Line[]'", "list[Line]", "list[str]"),
        ("Line", "dict[str, str]", "str"),
        ("Line", "Line", "list[str]"),
        ("{type: map, values: number}", "dict[str, float]", "dict[str, str]"),
        ("string", "str | None", "int | None"),
        ("string", "Optional[str]", "Optional[int]"),
        ("string", "Union[int, str]", "Union[int, bool]"),
        ("string", "'str'", "'int'"),
        ("'string[]'", "typing.List[str]", "typing.List[int]"),
        ("string", "object", "None"),
        ("string", "Any", "dict"),
        ("string", "Money", "list"),
        ("string", "'not python('", "'list[str]'"),
    ],
)
def test_a_parameter_takes_what_its_contract_gives(kind: str, right: str, wrong: str, tmp_path: Path) -> None:
    for how in ("def", "async def"):
        assert found(f"{how} job(value: {right}) -> str: ...\n", tmp_path, workflow(kind)) == []
        assert found(f"{how} job(value: {wrong}) -> str: ...\n", tmp_path, workflow(kind)) == [("E455", wrong)]


def test_a_field_that_may_be_missing_comes_as_none(tmp_path: Path) -> None:
    read = workflow("string", optional=True)
    assert found("def job(value: str | None) -> str: ...\n", tmp_path, read) == []
    assert found("def job(value: str = '') -> str: ...\n", tmp_path, read) == []
    assert found("def job(value: str) -> str: ...\n", tmp_path, read) == [("E455", "str")]


@pytest.mark.parametrize(
    ("output", "right", "wrong"),
    [
        ("string", "str", "int"),
        ("string", "Money", "None"),
        ("integer", "int", "float"),
        ("number", "int | float", "str"),
        ("boolean", "bool", "int"),
        ("'string[]'", "list[str]", "list[int]"),
        ("'string[]'", "list", "str | list[str]"),
        ("Line", "Line", "list[Line]"),
        ("Line", "dict[str, object]", "str"),
        ("{type: map, values: string}", "Mapping[str, str]", "dict[str, int]"),
    ],
)
def test_a_result_is_what_the_contract_says(output: str, right: str, wrong: str, tmp_path: Path) -> None:
    assert found(f"def job(value: str) -> {right}: ...\n", tmp_path, workflow("string", output)) == []
    expected = [("E455", wrong)]
    assert found(f"def job(value: str) -> {wrong}: ...\n", tmp_path, workflow("string", output)) == expected


def test_places_count_characters_and_not_bytes(tmp_path: Path) -> None:
    code = "def job(é: int = 1, *, value: 'int' = 2) -> str: ...\n"
    assert found(code, tmp_path, workflow("string")) == [("E455", "'int'")]


def test_a_stub_is_the_function_with_its_types(tmp_path: Path) -> None:
    text = """workflow: example
version: 1
types: {Line: {sku: string, note: {type: string, required: false}}}
activities:
  pay:
    description: Pays "it" at once
    input: {amount: number, lines: 'Line[]', to: {name: string}, note: {type: string, required: false}}
    output: {ok: boolean, lines: 'Line[]'}
    errors: [BankDown]
  ping: {}
  total: {input: 'number[]', output: {type: map, values: number}}
steps: [{status: x}]
"""
    read, _ = read_workflow(Source("a.yaml", text))
    assert read is not None
    pay, ping, total = (stub(one) for one in read.activities)
    assert (
        pay
        == '''"""Pays 'it' at once."""

from __future__ import annotations

from typing import NotRequired, TypedDict


class Line(TypedDict):
    """A Line."""

    sku: str
    note: NotRequired[str]


class PayTo(TypedDict):
    """A PayTo."""

    name: str


class PayResult(TypedDict):
    """A PayResult."""

    ok: bool
    lines: list[Line]


class BankDown(Exception):  # noqa: N818
    """The error BankDown of the workflow."""


def pay(amount: float, lines: list[Line], to: PayTo, note: str | None) -> PayResult:
    """Pays 'it' at once."""
    raise NotImplementedError("pay")
'''
    )
    assert "def ping() -> None:" in ping
    assert "def total(value: list[float]) -> dict[str, float]:" in total
    for name, code in (("pay", pay), ("ping", ping), ("total", total)):
        ast.parse(code)
        (tmp_path / f"{name}.py").write_text(code, encoding="utf-8")
    sources = read_activities(tmp_path, "activities")
    assert {one.rule for one in check(read, sources)} == {"W202"}
    assert [one.rule for one in check_app([read], sources)] == ["W451"] * 3
