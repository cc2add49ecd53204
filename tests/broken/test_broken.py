"""Every rule has a broken workflow that it alone finds, with the message as people see it."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from flowbridge.check import check
from flowbridge.check.app import check_app
from flowbridge.check.silencing import silence
from flowbridge.compiler import broken_flows, compile_app
from flowbridge.emit.connector.surface_lock import LOCK
from flowbridge.model.activities import ActivitySources
from flowbridge.model.workflow import Workflow
from flowbridge.read import read_workflow
from flowbridge.read.activities import read_activities
from flowbridge.read.app import read_app
from flowbridge.read.document import LARGEST, read_source
from flowbridge.text.diagnostic import CompileError, Diagnostic
from flowbridge.text.rules import RULES, Rule
from flowbridge.text.show import render

HERE = Path(__file__).parent
KINDS = (".yaml", ".txt", ".activities", ".beside", ".app", ".before", ".lock")
_APPROVAL = "  - id: a{0}\n    approval: {{title: A, approvers: [a@b.c], timeout: 1d, on_timeout: {{return: {{}}}}}}\n"
LARGE = {
    "E102": "# padding\n" * (LARGEST // 10 + 1),
    "E503": "output: {}\nsteps:\n" + "".join(map(_APPROVAL.format, range(250))) + "  - return: {}\n",
}


def found_in(path: Path, scratch: Path) -> tuple[Diagnostic, ...]:
    """All findings of one workflow file as an app; what only a build finds is there for the one rule of that kind.

    Its activities lie beside it as `<name>.activities/*.py.txt`, other workflows of the app as `<name>.beside/*.yaml`,
    its `app.yaml` as `<name>.app`.
    """
    if path.stem.startswith("E503"):
        with pytest.raises(CompileError) as refused:
            compile_app(path, path.name)
        return refused.value.diagnostics
    workflows: list[Workflow] = []
    found: list[Diagnostic] = []
    for each in [path, *sorted(path.with_suffix(".beside").glob("*.yaml"))]:
        try:
            workflow, more = read_workflow(read_source(each, each.name))
        except CompileError as error:
            workflow, more = None, error.diagnostics
        found += more
        workflows += [workflow] if workflow is not None else []
    activities = None
    if (kept := path.with_suffix(".activities")).is_dir():
        for file in kept.iterdir():
            (scratch / file.stem).write_bytes(file.read_bytes())
        activities = read_activities(scratch, "activities")
    others = {one.name: one for one in workflows}
    for workflow in workflows:
        found += check(workflow, activities, others)
    settings = None
    if (app := path.with_suffix(".app")).is_file():
        settings, more = read_app(read_source(app, "app.yaml"))
        found += more
    # The one rule that needs a release.
    found += check_app(workflows, activities or ActivitySources(""), settings, release=path.stem.startswith("E456"))
    return silence([*found, *found_by_the_lock(path, scratch)], workflows, activities)


def found_by_the_lock(path: Path, scratch: Path) -> tuple[Diagnostic, ...]:
    """What a build finds beside a connector that was built from `<name>.before`, or whose lock is `<name>.lock`."""
    lock, before = path.with_suffix(".lock"), path.with_suffix(".before")
    if lock.is_file():
        kept = lock.read_bytes()
    elif before.is_file():
        (scratch / "before.yaml").write_bytes(before.read_bytes())
        kept = next(one.content for one in compile_app(scratch / "before.yaml").connector if one.path == LOCK)
    else:
        return ()
    (scratch / "connector").mkdir()
    (scratch / "connector" / LOCK).write_bytes(kept)
    with contextlib.chdir(scratch):
        return broken_flows(compile_app(path, path.name), Path("connector"))


@pytest.fixture
def broken(tmp_path: Path, rule: Rule) -> Path:
    """The broken workflow of a rule; those that are too large are made here rather than kept."""
    name = f"{rule.code}-{rule.slug}.yaml"
    if rule.code not in LARGE:
        return HERE / name
    path = tmp_path / name
    path.write_text("workflow: example\nversion: 1\n" + LARGE[rule.code], encoding="utf-8")
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
    assert {path.stem for path in HERE.iterdir() if path.suffix in KINDS} == known
