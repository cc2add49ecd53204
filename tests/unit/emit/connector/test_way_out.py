"""What an author is told whose change would break flows, where it is more than one workflow, or one of some kind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flowbridge.compiler import broken_flows, compile_app
from flowbridge.write import write

WORKFLOW = """\
workflow: {name}
version: {version}
title: {title}
description: {description}
{more}input: {{item: string{extra}}}
steps:
  - status: Working on ${{input.item}}
"""


def text(name: str, extra: str = "", **more: str) -> str:
    """A workflow; `extra` are further inputs."""
    given = {"version": "1", "title": f"The {name}", "description": "Does some work.", "more": "", **more}
    return WORKFLOW.format(name=name, extra=extra, **given)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of workflows, named `spec` from where the build runs."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "spec").mkdir()
    return Path("spec")


def hints(target: Path, changed: dict[Path, str]) -> list[str]:
    """Builds, changes files, and gives the ways out that the next build tells."""
    write(compile_app(target).connector, Path("connector"))
    for path, content in changed.items():
        path.write_text(content, encoding="utf-8")
    return [one.hint for one in broken_flows(compile_app(target), Path("connector")) if one.hint]


def test_two_workflows_share_one_app_file(folder: Path) -> None:
    files = {folder / f"{name}.yaml": name for name in ("ask", "pay")}
    for path, name in files.items():
        path.write_text(text(name))
    told = hints(folder, {path: text(name, ", count: integer") for path, name in files.items()})
    assert len(told) == 2
    lines = "deprecated: {ask: ask_v2, pay: pay_v2}"
    assert all(lines in one for one in told)
    assert "Copy spec/ask.yaml to spec/ask_v2.yaml" in told[0]
    assert "Copy spec/pay.yaml to spec/pay_v2.yaml" in told[1]


def test_an_app_file_that_is_there_is_added_to(folder: Path) -> None:
    path = folder / "pay.yaml"
    path.write_text(text("pay"))
    (folder / "app.yaml").write_text("app: money\n")
    (told,) = hints(folder, {path: text("pay", ", count: integer")})
    assert "3. Write in spec/app.yaml: deprecated: {pay: pay_v2}\n" in told
    assert "Make spec/app.yaml" not in told


def test_a_name_that_is_taken_is_passed_over(folder: Path) -> None:
    path = folder / "pay.yaml"
    path.write_text(text("pay"))
    (folder / "pay_v2.yaml").write_text(text("something_else"))
    (folder / "third.yaml").write_text(text("pay_v3"))
    (told,) = hints(folder, {path: text("pay", ", count: integer")})
    assert "deprecated: {pay: pay_v4}" in told


@pytest.mark.parametrize(("name", "new"), [("pay_", "pay_v2"), ("a" * 60, "a" * 57 + "_v2"), ("pay_v9", "pay_v10")])
def test_the_next_name_is_a_name(folder: Path, name: str, new: str) -> None:
    path = folder / "some.yaml"
    path.write_text(text(name))
    (told,) = hints(path, {path: text(name, ", count: integer")})
    assert f"{name}: {new}}}" in told
    (folder / f"{new}.yaml").write_text(text(new, ", count: integer"))
    path.write_text(text(name))
    (folder / "app.yaml").write_text(f"app: some\ndeprecated: {{{name}: {new}}}\n")
    assert broken_flows(compile_app(folder), Path("connector")) == ()


def test_the_app_keeps_its_name_and_its_face(folder: Path) -> None:
    path = folder / "pay.yaml"
    title, description = 'Pay: \\"now\\"', "Pays # all, ${x} and 'more'."
    given = {"version": "4", "title": f'"{title}"', "description": json.dumps(description).replace("$", "$$")}
    path.write_text(text("pay", **given))
    before = compile_app(path)
    (told,) = hints(path, {path: text("pay", ", count: integer", **given)})
    block = told.partition("with these lines:\n")[2].partition("\n4.")[0]
    app = "\n".join(line.removeprefix("   ") for line in block.splitlines())
    (folder / "app.yaml").write_text(app)
    (folder / "pay_v2.yaml").write_text(text("pay_v2", ", count: integer", **given))
    path.write_text(text("pay", **given))
    after = compile_app(folder)
    infos = [json.loads(one.content)["info"] for made in (before, after) for one in made.connector
             if one.path == "apiDefinition.swagger.json"]  # fmt: skip
    assert infos[0] == infos[1]
    assert broken_flows(after, Path("connector")) == ()


def test_a_schedule_belongs_to_one_of_the_two(folder: Path) -> None:
    path = folder / "pay.yaml"
    more = "schedule: {cron: 0 8 * * *, input: {item: pens}}\n"
    path.write_text(text("pay", more=more))
    changed = "schedule: {cron: 0 8 * * *, input: {item: pens, count: 1}}\n"
    (told,) = hints(path, {path: text("pay", ", count: integer", more=changed)})
    assert "Leave the `schedule` in one of the two" in told


def test_what_breaks_nothing_is_not_told(folder: Path) -> None:
    path = folder / "pay.yaml"
    path.write_text(text("pay"))
    extra = ", note: {type: string, required: false}, pages: {type: integer, default: 1}"
    assert hints(path, {path: text("pay", extra)}) == []
    assert broken_flows(compile_app(path), Path("connector")) == ()


def test_without_a_connector_nothing_can_break(folder: Path) -> None:
    path = folder / "pay.yaml"
    path.write_text(text("pay"))
    assert broken_flows(compile_app(path), Path("connector")) == ()
