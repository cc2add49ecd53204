"""YAML 1.2 with places: the traps of PyYAML, and where everything stands."""

from __future__ import annotations

import textwrap

import pytest
import yaml

from flowbridge.read import compose
from flowbridge.read.document import decode, parse
from flowbridge.read.nodes import Document, ListNode, MapNode, Node, ScalarNode, node_value
from flowbridge.text.diagnostic import CompileError, Diagnostic
from flowbridge.text.source import Source


@pytest.fixture(params=["C", "Python"], autouse=True)
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test runs on libyaml's parser and on the one in Python, which a machine without libyaml has."""
    chosen = getattr(yaml, "CSafeLoader", None) if request.param == "C" else yaml.SafeLoader
    if chosen is None:
        pytest.skip("PyYAML was built without libyaml here")
    monkeypatch.setattr(compose, "_Loader", chosen)


def document(text: str) -> Document:
    return parse(Source("a.yaml", textwrap.dedent(text)))


def values(text: str) -> object:
    return node_value(document(text).root)


def refused(text: str) -> tuple[Diagnostic, ...]:
    with pytest.raises(CompileError) as caught:
        document(text)
    return caught.value.diagnostics


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("on", "on"),
        ("no", "no"),
        ("Yes", "Yes"),
        ("true", True),
        ("FALSE", False),
        ("012", 12),
        ("0o17", 15),
        ("0x1F", 31),
        ("-7", -7),
        ("+3", 3),
        ("12:30:45", "12:30:45"),
        ("1_000", "1_000"),
        ("2026-01-31", "2026-01-31"),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("1.", 1.0),
        ("~", None),
        ("null", None),
        ("", None),
        ("'12'", "12"),
        ('"no"', "no"),
        ("0b11", "0b11"),
        ("=", "="),
        ("9007199254740992", 9007199254740992),
    ],
)
def test_scalars_are_what_yaml_1_2_says(written: str, expected: object) -> None:
    found = values(f"key: {written}\n")
    assert found == {"key": expected}
    assert type(found["key"]) is type(expected)  # type: ignore[index]


def test_keys_that_yaml_1_1_took_for_truth_values_are_texts() -> None:
    assert values("on: 1\nno: 2\ny: 3\n") == {"on": 1, "no": 2, "y": 3}


@pytest.mark.parametrize("written", [".inf", "-.INF", ".nan", "1e999", "9007199254740993", "9" * 5_000])
def test_numbers_that_json_cannot_carry_are_refused(written: str) -> None:
    assert [one.rule for one in refused(f"key: {written}\n")] == ["E113"]


def test_everything_that_can_be_passed_over_is_found_in_one_run() -> None:
    found = refused("a: 1\na: 2\n3: x\nb: !!int '4'\nc: .inf\n<<: {}\n")
    assert [(one.rule, one.span.line) for one in found] == [
        ("E104", 2),
        ("E111", 3),
        ("E107", 4),
        ("E113", 5),
        ("E106", 6),
    ]


