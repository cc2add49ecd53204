"""The wheel holds the same templates and specs as the checkout, and works where nothing else of the checkout is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
from tests.conftest import ROOT

SHIPPED = ("templates", "spec")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built by its own build backend."""
    folder = tmp_path_factory.mktemp("wheel")
    checkout = folder / "checkout"
    checkout.mkdir()
    for one in ("generator", *SHIPPED):
        shutil.copytree(ROOT / one, checkout / one, ignore=shutil.ignore_patterns("__pycache__"))
    for one in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / one, checkout)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=checkout, check=True, capture_output=True)
    (made,) = folder.glob("*.whl")
    return made


def checkout_files() -> dict[str, bytes]:
    """What the wheel must hold beside the package."""
    return {
        f"flowbridge/{path.relative_to(ROOT).as_posix()}": path.read_bytes()
        for one in SHIPPED
        for path in (ROOT / one).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_the_bytes_of_the_checkout(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    inside = {
        name: content for name, content in held.items() if name.startswith(("flowbridge/templates", "flowbridge/spec"))
    }
    assert inside == checkout_files()
    package = ROOT / "generator" / "flowbridge"
    modules = {path.relative_to(package.parent).as_posix(): path.read_bytes() for path in package.rglob("*.py")}
    assert {name: held.get(name) for name in modules} == modules
    assert "flowbridge/py.typed" in held


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel alone; its dependencies are lent by the environment of the tests."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    site = next((folder / "lib").glob("python3*")) / "site-packages"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    own = Path(sysconfig.get_paths()["purelib"])
    lent = folder / "lent"
    lent.mkdir()
    for one in own.iterdir():
        # The editable install of the checkout is what must not be found here.
        if one.suffix != ".pth" and not one.name.lower().startswith(("flowbridge", "_flowbridge", "__editable__")):
            (lent / one.name).symlink_to(one)
    (site / "lent.pth").write_text(f"{lent}\n")
    return folder


def run(installed: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The installed command line, in a folder of its own."""
    environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")}
    command = [str(installed / "bin" / "python"), "-m", "flowbridge", *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)


def test_the_installed_package_is_the_one_that_runs(installed: Path, tmp_path: Path) -> None:
    code = "import flowbridge; print(flowbridge.__file__)"
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    where = subprocess.check_output(
        [installed / "bin" / "python", "-c", code], cwd=tmp_path, env=environment, text=True
    )
    assert Path(where.strip()).is_relative_to(installed)


def test_the_installed_command_line_works_without_the_checkout(installed: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "spec", tmp_path / "spec")
    version = run(installed, "--version", cwd=tmp_path)
    assert (version.returncode, version.stdout.split()[-1]) == (0, "0.1.0"), version.stderr
    checked = run(installed, "check", "spec/data_processing.yaml", cwd=tmp_path)
    assert checked.returncode == 0, checked.stderr
    printed = run(installed, "schema", cwd=tmp_path)
    assert json.loads(printed.stdout) == json.loads((ROOT / "spec" / "workflow.schema.json").read_text())
    explained = run(installed, "explain", "E203", cwd=tmp_path)
    assert explained.stdout.startswith("## E203")
    built = run(installed, "build", "spec/data_processing.yaml", cwd=tmp_path)
    assert built.returncode == 0, built.stderr
    assert (tmp_path / "generated" / "function_app.py").is_file()
    made = run(installed, "new", "project", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    assert (tmp_path / "project" / "spec" / "greeting.yaml").is_file()
