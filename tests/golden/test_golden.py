"""Each case becomes exactly the committed files; `--update-golden` rewrites them, for a reviewer to read as a diff."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.golden.conftest import HERE, cases

from flowbridge.compiler import compile_app

COPIES = ("runtime/", "activities/")
SAME_IN_EVERY_APP = (".funcignore", "local.settings.json", "pyproject.toml", "requirements.txt")


def files(case: str) -> dict[str, str]:
    """What the build makes of a case, as text by path, without copies and what is the same everywhere."""
    made = compile_app(HERE / case / "workflow.yaml", "spec/workflow.yaml").app
    told = [one for one in made if not one.path.startswith(COPIES) and one.path not in SAME_IN_EVERY_APP]
    return {one.path: one.content.decode() for one in told}


@pytest.mark.parametrize("case", cases())
def test_a_case_becomes_the_committed_files(case: str, request: pytest.FixtureRequest) -> None:
    folder = HERE / case / "expected" / "generated"
    made = files(case)
    if request.config.getoption("--update-golden"):
        for path in [path for path in folder.rglob("*") if path.is_file()]:
            path.unlink()
        for name, text in made.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    committed = [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    expected = {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in committed}
    assert made == expected


@pytest.mark.parametrize("case", cases())
def test_a_case_gives_the_same_bytes_twice(case: str) -> None:
    spec = HERE / case / "workflow.yaml"
    assert compile_app(spec, "spec/workflow.yaml") == compile_app(spec, "spec/workflow.yaml")
    assert [one.content for one in compile_app(spec).app] == [one.content for one in compile_app(spec).app]


def test_the_files_that_are_left_out_are_copies_or_the_same_in_every_app() -> None:
    seen: dict[str, set[bytes]] = {}
    for case in cases():
        spec = HERE / case / "workflow.yaml"
        for one in compile_app(spec).app:
            if one.path.startswith("runtime/"):
                assert one.content == (ROOT / "generator" / "flowbridge" / one.path).read_bytes()
            elif one.path.startswith("activities/"):
                assert one.content == (spec.parent / one.path).read_bytes()
            elif one.path in SAME_IN_EVERY_APP:
                seen.setdefault(one.path, set()).add(one.content)
    assert {path: len(contents) for path, contents in seen.items()} == dict.fromkeys(SAME_IN_EVERY_APP, 1)


def test_every_case_is_run_on_the_host() -> None:
    played = [name for path in HERE.glob("test_*.py") for name in re.findall(r'play\("(\w+)"', path.read_text())]
    assert set(played) == set(cases())


@pytest.mark.parametrize("case", cases())
def test_no_generated_file_tells_where_it_was_made(case: str, tmp_path: Path) -> None:
    texts = [one.content.decode() for one in compile_app(HERE / case / "workflow.yaml", "spec/workflow.yaml").app]
    assert not [text for text in texts if str(ROOT) in text or str(Path.home()) in text]
