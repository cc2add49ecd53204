"""Documents come out as the formatter leaves them: on one line where they fit, else in the forms that it keeps."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from flowbridge.emit.code import literal, quoted, string
from flowbridge.emit.layout import WIDTH, Bracket, Chain, Doc, Joined, Strings, call, flat, keyword, lines

RUFF = Path(sys.executable).with_name("ruff")


def broken(doc: Doc, indent: int = 0, before: str = "", after: str = "") -> str:
    return "\n".join(lines(doc, indent, before, after))


def test_what_fits_stays_on_one_line() -> None:
    doc = call("f", "a", keyword("b", literal([1, 2])))
    assert broken(doc, 4, "x = ") == "    x = f(a, b=[1, 2])"


def test_the_last_column_is_used() -> None:
    text = "x" * (WIDTH - len('a = f("")'))
    assert lines(call("f", quoted(text)), 0, "a = ") == [f'a = f("{text}")']
    assert lines(call("f", quoted(text + "x")), 0, "a = ") == ["a = f(", f'    "{text}x",', ")"]


def test_what_comes_after_takes_room() -> None:
    text = "x" * (WIDTH - len('if f(""):'))
    assert len(lines(call("f", quoted(text)), 0, "if ", ":")) == 1
    assert len(lines(call("f", quoted(text + "x")), 0, "if ", ":")) == 3


def test_a_bracket_is_broken_item_by_item_with_a_comma_at_its_end() -> None:
    items = [f"item_{number}" for number in range(20)]
    assert broken(Bracket("[", tuple(items), "]"), 0, "x = ").split("\n") == [
        "x = [",
        *(f"    {one}," for one in items),
        "]",
    ]


def test_a_generator_takes_no_comma() -> None:
    part = Chain((("", "a" * 60), ("for a in ", "b" * 60)), enclosed=True)
    doc = Joined(("sum", Bracket("(", (part,), ")", bare=True)))
    assert broken(doc).split("\n") == ["sum(", f"    {'a' * 60}", f"    for a in {'b' * 60}", ")"]


def test_a_chain_gets_parentheses_where_nothing_encloses_it() -> None:
    doc = Chain((("", "a" * 70), ("and ", "b" * 70)))
    assert broken(doc, 0, "x = ").split("\n") == ["x = (", f"    {'a' * 70}", f"    and {'b' * 70}", ")"]


def test_an_empty_bracket_is_never_broken() -> None:
    assert broken(Joined(("f" * 130, Bracket("(", (), ")")))) == "f" * 130 + "()"


def test_only_the_last_piece_that_can_be_broken_is() -> None:
    doc = Joined((call("f", "a"), ".g", Bracket("(", ("b" * 70, "c" * 70), ")")))
    assert broken(doc).split("\n") == ["f(a).g(", f"    {'b' * 70},", f"    {'c' * 70},", ")"]


names = st.sampled_from(["a", "item", "run.info", "long_name_of_a_variable", "x" * 50])


def _bracket(items: Sequence[Doc]) -> Doc:
    return Bracket("[", tuple(items), "]")


def _call(items: Sequence[Doc]) -> Doc:
    return call("some_function", *items)


def _keywords(items: Sequence[Doc]) -> Doc:
    return call("function", *(keyword(f"name{number}", one) for number, one in enumerate(items)))


def _map(items: Sequence[Doc]) -> Doc:
    return Bracket("{", tuple(Joined((f'"key{number}": ', one)) for number, one in enumerate(items)), "}")


atoms = names | st.text(st.characters(codec="utf-8"), max_size=150).map(string) | st.integers().map(literal)
docs: st.SearchStrategy[Doc] = st.recursive(
    atoms,
    lambda inner: st.lists(inner, max_size=5).flatmap(
        lambda items: st.sampled_from([_bracket(items), _call(items), _keywords(items), _map(items)])
    ),
    max_leaves=12,
)


@given(docs, st.sampled_from([0, 4, 8]))
def test_a_document_means_the_same_broken_and_flat(doc: Doc, indent: int) -> None:
    head = "if True:\n" * bool(indent)
    assert ast.dump(ast.parse(head + broken(doc, indent, "x = "))) == ast.dump(
        ast.parse(head + " " * indent + "x = " + flat(doc))
    )


def test_the_formatter_leaves_every_document_as_it_is(tmp_path: Path) -> None:
    made: list[str] = []

    @given(docs, st.sampled_from([0, 4]), st.sampled_from(["x = ", "return_value = yield from ", "x = call_of(y)["]))
    @settings(max_examples=150, database=None, derandomize=True)
    def collect(doc: Doc, indent: int, before: str) -> None:
        after = "]" if before.endswith("[") else ""
        if isinstance(doc, Strings) or (after and not isinstance(doc, str)):
            return
        statement = broken(doc, indent, before, after)
        made.append(("def f():\n" if indent else "") + statement + "\n")

    collect()
    assert len(made) > 50
    for number, text in enumerate(made):
        (tmp_path / f"m{number}.py").write_text(text, encoding="utf-8")
    command = [RUFF, "format", "--no-cache", "--diff", "--config", "line-length=120", tmp_path]
    checked = subprocess.run(command, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout[:3000] + checked.stderr[-500:]
