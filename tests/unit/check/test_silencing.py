"""Warnings that are silenced in place, and comments that silence nothing."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from flowbridge.check import check
from flowbridge.check.app import check_app
from flowbridge.check.silencing import silence
from flowbridge.model.activities import ActivitySources
from flowbridge.read import read_workflow
from flowbridge.read.activities import read_activities
from flowbridge.text.source import Source


def found(text: str, activities: ActivitySources | None = None) -> list[tuple[str, int]]:
    """The rules that are left, each with its line."""
    workflow, findings = read_workflow(Source("a.yaml", "workflow: example\nversion: 1\n" + textwrap.dedent(text)))
    assert workflow is not None, findings
    sources = activities or ActivitySources("activities")
    findings = (*findings, *check(workflow, activities), *check_app([workflow], sources))
    return [(one.rule, one.span.line) for one in silence(findings, [workflow], activities)]


RETRIED = "activities: {{pay: {{}}}}\nsteps:\n  - call: pay{0}\n    retry: {{max_attempts: 3}}\n"


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("", [("W401", 5)]),
        ("  # flowbridge: ignore W401 -- the bank takes it once", []),
        ("  #flowbridge:ignore W401 -- x", []),
        ("  # flowbridge: ignore W401, W202 -- x", [("W102", 5)]),
        ("  # flowbridge: ignore W202 W401 -- x", [("W102", 5)]),
        ("  # flowbridge: ignore W401", [("W103", 5), ("W401", 5)]),
        ("  # flowbridge: ignore W401 --", [("W103", 5), ("W401", 5)]),
        ("  # flowbridge: ignore W401 because", [("W103", 5), ("W401", 5)]),
        ("  # flowbridge: ignore -- all of it", [("W103", 5), ("W401", 5)]),
        ("  # flowbridge: ignore W999 -- x", [("W103", 5), ("W401", 5)]),
        ("  # flowbridge: ignore E203 -- x", [("W103", 5), ("W401", 5)]),
        ("  # flowbridge: ignore W102 -- x", [("W103", 5), ("W401", 5)]),
        ("  # flowbridge ignores W401 -- x", [("W401", 5)]),
    ],
)
def test_a_comment_silences_with_a_code_and_a_reason(comment: str, expected: list[tuple[str, int]]) -> None:
    assert sorted(found(RETRIED.format(comment))) == sorted(expected)


def test_a_comment_of_its_own_is_about_the_next_line() -> None:
    above = RETRIED.format("").replace("  - call", "  # flowbridge: ignore {0} -- x\n\n  # and more\n  - call")
    above = above.replace("{pay: {}}", "{{pay: {{}}}}").replace("{max_attempts: 3}", "{{max_attempts: 3}}")
    assert found(above.format("W401")) == []
    assert found(above.format("W202")) == [("W102", 5), ("W401", 8)]


def test_what_looks_like_a_comment_within_a_text_is_none() -> None:
    text = "steps:\n  - status: '# flowbridge: ignore W401'\n  - status: |\n      # flowbridge: ignore W401\n"
    assert found(text) == []


def test_an_error_stays_and_nothing_is_called_unused_beside_it() -> None:
    text = "steps:\n  - status: ${nothing}  # flowbridge: ignore W401 -- x\n"
    assert found(text) == [("E203", 4)]


def test_a_warning_of_reading_is_silenced_too() -> None:
    text = "retries:\n  slow: {max_attempts: 3}  # flowbridge: ignore W203 -- kept for later\nsteps: [{status: x}]\n"
    assert found(text) == []


def test_comments_of_python_files_silence_too(tmp_path: Path) -> None:
    code = "def pay():  # flowbridge: ignore W451 -- the bank is not ready\n    raise NotImplementedError\n"
    (tmp_path / "jobs.py").write_text(code, encoding="utf-8")
    text = "activities: {pay: {}}\nsteps: [{call: pay}]\n"
    assert found(text, read_activities(tmp_path)) == []
    (tmp_path / "jobs.py").write_text(code.replace("raise NotImplementedError", "return None"), encoding="utf-8")
    assert found(text, read_activities(tmp_path)) == [("W102", 1)]
