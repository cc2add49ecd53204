"""Every rule has its entry in ERRORS.md: the wrong example is found by that rule alone, the right one by none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from flowbridge.assets import error_page, text
from flowbridge.check import check
from flowbridge.check.app import check_app
from flowbridge.check.silencing import silence
from flowbridge.model.activities import ActivitySources
from flowbridge.read import read_workflow
from flowbridge.read.activities import read_activities
from flowbridge.text.diagnostic import Diagnostic
from flowbridge.text.rules import RULES, Rule
from flowbridge.text.show import render
from flowbridge.text.source import Source

WITHOUT_EXAMPLE = {"E101", "E102", "E503"}
"""Rules on bytes and on what is too large, which no page can show."""


@dataclass(frozen=True)
class Example:
    """One example of a page: the workflow, others of the same app, and the activity files that belong to it."""

    yaml: str
    beside: tuple[str, ...]
    files: tuple[tuple[str, str], ...]


def examples(page: str, word: str) -> Iterator[Example]:
    """The example under `Wrong:` or `Right:`."""
    for section in re.findall(rf"^{word}:\n(.*?)(?=^(?:Right|Wrong):|\Z)", page, re.DOTALL | re.MULTILINE):
        blocks = re.findall(r"^```(.*?)\n(.*?)^```", section, re.DOTALL | re.MULTILINE)
        files = tuple((info.split()[1], body) for info, body in blocks if info.startswith("python"))
        beside = tuple(body for info, body in blocks if info == "yaml beside")
        for info, body in blocks:
            if info == "yaml":
                yield Example(whole(body), beside, files)


def whole(body: str) -> str:
    """The workflow that an example stands for, as the head of ERRORS.md says."""
    if body.startswith("workflow:") or not re.match(r"[a-z]", body):
        return body
    body = "workflow: example\nversion: 1\n" + body
    return body if re.search(r"^steps:", body, re.MULTILINE) else body + "steps:\n  - status: Working\n"


def found_in(example: Example, folder: Path, *, release: bool) -> tuple[Diagnostic, ...]:
    """All findings of an example as an app."""
    read = [read_workflow(Source(f"{number}.yaml", one)) for number, one in enumerate([example.yaml, *example.beside])]
    found = [finding for _, more in read for finding in more]
    workflows = [workflow for workflow, _ in read if workflow is not None]
    for name, body in example.files:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(body, encoding="utf-8")
    activities = read_activities(folder / "activities", "activities") if example.files else None
    others = {one.name: one for one in workflows}
    for workflow in workflows:
        found += check(workflow, activities, others)
    found += check_app(workflows, activities or ActivitySources(""), release=release)
    return silence(found, workflows, activities)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_each_page_shows_a_wrong_and_a_right_example(rule: Rule, tmp_path: Path) -> None:
    page = error_page(rule.code)
    assert page is not None
    assert page.replace("`", "").startswith(f"## {rule.code} {rule.slug}\n\n**{rule.title}")
    wrong, right = list(examples(page, "Wrong")), list(examples(page, "Right"))
    assert (len(wrong), len(right)) == ((0, 0) if rule.code in WITHOUT_EXAMPLE else (1, 1))
    for number, (example, expected) in enumerate(
        [*((one, {rule.code}) for one in wrong), *((one, set[str]()) for one in right)]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        found = found_in(example, folder, release=rule.code == "E456")
        assert {one.rule for one in found} == expected, render(found)


def test_no_page_is_left_over() -> None:
    assert re.findall(r"(?m)^## (\w+)", text("spec", "ERRORS.md")) == list(RULES)


def test_a_page_is_found_by_its_code_in_any_case() -> None:
    assert error_page("e203") == error_page("E203")
    assert error_page("E999") is None
