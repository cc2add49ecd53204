"""Every rule has a broken workflow that it alone finds, with the message as people see it."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowbridge.check import check
from flowbridge.read import read_workflow
from flowbridge.read.activities import read_activities
from flowbridge.read.document import LARGEST, read_source
from flowbridge.text.diagnostic import CompileError, Diagnostic
from flowbridge.text.rules import RULES, Rule
from flowbridge.text.show import render

HERE = Path(__file__).parent


def found_in(path: Path, scratch: Path) -> tuple[Diagnostic, ...]:
    """All findings of one workflow file, and of the activities that lie beside it as `<name>.activities/*.py.txt`."""
    try:
        source = read_source(path, path.name)
    except CompileError as error:
        return error.diagnostics
    workflow, found = read_workflow(source)
    if workflow is None:
        return found
    kept = path.with_suffix(".activities")
    if not kept.is_dir():
        return (*found, *check(workflow, None))
    for file in kept.iterdir():
        (scratch / file.stem).write_bytes(file.read_bytes())
    return (*found, *check(workflow, read_activities(scratch, "activities")))


@pytest.fixture
def broken(tmp_path: Path, rule: Rule) -> Path:
    """The broken workflow of a rule; the one that is too large is made here rather than kept."""
    name = f"{rule.code}-{rule.slug}.yaml"
    if rule.code != "E102":
        return HERE / name
    path = tmp_path / name
    path.write_text("workflow: example\nversion: 1\n" + "# padding\n" * (LARGEST // 10 + 1), encoding="utf-8")
    return path


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_each_rule_has_a_broken_workflow_that_it_alone_finds(
    rule: Rule, broken: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    found = found_in(broken, tmp_path)
    shown = render(found, "text", color=False)
    expected = HERE / f"{rule.code}-{rule.slug}.txt"
    if request.config.getoption("--update-broken"):
        expected.write_text(shown, encoding="utf-8")
    assert {one.rule for one in found} == {rule.code}, shown
    assert shown == expected.read_text(encoding="utf-8")


def test_no_broken_workflow_is_left_over() -> None:
    known = {f"{rule.code}-{rule.slug}" for rule in RULES.values()}
    assert {path.stem for path in HERE.iterdir() if path.suffix in (".yaml", ".txt", ".activities")} == known
