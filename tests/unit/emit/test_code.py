"""Values become literals and nothing else: any text at all is one string constant, one comment or one docstring."""

from __future__ import annotations

import ast
import io
import math
import tokenize
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.conftest import HOSTILE

from flowbridge.emit.code import Code, code, comment, docstring, escaped, literal, quoted, split, string
from flowbridge.emit.layout import flat, lines
from flowbridge.emit.templates import environment

texts = st.text(st.characters(), max_size=200) | st.sampled_from(HOSTILE)
values: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)


@given(texts)
@example('"')
@example("'\"")
def test_a_quoted_text_is_one_constant_of_that_text(text: str) -> None:
    written = quoted(text)
    tree = ast.parse(written, mode="eval")
    assert isinstance(tree.body, ast.Constant)
    assert tree.body.value == text
    assert written.isprintable()


@given(texts, st.sampled_from("\"'"))
def test_the_inside_of_a_literal_never_ends_it(text: str, quote: str) -> None:
    assert ast.literal_eval(quote + escaped(text, quote) + quote) == text


@given(texts, st.integers(1, 100))
def test_a_split_text_is_the_text(text: str, room: int) -> None:
    pieces = split(text, room)
    assert "".join(pieces) == text
    assert all(len(piece) <= room for piece in pieces)


@given(values, st.integers(0, 12))
def test_a_literal_has_the_value_on_one_line_and_on_many(value: object, indent: int) -> None:
    assert ast.literal_eval(flat(literal(value))) == value
    statement = "\n".join(lines(literal(value), indent, "x = "))
    assert not [line for line in statement.split("\n") if line.rstrip() != line]
    tree = ast.parse("if True:\n" * bool(indent) + statement)
    node = tree.body[0].body[0] if isinstance(tree.body[0], ast.If) else tree.body[0]
    assert isinstance(node, ast.Assign)
    assert ast.literal_eval(node.value) == value


@given(texts, st.integers(0, 12))
def test_a_comment_is_one_comment_on_one_line(text: str, indent: int) -> None:
    told = comment(text, indent)
    tokens = list(tokenize.generate_tokens(io.StringIO(told + "\nx = 1\n").readline))
    assert [one.type for one in tokens].count(tokenize.COMMENT) == 1
    assert tokens[0].string == told
    assert len(told) <= 120 - indent
    assert told.isprintable()


@given(texts, st.sampled_from([0, 4, 8]))
def test_a_docstring_is_one_constant_of_the_text_but_for_its_spaces(text: str, indent: int) -> None:
    told = docstring(text, indent)
    tree = ast.parse(f"def f():\n    {told}\n")
    (function,) = tree.body
    assert isinstance(function, ast.FunctionDef)
    (statement,) = function.body
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Constant)
    assert str(statement.value.value).split() == text.split()
    assert all(len(line) + indent <= 120 or " " not in line.strip() for line in told.split("\n"))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, [math.nan], {"a": math.inf}])
def test_a_number_without_a_literal_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="has no literal"):
        literal(value)


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes", print, 1j])
def test_a_value_without_a_literal_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="has no literal"):
        flat(literal(value))


def test_one_of_a_tuple_keeps_its_comma() -> None:
    assert flat(literal(("a",))) == '("a",)'
    assert flat(literal(())) == "()"


def test_a_long_text_is_split_at_spaces() -> None:
    written = lines(string("word " * 40), 0, "x = ")
    assert written[0] == "x = ("
    assert all(len(line) <= 120 for line in written)
    assert ast.literal_eval("\n".join(written).removeprefix("x = ")) == "word " * 40


def test_code_is_not_indented_on_its_first_line_because_the_template_is() -> None:
    assert code(literal(["x" * 60, "y" * 60]), indent=4, before="a = ").split("\n")[0] == "a = ["


# ---- the environment of the templates


@given(values)
def test_a_value_that_reaches_a_template_is_its_literal(value: object) -> None:
    template = environment().from_string("{{ value }}")
    assert ast.literal_eval(template.render(value=value)) == value


def test_only_code_passes_through_a_template_as_it_is() -> None:
    template = environment().from_string("{{ value }}")
    assert template.render(value=Code("a < b & c")) == "a < b & c"
    assert template.render(value="a < b & c") == '"a < b & c"'


@pytest.mark.parametrize("source", ["{{ missing }}", "{{ missing.field }}", "{% if missing %}{% endif %}"])
def test_a_name_that_a_template_does_not_have_is_an_error(source: str) -> None:
    with pytest.raises(Exception, match="missing"):
        environment().from_string(source).render()


@pytest.mark.parametrize("source", ["{{ range(3) }}", "{{ dict() }}", "{{ lipsum() }}", "{{ cycler }}", "{{ joiner }}"])
def test_a_template_has_no_globals(source: str) -> None:
    with pytest.raises(Exception, match="undefined"):
        environment().from_string(source).render()
