"""Expressions of the language mean in Python what they say, at any depth and with any text in them."""

from __future__ import annotations

import ast
import json
import operator
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import HOSTILE

from flowbridge.emit.expressions import Writer
from flowbridge.emit.layout import Chain, Doc, flat, lines
from flowbridge.emit.settings import PYPROJECT
from flowbridge.model.analysis import analyse
from flowbridge.model.types import StringType
from flowbridge.model.workflow import Set
from flowbridge.read.workflow import read_workflow
from flowbridge.runtime import functions
from flowbridge.text.source import Source

RUFF = Path(sys.executable).with_name("ruff")
HEAD = """
workflow: w
version: 1
input: {a: integer, b: number, s: string, t: string, words: 'string[]', maybe: {type: string, required: false}}
types: {Pair: {left: integer, right: {type: string, default: none}}}
steps:
  - id: value
    set: """
GIVEN: dict[str, Any] = {"a": 7, "b": 2.5, "s": "Hello", "t": "a'b\"c", "words": ["x", "yy", "Hello"], "maybe": None}
NAMES = {"input": "input_"}


def join(texts: list[str], separator: str) -> str:
    """The language's `join`."""
    return separator.join(texts)


# What the language's functions are in Python; the right side of every comparison here.
REFERENCE: dict[str, Any] = {
    "contains": operator.contains,
    "starts_with": str.startswith,
    "upper": str.upper,
    "join": join,
}


def read(data: object) -> tuple[Writer, Any]:
    """The writer for a `set` step with that data, and the data."""
    text = HEAD + json.dumps(data, ensure_ascii=False)
    workflow, findings = read_workflow(Source("w.yaml", text))
    assert workflow is not None, findings
    step = workflow.steps[0]
    assert isinstance(step, Set)
    return Writer(NAMES, analyse(workflow).inside(step)), step.value


def written(expression: str) -> Doc:
    """An expression as Python."""
    writer, value = read("${" + expression + "}")
    return writer.expression(value.expression)


def python(expression: str) -> str:
    """An expression as Python on one line."""
    return flat(written(expression))


def runtime() -> dict[str, Any]:
    """What generated code can call."""
    return {**vars(functions), "input_": GIVEN}


def outcome(source: str, names: dict[str, Any]) -> object:
    """The value of a piece of Python, or the name of its error."""
    try:
        return eval(source, dict(names))
    except (ZeroDivisionError, OverflowError, ValueError) as failure:
        return type(failure).__name__


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("input.a", 'input_["a"]'),
        ("(input.a)", 'input_["a"]'),
        ("input.a + (2 * 3)", 'input_["a"] + 2 * 3'),
        ("(input.a + 2) * 3", '(input_["a"] + 2) * 3'),
        ("input.a - (2 - 3)", 'input_["a"] - (2 - 3)'),
        ("input.a - 2 - 3", 'input_["a"] - 2 - 3'),
        ("-(-input.a)", 'input_["a"]'),
        ("not (input.a == 1)", 'not input_["a"] == 1'),
        ("not (input.s in input.words)", 'input_["s"] not in input_["words"]'),
        ("not (input.s not in input.words)", 'not input_["s"] not in input_["words"]'),
        ("not contains(input.words, input.s)", 'input_["s"] not in input_["words"]'),
        ("not (input.maybe is None)", 'input_["maybe"] is not None'),
        ("input.a == 1 and (input.b > 1 or input.b < 0)", 'input_["a"] == 1 and (input_["b"] > 1 or input_["b"] < 0)'),
        ("(1 if input.a > 1 else 2) + 3", '(1 if input_["a"] > 1 else 2) + 3'),
        ("sum(len(w) for w in input.words)", 'sum(len(w) for w in input_["words"])'),
        ("sum([len(w) for w in input.words])", 'sum(len(w) for w in input_["words"])'),
        ("[w for w in input.words if len(w) > 1]", '[w for w in input_["words"] if len(w) > 1]'),
        ("upper(input.s + input.t)", '(input_["s"] + input_["t"]).upper()'),
        ("contains(input.s, input.t) == (input.a > 1)", '(input_["t"] in input_["s"]) == (input_["a"] > 1)'),
        ('coalesce(input.maybe, input.s, "x")', 'coalesce(input_["maybe"], coalesce(input_["s"], "x"))'),
        ("Pair(left=1)", 'Pair(left=1, right="none")'),
        ("run.id", 'run.info["id"]'),
        ("now()", "run.now()"),
    ],
)
def test_an_expression_is_the_python_that_it_is(expression: str, expected: str) -> None:
    assert python(expression) == expected


