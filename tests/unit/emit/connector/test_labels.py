"""Names and texts as a maker reads them."""

from __future__ import annotations

import pytest

from flowbridge.emit.connector import labels


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("dataSource", "Data Source"),
        ("data_source", "Data Source"),
        ("id", "ID"),
        ("customerIDs", "Customer IDs"),
        ("PDFReport", "PDF Report"),
        ("pdfUrl", "PDF URL"),
        ("address2", "Address2"),
        ("due_at_utc", "Due at UTC"),
        ("requestedBy", "Requested By"),
        ("EUR", "EUR"),
        ("TimedOut", "Timed Out"),
        ("x", "X"),
        ("A1_b2", "A1 B2"),
    ],
)
def test_a_name_becomes_a_label(name: str, shown: str) -> None:
    assert labels.name_label(name) == shown


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Data source", "Data Source"),
        ("pH value of the sample", "pH Value of the Sample"),
        ("  due\n date ", "Due Date"),
        ("E-mail", "E-mail"),
        ("", "The Name"),
        (None, "The Name"),
        ("\x00", "The Name"),
        ("a" * 200, "A" + "a" * 79),
    ],
)
def test_a_title_becomes_a_label(title: str | None, shown: str) -> None:
    assert labels.label(title, "theName") == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Data processing", "data processing"),
        ("HR onboarding", "HR onboarding"),
        ("A trip", "a trip"),
        ("iPad order", "iPad order"),
        ("", ""),
    ],
)
def test_a_title_inside_a_sentence(text: str, shown: str) -> None:
    assert labels.inside(text) == shown


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("How it ended", "How it ended."),
        ("How did it end?", "How did it end?"),
        ("Two\nlines; ", "Two lines."),
        ("", ""),
        ("word " * 200, ("word " * 100).strip() + "."),
    ],
)
def test_a_sentence_ends(text: str, told: str) -> None:
    assert labels.sentence(text) == told


def test_the_name_of_a_field_inside_a_sentence() -> None:
    assert labels.spoken(None, "dataSource") == "data source"
    assert labels.spoken("The total", "x") == "total"
    assert labels.spoken("ID of the order", "x") == "ID of the order"
