"""The public linters of the npm world accept our definitions; they run from a folder where they are installed.

FLOWBRIDGE_NPM names a folder with `node_modules` (npm install @stoplight/spectral-cli @apidevtools/swagger-parser
@redocly/cli). Nothing is fetched here.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from flowbridge.compiler import compile_app

ROOT = Path(__file__).resolve().parents[3]
SPECS = sorted((ROOT / "spec").glob("*.yaml")) + sorted((ROOT / "tests" / "golden").glob("*/workflow.yaml"))


@pytest.fixture(scope="module")
def modules() -> Path:
    given = os.environ.get("FLOWBRIDGE_NPM")
    if given is None or shutil.which("node") is None:
        pytest.skip("the npm linters are not there: FLOWBRIDGE_NPM names no folder with them, or node is missing")
    return Path(given) / "node_modules"


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder, made = tmp_path_factory.mktemp("definitions"), list[Path]()
    for spec in SPECS:
        files = {one.path: one.content for one in compile_app(spec).connector}
        path = folder / f"{spec.parent.name}-{spec.stem}.json"
        path.write_bytes(files["apiDefinition.swagger.json"])
        made.append(path)
    return made


def run(program: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "REDOCLY_TELEMETRY": "off", "CI": "1", "HTTPS_PROXY": "http://127.0.0.1:9"}
    return subprocess.run(program, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)


def test_spectral_finds_nothing(modules: Path, definitions: list[Path], tmp_path: Path) -> None:
    rules = tmp_path / "rules.json"
    rules.write_text(json.dumps({"extends": "spectral:oas", "rules": {"operation-tags": "off", "info-contact": "off"}}))
    program = [str(modules / ".bin" / "spectral"), "lint", "--ruleset", str(rules), "--fail-severity", "warn"]
    result = run([*program, *map(str, definitions)], tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr


def test_swagger_parser_accepts(modules: Path, definitions: list[Path], tmp_path: Path) -> None:
    package = json.dumps(str(modules / "@apidevtools" / "swagger-parser"))
    code = f"const p = require({package}); Promise.all(process.argv.slice(1).map(f => p.validate(f)))"
    code += ".catch(e => { console.error(e.message); process.exit(1); })"
    result = run(["node", "-e", code, *map(str, definitions)], tmp_path)
    assert result.returncode == 0, result.stderr


def test_redocly_finds_no_error(modules: Path, definitions: list[Path], tmp_path: Path) -> None:
    program = [str(modules / ".bin" / "redocly"), "lint", "--extends", "recommended", "--format", "summary"]
    skipped = [one for rule in ("info-license", "operation-4xx-response") for one in ("--skip-rule", rule)]
    result = run([*program, *skipped, *map(str, definitions)], tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
