"""Any text and any place have an answer, and never an exception."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.lsp.conftest import ORDERS

from flowbridge.lsp.complete import complete
from flowbridge.lsp.define import define
from flowbridge.lsp.document import Document, Text
from flowbridge.lsp.hover import hover
from flowbridge.lsp.reading import ALONE
from flowbridge.lsp.rename import RefusedError, rename
from flowbridge.lsp.symbols import symbols

BROKEN = sorted((Path(__file__).parents[2] / "broken").glob("*.yaml"))
PIECES = st.sampled_from(
    [
        *("${", "}", "'", '"', "\n", "  ", "- ", "${input.", "a: ", "{", "[", "]", "🎉", "\r\n", ":", "#", "|\n", "\t"),
        *("&a ", "*a", "[x for x in ", "\u2028", "<<: *a\n", "? ", "!!str ", "---\n", "steps:\n", "\x00", "\ufeff"),
    ]
)


def _ask(document: Document, offset: int) -> None:
    """Asks everything about a place."""
    for one in complete(document, offset):
        assert 0 <= one.start <= offset <= one.end <= len(document.now.text)
    told = hover(document, offset)
    assert told is None or told.start <= told.end
    home = define(document, offset)
    assert home is None or 0 <= home.start <= home.end <= len(home.text)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_edits_of_a_workflow_are_answered_with_and_without_reading_them(data: st.DataObject) -> None:
    document = Document("x", None, Text(ORDERS))
    document.read(ALONE)
    text = ORDERS
    for _ in range(data.draw(st.integers(0, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.sampled_from([0, 1, 5, 60])))
        text = text[:start] + data.draw(PIECES) + text[end:]
    document.now = Text(text)
    offsets = [data.draw(st.integers(0, len(text))) for _ in range(3)]
    for offset in offsets:
        _ask(document, offset)
    reading = document.read(ALONE)
    symbols(reading)
    for offset in offsets:
        _ask(document, offset)
        with suppress(RefusedError):
            rename(document, offset, "another")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.integers(0, 90))
def test_any_text_is_answered(text: str, offset: int) -> None:
    document = Document("x", None, Text(text))
    document.read(ALONE)
    _ask(document, min(offset, len(text)))
    document.mend(min(offset, len(text)), ALONE)


@pytest.mark.parametrize("path", BROKEN, ids=[one.stem for one in BROKEN])
def test_broken_workflows_are_answered(path: Path) -> None:
    text = path.read_bytes().decode("utf-8", "replace")
    document = Document("x", path, Text(text))
    document.read(ALONE)
    for offset in range(0, min(len(text), 3_000), max(1, min(len(text), 3_000) // 25)):
        _ask(document, offset)


def test_a_warning_is_silenced_as_on_the_command_line() -> None:
    text = ORDERS.replace("errors: [Refused]", "errors: [Refused, Never]").replace("run: ship", "set: 1")
    text = text.replace("    with: {count: '${len(prices.results)}'}\n", "")
    assert [one.rule for one in Document("x", None, Text(text)).read(ALONE).findings if one.rule == "W201"] == ["W201"]
    silent = text.replace("errors: [Refused", "# flowbridge: ignore W201 -- kept for callers\nerrors: [Refused")
    assert not [one for one in Document("x", None, Text(silent)).read(ALONE).findings if one.rule.startswith("W")]
