"""The app as a whole: its files, its settings, and that its modules fit each other."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest
from tests.conftest import FLAGSHIP, ROOT

from flowbridge.compiler import compile_app


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """The flagship's app, by path."""
    return {one.path: one.content for one in compile_app(FLAGSHIP).app}


def test_the_files_are_sorted_relative_and_each_there_once(files: dict[str, bytes]) -> None:
    paths = [one.path for one in compile_app(FLAGSHIP).app]
    assert paths == sorted(set(paths))
    assert not [path for path in paths if path.startswith(("/", ".."))]
    assert {"function_app.py", "host.json", "requirements.txt", "local.settings.json", ".funcignore"} <= set(paths)


def test_the_runtime_and_the_activities_are_copies(files: dict[str, bytes]) -> None:
    for path, content in files.items():
        if path.startswith("runtime/"):
            assert content == (ROOT / "generator" / "flowbridge" / path).read_bytes()
        if path.startswith("activities/"):
            assert content == (ROOT / "spec" / path).read_bytes()


def test_host_json_asks_for_a_bundle_that_knows_versions(files: dict[str, bytes]) -> None:
    host = json.loads(files["host.json"])
    assert host["extensionBundle"]["version"] == "[4.26.0, 5.0.0)"
    durable = host["extensions"]["durableTask"]
    assert re.fullmatch(r"[A-Za-z][A-Za-z0-9]{2,44}", durable["hubName"])
    assert "extendedSessionsEnabled" not in durable, "the extension refuses to start a Python app with it"


def test_every_import_within_the_app_finds_its_module_and_its_name(files: dict[str, bytes]) -> None:
    paths = [path for path in files if path.endswith(".py")]
    modules = {path.removesuffix(".py").removesuffix("/__init__").replace("/", "."): path for path in paths}
    for name, path in modules.items():
        package = name if path.endswith("__init__.py") else name.rpartition(".")[0]
        for node in ast.walk(ast.parse(files[path])):
            if not isinstance(node, ast.ImportFrom):
                continue
            inside = package.split(".")
            base = ".".join(inside[: len(inside) - node.level + 1]) if node.level else ""
            target = ".".join(part for part in (base, node.module or "") if part)
            if target.split(".")[0] not in ("runtime", "workflows", "activities"):
                continue
            for one in node.names:
                if f"{target}.{one.name}" not in modules and target in modules:
                    assert one.name in defined(files[modules[target]]), f"{path}: {target}.{one.name}"


def defined(content: bytes) -> set[str]:
    """The names that a module has."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(content)):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case ast.ImportFrom() | ast.Import():
                found |= {one.asname or one.name for one in node.names}
            case _:
                pass
    return found


def test_no_binding_has_an_underscore_in_its_name(files: dict[str, bytes]) -> None:
    # Before version 4.1038, the Functions host refused to load an app with one.
    text = "".join(content.decode() for path, content in files.items() if path.endswith(".py"))
    names = re.findall(r'(?:context_name|input_name|client_name)="([^"]+)"', text)
    assert len(names) >= 10
    assert not [name for name in names if "_" in name]


def test_an_activity_is_annotated_with_what_the_worker_accepts(files: dict[str, bytes]) -> None:
    tree = ast.parse(files["workflows/data_processing/activities.py"])
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert len(functions) == 5
    assert all(isinstance(one.args.args[0].annotation, ast.Name) for one in functions)


def test_an_app_of_a_workflow_without_activities_has_no_module_for_them(tmp_path: Path) -> None:
    spec = tmp_path / "w.yaml"
    spec.write_text("workflow: w\nversion: 1\nsteps:\n  - status: x\n", encoding="utf-8")
    made = {one.path: one.content.decode() for one in compile_app(spec).app}
    assert "workflows/w/activities.py" not in made
    assert "activities" not in made["workflows/w/__init__.py"]


def test_the_place_of_the_workflow_is_told_the_same_wherever_it_is_compiled(tmp_path: Path) -> None:
    folders = (tmp_path / "a" / "spec", tmp_path / "elsewhere" / "spec")
    made: list[list[bytes]] = []
    for folder in folders:
        folder.mkdir(parents=True)
        (folder / "w.yaml").write_text("workflow: w\nversion: 1\nsteps:\n  - status: x\n", encoding="utf-8")
        made.append([one.content for one in compile_app(folder / "w.yaml").app])
    assert made[0] == made[1]