def _joined(operators: list[str], inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(inner, st.sampled_from(operators), inner, st.booleans()).map(
        lambda parts: f"({parts[0]} {parts[1]} {parts[2]})" if parts[3] else f"{parts[0]} {parts[1]} {parts[2]}"
    )


def _wrapped(shape: str, *inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*inner).map(lambda parts: shape.format(*parts))


plain_texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp")), max_size=12)
literals = (plain_texts | st.sampled_from(["{", "}", "#", "'", '"', "\\", "a b", "\N{BULLET}", "${x"])).map(
    lambda text: json.dumps(text, ensure_ascii=False) if "${" not in text else '"x"'
)
words = literals | st.sampled_from(["input.s", "input.t"])
words = (
    words
    | _wrapped("({} + {})", words, words)
    | _wrapped("upper({})", words)
    | _wrapped("join(input.words, {})", words)
)
numbers = st.recursive(
    st.integers(0, 99).map(str) | st.sampled_from(["input.a", "input.b", "1.5", "len(input.words)"]),
    lambda inner: (
        _joined(["+", "-", "*", "/", "//", "%"], inner)
        | _wrapped("-{}", inner)
        | _wrapped("({} if {} > {} else {})", inner, inner, inner, inner)
        | _wrapped("{} if {} <= {} else {}", inner, inner, inner, inner).map(lambda one: f"({one})")
    ),
    max_leaves=8,
)
truths = st.recursive(
    _joined(["<", "<=", ">", ">=", "==", "!="], numbers.map(lambda one: f"({one})"))
    | _joined(["==", "!="], words.map(lambda one: f"({one})"))
    | _wrapped("{} in input.words", words)
    | _wrapped("{} not in input.words", words)
    | _wrapped("contains({}, {})", words, words)
    | _wrapped("starts_with({}, {})", words, words),
    lambda inner: _joined(["and", "or"], inner) | _wrapped("not ({})", inner) | _wrapped("not {}", inner),
    max_leaves=6,
)


@given(numbers | truths | words)
@settings(max_examples=300)
def test_any_expression_has_the_value_that_it_has_in_python(expression: str) -> None:
    expected = outcome(expression, {**REFERENCE, "input": SimpleNamespace(**GIVEN)})
    doc = written(expression)
    assert outcome(flat(doc), runtime()) == expected
    broken = "\n".join(lines(doc, 0, "x = "))
    assert ast.dump(ast.parse(broken)) == ast.dump(ast.parse("x = " + flat(doc)))


def readable(text: str) -> bool:
    """Whether the front end takes a text as it is: some characters may stand in none."""
    try:
        return read("." + text)[1].value == "." + text
    except (AssertionError, AttributeError):
        return False


hostile = [*(one for one in HOSTILE if readable(one)), "{" * 200, "}" * 199, "{x}" * 70, "'\"" * 50]
around = plain_texts.filter(lambda text: "$" not in text) | st.sampled_from(hostile)
pieces = st.lists(st.tuples(around, words | numbers), min_size=1, max_size=4)


def shown(value: object) -> str:
    """A value as `${ }` within a text shows it."""
    return functions.text(value)


@given(pieces)
@settings(max_examples=200)
def test_any_text_with_expressions_in_it_is_that_text(parts: list[tuple[str, str]]) -> None:
    writer, value = read("".join(f"{text}${{{expression}}}" for text, expression in parts) + "!")
    names = {**REFERENCE, "input": SimpleNamespace(**GIVEN)}
    results = [outcome(expression, names) for _, expression in parts]
    if any(isinstance(one, str) and one.endswith("Error") for one in results):
        return
    expected = "".join(text + shown(one) for (text, _), one in zip(parts, results, strict=True)) + "!"
    doc = writer.data(value, StringType())
    assert eval(flat(doc), runtime()) == expected
    broken = "\n".join(lines(doc, 0, "x = "))
    space = runtime()
    exec(broken, space)
    assert space["x"] == expected


def test_the_formatter_and_the_linter_leave_every_expression_as_it_is(tmp_path: Path) -> None:
    made: list[str] = []

    @given(numbers | truths | words)
    @settings(max_examples=200, database=None, derandomize=True)
    def collect(expression: str) -> None:
        doc = written(expression)
        # A long `(…) or x["y"]` is the one form that the formatter breaks elsewhere: within the last subscript.
        if not (isinstance(doc, Chain) and flat(doc).startswith("(") and flat(doc).endswith("]")):
            made.append("\n".join(lines(doc, 0, "x = ")))

    collect()
    for number, text in enumerate(sorted(set(made))):
        (tmp_path / f"m{number}.py").write_text(text + "\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(config(), encoding="utf-8")
    formatted = subprocess.run([RUFF, "format", "--no-cache", "--diff", tmp_path], capture_output=True, text=True)
    assert formatted.returncode == 0, formatted.stdout[:3000]
    command = [RUFF, "check", "--no-cache", "--ignore", "F821", "--output-format", "concise", tmp_path]
    checked = subprocess.run(command, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout[:3000]


def config() -> str:
    """The settings of the tools that every generated app carries."""
    return PYPROJECT