@pytest.mark.parametrize(
    ("text", "rule", "line", "column"),
    [
        ("a: b: c\n", "E103", 1, 5),
        ("a:\n\t- b\n", "E103", 2, 1),
        ("a: 'x\nb: y\n", "E103", 3, 1),
        ("a: [1, 2\nb: 3\n", "E103", 2, 2),
        ("a: *b\n", "E105", 1, 4),
        ("a: &b [*b]\n", "E105", 1, 8),
        ("--- {a: 1}\n--- {b: 2}\n", "E109", 2, 1),
        ("[1]\n", "E110", 1, 1),
        ("just words\n", "E110", 1, 1),
        ("", "E110", 1, 1),
        ("# a comment\n", "E110", 1, 1),
        ("? [a]\n: b\n", "E111", 1, 3),
        ("a: x\x07\n", "E112", 1, 5),
        ('a: "\\0"\n', "E112", 1, 4),
        ("a: !!python/object/apply:os.system [ls]\n", "E107", 1, 4),
        ("a: !thing x\n", "E107", 1, 4),
    ],
)
def test_what_is_refused_and_where(text: str, rule: str, line: int, column: int) -> None:
    first = refused(text)[0]
    assert (first.rule, first.span.line, first.span.column) == (rule, line, column)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: {b: ${c}}\n", "a map in braces is not closed"),
        ("a: ['b' {c}]\n", "a list in brackets is not closed"),
        ("a: 1\n b: 2\n", "a colon and a blank begin a value"),
        ("a:\n  - 1\n b: 2\n", "does not fit"),
        ("a: 'x' y\n", "does not fit the indent of the map"),
        ("a: - b\n", "a list item may not begin here"),
        ("a: [}]\n", "a value is missing"),
        ("a: @b\n", "no value may begin with @"),
        ("a:\n\t- b\n", "a tab is used as an indent"),
        ('a: "\\d"\n', "a backslash in double quotes"),
        ("a: 1\nb\n", "a key without its colon"),
        ("a: 'b\n", "a quote is opened and never closed"),
    ],
)
def test_the_cause_is_named_in_words(text: str, words: str) -> None:
    first = refused(text)[0]
    assert first.rule == "E103"
    assert words in first.message


def test_aliases_repeat_a_node() -> None:
    root = document("a: &x {b: 1}\nc: *x\n").root
    assert root.get("a") is root.get("c")


def test_nesting_ends_at_its_bound() -> None:
    assert values("a: " + "[" * 63 + "]" * 63)
    assert refused("a: " + "[" * 1_000 + "]" * 1_000)[0].rule == "E108"


def test_aliases_that_explode_are_refused() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [f"{b}: &{b} [{', '.join(['*' + a] * 9)}]" for a, b in zip("abcdefg", "bcdefgh", strict=True)]
    assert refused("\n".join(lines))[0].rule == "E105"


# ---- bytes


def test_a_byte_order_mark_is_no_text() -> None:
    assert decode(b"\xef\xbb\xbfa: 1", "a.yaml").text == "a: 1"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a: é".encode("latin-1"), "0xe9 is not UTF-8"),
        ("a: é".encode("utf-16"), "the file is UTF-16"),
        ("a: é".encode("utf-32"), "the file is UTF-32"),
    ],
)
def test_other_encodings_are_named(content: bytes, message: str) -> None:
    with pytest.raises(CompileError) as caught:
        decode(content, "a.yaml")
    assert message in caught.value.diagnostics[0].message


# ---- places


def every(node: Node) -> list[Node]:
    match node:
        case ScalarNode():
            return [node]
        case ListNode():
            return [node, *(inner for item in node.items for inner in every(item))]
        case MapNode():
            return [node, *(inner for entry in node.entries for inner in every(entry.value))]


def shown(node: Node) -> str:
    return node.span.source.text[node.span.start : node.span.end]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_places_are_in_characters_whatever_stands_before(newline: str) -> None:
    text = newline.join(
        ["# é 😀 \u4e2d", "ключ: 'ü'", 'b: {"😀": [x, "y"]}', "c: &anchor plain", "d: |", "  two", "  lines", ""]
    )
    root = parse(Source("a.yaml", text)).root
    assert [text[one.key_span.start : one.key_span.end] for one in root.entries] == ["ключ", "b", "c", "d"]
    assert [shown(one.value) for one in root.entries][:3] == ["'ü'", '{"😀": [x, "y"]}', "plain"]
    assert shown(root.entries[3].value).startswith("|")
    assert shown(root.entries[3].value).endswith("lines")


def test_a_block_ends_with_its_last_value() -> None:
    root = document("a:\n  b: 1\n\n\n# comment\nc:\n  - x\n  - y: 2\n\n# the end\n").root
    assert [shown(one.value) for one in root.entries] == ["b: 1", "- x\n  - y: 2"]


def test_all_places_lie_in_the_source() -> None:
    text = "a:\n  - {b: [1, 'x'], c: }\n  -\n  - \"d\\te\"\n  - >-\n    folded\n    text\n"
    for node in every(document(text).root):
        assert 0 <= node.span.start <= node.span.end <= len(text)
