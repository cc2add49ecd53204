"""The text of an expression to the model, with places; and what is refused, where, with which cure."""

from __future__ import annotations

import pytest

from flowbridge.model.expression import (
    Arithmetic,
    Attribute,
    Compare,
    Comprehension,
    Conditional,
    Constant,
    Construct,
    Expression,
    FunctionCall,
    Index,
    ListOf,
    Logic,
    Name,
    Negate,
    Not,
)
from flowbridge.read.expressions import read_expression
from flowbridge.read.placed import Placed
from flowbridge.text.diagnostic import Diagnostic
from flowbridge.text.source import Source, Span

NOWHERE = Span(Source("-", ""), 0, 0)


def read(text: str) -> tuple[Expression | None, list[Diagnostic]]:
    before = "in: "
    source = Source("a.yaml", before + text)
    whole = Span(source, len(before), len(before) + len(text))
    found: list[Diagnostic] = []
    return read_expression(Placed(text, whole, tuple(range(whole.start, whole.end + 1))), found.append), found


def good(text: str) -> Expression:
    expression, found = read(text)
    assert not found
    assert expression is not None
    return expression


def shown(span: Span) -> str:
    return span.source.text[span.start : span.end]


def name(text: str) -> Name:
    return Name(text, NOWHERE)


def number(value: int) -> Constant:
    return Constant(value, NOWHERE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", name("a")),
        (" a ", name("a")),
        ("'x'", Constant("x", NOWHERE)),
        ('"it\'s"', Constant("it's", NOWHERE)),
        ("None", Constant(None, NOWHERE)),
        ("1.5", Constant(1.5, NOWHERE)),
        ("a.b", Attribute(name("a"), "b", NOWHERE, NOWHERE)),
        ("a[0]", Index(name("a"), number(0), NOWHERE)),
        ("[a, 1]", ListOf((name("a"), number(1)), NOWHERE)),
        ("a is not None", Compare(name("a"), "is not", Constant(None, NOWHERE), NOWHERE)),
        ("a not in b", Compare(name("a"), "not in", name("b"), NOWHERE)),
        (
            "1 < a <= 3",
            Logic(
                "and",
                (
                    Compare(number(1), "<", name("a"), NOWHERE),
                    Compare(name("a"), "<=", number(3), NOWHERE),
                ),
                NOWHERE,
            ),
        ),
        ("a and b and c", Logic("and", (name("a"), name("b"), name("c")), NOWHERE)),
        ("not a", Not(name("a"), NOWHERE)),
        ("-a", Negate(name("a"), NOWHERE)),
        ("a // 2", Arithmetic(name("a"), "//", number(2), NOWHERE)),
        ("a if c else b", Conditional(name("c"), name("a"), name("b"), NOWHERE)),
        ("[x for x in a if x]", Comprehension(name("x"), "x", name("a"), (name("x"),), NOWHERE)),
        (
            "sum(x for x in a)",
            FunctionCall("sum", (Comprehension(name("x"), "x", name("a"), (), NOWHERE),), NOWHERE, NOWHERE),
        ),
        ("unheard(a)", FunctionCall("unheard", (name("a"),), NOWHERE, NOWHERE)),
        ("Batch(id=a)", Construct("Batch", (("id", name("a")),), NOWHERE, NOWHERE)),
        ("a +\n  b", Arithmetic(name("a"), "+", name("b"), NOWHERE)),
    ],
)
def test_what_is_read(text: str, expected: Expression) -> None:
    assert good(text) == expected


def test_every_part_knows_its_place() -> None:
    expression = good("  first(äöü.names) == 'é😀' and len(input.größe) > 10")
    assert isinstance(expression, Logic)
    left, right = expression.operands
    assert isinstance(left, Compare)
    assert isinstance(right, Compare)
    assert shown(left.span) == "first(äöü.names) == 'é😀'"
    assert shown(left.right.span) == "'é😀'"
    assert isinstance(right.left, FunctionCall)
    assert shown(right.left.name_span) == "len"
    argument = right.left.arguments[0]
    assert isinstance(argument, Attribute)
    assert (shown(argument.span), shown(argument.name_span)) == ("input.größe", "größe")
    assert shown(right.right.span) == "10"


