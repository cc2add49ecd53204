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
from flowbridge.compiler import broken_flows, compile_app
from flowbridge.emit.connector.surface_lock import LOCK
from flowbridge.model.activities import ActivitySources
from flowbridge.read import read_workflow
from flowbridge.read.activities import read_activities
from flowbridge.read.app import read_app
from flowbridge.text.diagnostic import Diagnostic
from flowbridge.text.rules import RULES, Rule
from flowbridge.text.show import render
from flowbridge.text.source import Source

WITHOUT_EXAMPLE = {"E101", "E102", "E503"}
"""Rules on bytes and on what is too large, which no page can show."""


@dataclass(frozen=True)
class Example:
    """One example of a page: the workflow, others of the same app, and the activity files that belong to it.

    `app` is the `app.yaml`; `before` is the workflow that flows know, `lock` the lock beside its connector.
    """

    yaml: str
    beside: tuple[str, ...]
    files: tuple[tuple[str, str], ...]
    app: str | None = None
    before: str | None = None
    lock: str | None = None


def examples(page: str, word: str) -> Iterator[Example]:
    """The example under `Wrong:` or `Right:`; what flows know of the workflow stands before both."""
    known = re.search(r"^```yaml before\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    before = whole(known[1]) if known else None
    for section in re.findall(rf"^{word}:\n(.*?)(?=^(?:Right|Wrong):|\Z)", page, re.DOTALL | re.MULTILINE):
        blocks = re.findall(r"^```(.*?)\n(.*?)^```", section, re.DOTALL | re.MULTILINE)
        files = tuple((info.split()[1], body) for info, body in blocks if info.startswith("python"))
        beside = tuple(body for info, body in blocks if info == "yaml beside")
        app = next((body for info, body in blocks if info == "yaml app"), None)
        lock = next((body for info, body in blocks if info == "json lock"), None)
        for info, body in blocks:
            if info == "yaml":
                yield Example(whole(body), beside, files, app, before, lock)


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
    settings = None
    if example.app is not None:
        settings, more = read_app(Source("app.yaml", example.app))
        found += more
    others = {one.name: one for one in workflows}
    for workflow in workflows:
        found += check(workflow, activities, others)
    found += check_app(workflows, activities or ActivitySources(""), settings, release=release)
    return silence([*found, *found_by_the_lock(example, folder)], workflows, activities)


def found_by_the_lock(example: Example, folder: Path) -> tuple[Diagnostic, ...]:
    """What a build of an example finds beside the connector that flows use."""
    if example.before is None and example.lock is None:
        return ()
    (folder / "spec").mkdir()
    (folder / "connector").mkdir()
    kept = (example.lock or "").encode()
    if example.before is not None:
        (folder / "before.yaml").write_text(example.before, encoding="utf-8")
        kept = next(one.content for one in compile_app(folder / "before.yaml").connector if one.path == LOCK)
    (folder / "connector" / LOCK).write_bytes(kept)
    for number, one in enumerate([example.yaml, *example.beside]):
        (folder / "spec" / f"{number}.yaml").write_text(one, encoding="utf-8")
    if example.app is not None:
        (folder / "spec" / "app.yaml").write_text(example.app, encoding="utf-8")
    return broken_flows(compile_app(folder / "spec"), folder / "connector")


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
