"""What the compiler writes passes the tools of whoever reads it: linter, formatter and type checker at their strictest.

One run of each tool over the flagship and every golden case, each with the settings that it carries itself.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import FLAGSHIP, HOSTILE, ROOT, build

from flowbridge.compiler import compile_app
from flowbridge.text.diagnostic import CompileError

GOLDEN = sorted((ROOT / "tests" / "golden").glob("*/workflow.yaml"))
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the flagship's app, every golden case's, and one whose every text is hostile."""
    folder = tmp_path_factory.mktemp("apps")
    build(FLAGSHIP, folder / "flagship")
    for spec in GOLDEN:
        build(spec, folder / spec.parent.name)
    hostile = tmp_path_factory.mktemp("hostile") / "workflow.yaml"
    hostile.write_text(yaml(HARMFUL), encoding="utf-8")
    build(hostile, folder / "hostile")
    return folder


def tool(*command: str, cwd: Path) -> None:
    """Runs a tool, which must have nothing to say."""
    done = subprocess.run([BIN / command[0], *command[1:]], cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]


def test_the_linter_finds_nothing(apps: Path) -> None:
    tool("ruff", "check", "--no-cache", ".", cwd=apps)


def test_the_formatter_changes_nothing(apps: Path) -> None:
    tool("ruff", "format", "--no-cache", "--check", ".", cwd=apps)


def test_the_type_checker_at_its_strictest_finds_nothing(apps: Path) -> None:
    roots = sorted(path.name for path in apps.iterdir() if path.is_dir())
    # The runtime is the same in all of them, and read strictly in one.
    own = [f"{root}/{part}" for root in roots for part in ("function_app.py", "workflows", "activities")]
    config = {
        "include": [*own, f"{roots[0]}/runtime"],
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
        "executionEnvironments": [{"root": root} for root in roots],
    }
    (apps / "pyrightconfig.json").write_text(json.dumps(config), encoding="utf-8")
    tool("pyright", "--pythonpath", sys.executable, cwd=apps)


def test_the_package_itself_passes_the_same_tools() -> None:
    tool("ruff", "check", "--no-cache", "generator", "spec", cwd=ROOT)
    tool("ruff", "format", "--no-cache", "--check", "generator", "spec", cwd=ROOT)
    tool("pyright", "generator", cwd=ROOT)


def test_a_generated_app_knows_nothing_of_the_compiler(apps: Path) -> None:
    for path in apps.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name.split(".")[0] == "flowbridge"], path


# ---- hostile text


def texts(*parts: str) -> dict[str, str]:
    """A text for every place in a workflow where an author may write one."""
    places = (
        "title", "description", "field_title", "field_description", "activity", "step", "status", "message",
        "approval", "details", "approver", "choice", "default", "set", "constant", "note",
    )  # fmt: skip
    return {place: parts[number % len(parts)] for number, place in enumerate(places)}


def fit(text: str, longest: int) -> str:
    """A text of at most so many characters, and of at least one."""
    return text[:longest] or "x"


def before(text: str) -> str:
    """A text that an expression follows: a `$` at its end would make that a text, too."""
    return f"{text} " if text.endswith("$") else text


def yaml(given: dict[str, str]) -> str:
    """A workflow with those texts in it, as JSON, which is YAML; `$` is doubled where it would begin an expression."""
    plain = {place: text.replace("${", "$${") for place, text in given.items()}
    inner: dict[str, Any] = {
        "type": "string",
        "title": fit(given["field_title"], 80),
        "description": fit(given["field_description"], 1000),
        "default": given["default"],
    }
    approval: dict[str, Any] = {
        "title": fit(plain["approval"], 900) + " ${input.word}",
        "details": before(fit(plain["details"], 900)) + "${len(input.word)}" + fit(plain["note"], 900),
        "approvers": [plain["approver"], "${input.word}"],
        "timeout": "1d",
        "on_timeout": {"return": {"text": plain["set"], "choice": fit(given["choice"], 200)}},
        "on_rejected": {"raise": {"error": "Stop", "message": fit(plain["message"], 900)}},
    }
    constant = json.dumps(given["constant"], ensure_ascii=False)
    return json.dumps(
        {
            "workflow": "hostile",
            "version": 1,
            "title": fit(given["title"], 80),
            "description": fit(given["description"], 1000),
            "input": {"word": inner},
            "output": {"text": "string", "choice": {"enum": [fit(given["choice"], 200)]}},
            "errors": ["Stop"],
            "steps": [
                {"id": "one", "title": fit(given["step"], 200), "set": before(plain["set"]) + "${input.word}"},
                {"id": "two", "status": fit(plain["status"], 900), "set": "${" + constant + " + input.word}"},
                {"id": "asked", "title": fit(given["step"], 200), "approval": approval},
                {"return": {"text": "${one + two}", "choice": fit(given["choice"], 200)}},
            ],
        },
        ensure_ascii=False,
    )


ACCEPTED = [one for one in HOSTILE if one.isprintable() and one.strip()]
HARMFUL = texts(*ACCEPTED)


def compiled(folder: Path, given: dict[str, str]) -> dict[str, str] | None:
    """The Python files of an app by path; None where the front end refuses a text, as it may."""
    spec = folder / "workflow.yaml"
    spec.write_text(yaml(given), encoding="utf-8", errors="surrogatepass")
    try:
        made = compile_app(spec, "spec/workflow.yaml").app
    except CompileError:
        return None
    return {
        one.path: one.content.decode() for one in made if one.path.endswith(".py") and one.path.startswith("workflows/")
    }


def called(code: str) -> set[str]:
    """The names that a module reads or calls, but for the function that writes a value where an f-string cannot."""
    nodes = list(ast.walk(ast.parse(code)))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return (names | {node.attr for node in nodes if isinstance(node, ast.Attribute)}) - {"text"}


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The same workflow with nothing but words in it."""
    made = compiled(tmp_path_factory.mktemp("harmless"), texts("word"))
    assert made is not None
    return made


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_changes_nothing_but_texts(text: str, harmless: dict[str, str], tmp_path: Path) -> None:
    made = compiled(tmp_path, texts(text))
    if made is None:
        assert not text.isprintable() or not text.strip() or "{" in text
        return
    assert made.keys() == harmless.keys()
    for path, code in made.items():
        assert called(code) == called(harmless[path]), path


def test_most_hostile_texts_are_compiled(tmp_path: Path) -> None:
    assert sum(compiled(tmp_path, texts(text)) is not None for text in ACCEPTED) >= len(ACCEPTED) - 2


@given(parts=st.lists(st.text(st.characters(codec="utf-8"), max_size=150), min_size=1, max_size=16))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_texts_change_nothing_but_texts(parts: list[str], harmless: dict[str, str], tmp_path: Path) -> None:
    made = compiled(tmp_path, texts(*parts))
    if made is not None:
        assert {path: called(code) for path, code in made.items()} == {
            path: called(code) for path, code in harmless.items()
        }


def test_every_text_arrives_to_the_letter(tmp_path: Path) -> None:
    for text in ACCEPTED:
        made = compiled(tmp_path, texts(text))
        if made is None:
            continue
        orchestrator = ast.parse(made["workflows/hostile/orchestrator.py"])
        constants = {node.value for node in ast.walk(orchestrator) if isinstance(node, ast.Constant)}
        assert fit(text, 200) in constants
        schemas = ast.parse(made["workflows/hostile/schemas.py"])
        assert text in {node.value for node in ast.walk(schemas) if isinstance(node, ast.Constant)}
