"""The public linters of the npm world accept every connector's definition; they run from `.judges` and fetch nothing.

FLOWBRIDGE_NPM names another folder with `node_modules` in which they are installed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tests.judges.connectors import NAMES, connector
from tests.judges.found import found

Linter = Callable[[Path, Path, Sequence[Path]], subprocess.CompletedProcess[str]]
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def modules() -> Path:
    if shutil.which("node") is None:
        pytest.skip("node is not on PATH: the npm linters cannot run")
    return found("npm", "FLOWBRIDGE_NPM", ".") / "node_modules"


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder, made = tmp_path_factory.mktemp("definitions"), list[Path]()
    for name in NAMES:
        path = folder / f"{name.replace('/', '-')}.json"
        path.write_bytes(connector(name)["apiDefinition.swagger.json"])
        made.append(path)
    return made


@pytest.fixture(scope="module")
def broken(definitions: Sequence[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A definition with an operation whose path has a parameter that is not declared."""
    definition = json.loads(definitions[0].read_bytes())
    operation: dict[str, object] = {
        "operationId": "Broken",
        "summary": "Broken",
        "description": "It is.",
        "responses": {},
    }
    definition["paths"]["/api/broken/{id}"] = {"get": operation}
    path = tmp_path_factory.mktemp("broken") / "broken.json"
    path.write_text(json.dumps(definition))
    return path


def run(program: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs a linter with a home of its own and no way to the internet."""
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(folder),
        "CI": "1",
        "REDOCLY_TELEMETRY": "off",
        "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true",
        **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), NOWHERE),
    }
    return subprocess.run(program, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)


def spectral(modules: Path, folder: Path, files: Sequence[Path]) -> subprocess.CompletedProcess[str]:
    rules = folder / "rules.json"
    rules.write_text(json.dumps({"extends": "spectral:oas", "rules": {"operation-tags": "off", "info-contact": "off"}}))
    program = [str(modules / ".bin" / "spectral"), "lint", "--ruleset", str(rules), "--fail-severity", "warn"]
    return run([*program, *map(str, files)], folder)


def swagger_parser(modules: Path, folder: Path, files: Sequence[Path]) -> subprocess.CompletedProcess[str]:
    package = json.dumps(str(modules / "@apidevtools" / "swagger-parser"))
    code = f"const p = require({package}); Promise.all(process.argv.slice(1).map(f => p.validate(f)))"
    code += ".catch(e => { console.error(e.message); process.exit(1); })"
    return run(["node", "-e", code, *map(str, files)], folder)


def redocly(modules: Path, folder: Path, files: Sequence[Path]) -> subprocess.CompletedProcess[str]:
    # A connector has no licence of its own, and the connection's test has no refusal to declare.
    program = [str(modules / ".bin" / "redocly"), "lint", "--extends", "recommended", "--format", "summary"]
    skipped = [one for rule in ("info-license", "operation-4xx-response") for one in ("--skip-rule", rule)]
    return run([*program, *skipped, *map(str, files)], folder)


@pytest.mark.parametrize("linter", [spectral, swagger_parser, redocly])
def test_a_linter_of_npm_finds_nothing(
    linter: Linter, modules: Path, definitions: list[Path], broken: Path, tmp_path: Path
) -> None:
    result = linter(modules, tmp_path, definitions)
    assert result.returncode == 0, result.stdout + result.stderr
    assert linter(modules, tmp_path, [broken]).returncode == 1