def test_the_parts_of_a_chain_have_places_of_their_own() -> None:
    expression = good("1 < a <= 30")
    assert isinstance(expression, Logic)
    assert [shown(one.span) for one in expression.operands] == ["1 < a", "a <= 30"]


@pytest.mark.parametrize(
    ("text", "rule", "place", "hint"),
    [
        ("", "E130", "", None),
        ("a +", "E130", "+", None),
        ("a && b", "E130", "&&", "`and`"),
        ("a === b", "E130", None, "`==`"),
        ("a = b", "E130", None, "`==`"),
        ("!a", "E130", "!", "`not`"),
        ("a ? b : c", "E130", "?", "if condition else"),
        ("${a}", "E130", "$", "without ${ }"),
        ("true", "E130", "true", "True"),
        ("null", "E130", "null", "None"),
        ("a # b", "E130", "#", "YAML"),
        ("'a", "E130", None, None),
        ("{'a': 1}", "E131", "{'a': 1}", "YAML map"),
        ("{a}", "E131", "{a}", "list"),
        ("(a, b)", "E131", "(a, b)", "list"),
        ("lambda: a", "E131", "lambda: a", "comprehension"),
        ("(a := b)", "E131", "a := b", "`set`"),
        ("f'{a}'", "E131", "f'{a}'", "template"),
        ("len(*a)", "E131", "*a", None),
        ("a[1:2]", "E131", "1:2", "first"),
        ("a.upper()", "E131", "a.upper", "write upper(a)"),
        ("a.b.split(',')", "E131", "a.b.split", "write split(a.b, …)"),
        ("a.foo()", "E131", "a.foo", "activity"),
        ("a.__class__", "E131", "__class__", None),
        ("a._b", "E131", "_b", None),
        ("len(x=a)", "E131", "x=a", "leave the name out"),
        ("Batch(a)", "E131", "a", "Batch(field=value)"),
        ("Batch(**a)", "E131", "**a", None),
        ("[x for x in a for y in b]", "E131", None, "`set`"),
        ("[x for x, y in a]", "E131", "x, y", "x.name"),
        ("(x for x in a)", "E131", None, "brackets"),
        ("a ** 2", "E131", "a ** 2", None),
        ("a & b", "E131", "a & b", "`and`"),
        ("~a", "E131", "~a", None),
        ("b'x'", "E131", "b'x'", None),
        ("...", "E131", "...", None),
        ("1j", "E131", "1j", None),
        ("'''a'''", "E131", None, "one quote"),
        ("await a", "E131", None, None),
        ("[*a]", "E131", "*a", None),
        ("9007199254740993", "E113", "9007199254740993", None),
        ("1e999", "E113", "1e999", None),
        ("'\\0'", "E112", None, None),
        ("'\\ud800'", "E112", None, None),
        ("1+" * 100 + "1", "E134", None, "`set`"),
        ("(" * 300 + "1" + ")" * 300, "E134", None, None),
        ("x" * 4_001, "E134", None, "`set`"),
        ("a\0b", "E130", None, None),
        ("'\\d'", "E130", None, None),
    ],
)
def test_what_is_refused(text: str, rule: str, place: str | None, hint: str | None) -> None:
    expression, found = read(text)
    assert expression is None
    assert [one.rule for one in found] == [rule]
    if place is not None:
        assert shown(found[0].span) == place
    if hint is not None:
        assert found[0].hint is not None
        assert hint in found[0].hint


def test_a_call_is_read_and_never_made() -> None:
    assert good("exit(1)") == FunctionCall("exit", (number(1),), NOWHERE, NOWHERE)
    assert read("__import__('os').system('false')")[1][0].rule == "E131"
