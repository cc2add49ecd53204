"""The command line: what goes where, what it exits with, and that it never shows a traceback to an author."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from tests.conftest import FLAGSHIP, ROOT

GOOD = "workflow: good\nversion: 1\nsteps:\n  - status: fine\n"
BAD = "workflow: bad\nversion: 1\nsteps:\n  - status: ${inputt.x}\n  - stat: x\n"
UNKNOWN = "workflow: bad\nversion: 1\nsteps:\n  - status: ${inputt.x}\n"


def run(*arguments: str, cwd: Path = ROOT, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """The command line of this checkout, wherever it is called from, in a process of its own."""
    plain = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")}
    plain["PYTHONPATH"] = str(ROOT / "generator")
    command = [sys.executable, "-m", "flowbridge", *arguments]
    return subprocess.run(command, cwd=cwd, env={**plain, **(env or {})}, capture_output=True, text=True)


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """A workflow without mistakes."""
    path = tmp_path / "good.yaml"
    path.write_text(GOOD, encoding="utf-8")
    return path


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """A workflow with a name that is not defined."""
    path = tmp_path / "bad.yaml"
    path.write_text(UNKNOWN, encoding="utf-8")
    return path


# ---- check


def test_check_of_a_good_file_says_so_and_writes_nothing(spec: Path) -> None:
    done = run("check", str(spec))
    assert (done.returncode, done.stdout, done.stderr) == (0, "1 file checked, no errors.\n", "")
    assert list(spec.parent.iterdir()) == [spec]


def test_check_of_a_bad_file_exits_1_with_the_findings_on_stderr(wrong: Path, spec: Path) -> None:
    done = run("check", str(spec), str(wrong))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith('error[E203]: "inputt"')
    assert f"--> {wrong.as_posix()}:4:15" in done.stderr
    assert done.stderr.endswith("\n1 error\n")


def test_check_finds_everything_in_every_file_in_one_run(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.yaml").write_text(UNKNOWN, encoding="utf-8")
    done = run("check", *(str(tmp_path / f"{number}.yaml") for number in range(3)))
    assert done.stderr.count("error[E203]") == 3
    assert done.stderr.endswith("\n3 errors\n")


def test_check_as_json_is_one_list_on_stdout(wrong: Path, spec: Path) -> None:
    done = run("check", str(wrong), "--format", "json")
    (finding,) = json.loads(done.stdout)
    assert done.returncode == 1
    assert done.stderr == ""
    assert finding["code"] == "E203"
    assert json.loads(run("check", str(spec), "--format", "json").stdout) == []


def test_check_as_annotations_is_read_by_the_ci_system(wrong: Path) -> None:
    done = run("check", str(wrong), "--format", "github")
    text = done.stdout + done.stderr
    assert done.returncode == 1
    assert text.startswith("::error file=")
    assert ",line=4," in text


@pytest.mark.parametrize(("variable", "coloured"), [("NO_COLOR", False), ("FORCE_COLOR", True), ("TERM", False)])
def test_colour_follows_the_environment(wrong: Path, variable: str, coloured: bool) -> None:
    done = run("check", str(wrong), env={variable: "1"})
    assert ("\x1b[" in done.stderr) is coloured


def test_no_colour_beats_forced_colour(wrong: Path) -> None:
    assert "\x1b[" not in run("check", str(wrong), env={"NO_COLOR": "1", "FORCE_COLOR": "1"}).stderr


# ---- usage


@pytest.mark.parametrize(
    "arguments",
    [
        ("check",),
        ("check", "nowhere.yaml"),
        ("check", "."),
        ("build",),
        ("build", "--format", "xml", "spec/data_processing.yaml"),
        ("frobnicate",),
        ("explain", "E999"),
        ("explain", "nonsense"),
        ("host", "nowhere"),
        ("host", "spec", "--port", "65536"),
        ("host", "spec", "--speed", "-1"),
        ("--nonsense",),
    ],
)
def test_wrong_usage_exits_2_and_says_what_is_right(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Usage: " in done.stderr or "flowbridge explain" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [("--help",), ("-h",), ("build", "--help"), ("host", "-h"), ("--version",)])
def test_help_is_on_stdout(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


# ---- build


def test_build_makes_the_app_and_the_connector_and_check_agrees(tmp_path: Path) -> None:
    done = run("build", str(FLAGSHIP), "--out", str(tmp_path))
    assert done.returncode == 0
    assert (tmp_path / "generated" / "function_app.py").is_file()
    assert (tmp_path / "connector" / "apiDefinition.swagger.json").is_file()
    checked = run("build", str(FLAGSHIP), "--check", "--out", str(tmp_path))
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def test_build_twice_gives_the_same_bytes_from_wherever_it_is_called(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for project in (one, other):
        shutil.copytree(ROOT / "spec", project / "spec")
    inside = run("build", "spec/data_processing.yaml", cwd=one, env={"PYTHONHASHSEED": "1"})
    arguments = ("build", str(other / "spec" / FLAGSHIP.name), "--out", str(other))
    outside = run(*arguments, cwd=tmp_path, env={"PYTHONHASHSEED": "2"})
    assert (inside.returncode, outside.returncode) == (0, 0)
    assert tree(one) == tree(other)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file of a folder but what tools leave behind."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    left = {"__pycache__", ".ruff_cache"}
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths if not left & set(path.parts)}


def test_build_check_exits_3_with_the_difference_on_stdout(tmp_path: Path) -> None:
    run("build", str(FLAGSHIP), "--out", str(tmp_path))
    path = tmp_path / "generated" / "host.json"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace('"2.0"', '"3.0"'), encoding="utf-8")
    done = run("build", str(FLAGSHIP), "--check", "--out", str(tmp_path))
    assert done.returncode == 3
    assert '-  "version": "3.0",' in done.stdout.splitlines()
    assert '+  "version": "2.0",' in done.stdout.splitlines()
    assert "run `flowbridge build" in done.stderr
    assert '"3.0"' in path.read_text(encoding="utf-8")


def test_build_of_a_bad_file_leaves_what_was_built_before(wrong: Path, spec: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("build", str(spec), "--out", str(out)).returncode == 0
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert run("build", str(wrong), "--out", str(out)).returncode == 1
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


def test_build_does_not_touch_a_folder_of_somebody_else(spec: Path, tmp_path: Path) -> None:
    (tmp_path / "generated").mkdir()
    (tmp_path / "generated" / "mine.txt").write_text("mine")
    done = run("build", str(spec), "--out", str(tmp_path))
    assert done.returncode == 1
    assert "content that no build made" in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in (tmp_path / "generated").iterdir()] == ["mine.txt"]
    assert not (tmp_path / "connector").exists()


def test_the_committed_build_of_the_flagship_is_what_a_build_makes(tmp_path: Path) -> None:
    if not (ROOT / "generated").is_dir() or not (ROOT / "connector").is_dir():
        pytest.skip("generated/ and connector/ are not committed yet")
    done = run("build", "spec/data_processing.yaml", "--check")
    assert (done.returncode, done.stdout) == (0, "")
    shutil.copytree(ROOT / "spec", tmp_path / "spec")
    assert run("build", "spec/data_processing.yaml", cwd=tmp_path).returncode == 0
    for folder in ("generated", "connector"):
        assert tree(tmp_path / folder) == tree(ROOT / folder)


# ---- the rest


def test_explain_tells_about_one_code_and_lists_all() -> None:
    one = run("explain", "e203")
    assert one.returncode == 0
    assert one.stdout.startswith("## E203")
    listed = run("explain").stdout.splitlines()
    assert len(listed) > 50
    assert all(line[0] in "EW" and line[1:4].isdigit() for line in listed)


def test_schema_is_the_schema_of_the_checkout() -> None:
    assert json.loads(run("schema").stdout) == json.loads((ROOT / "spec" / "workflow.schema.json").read_text())


def test_output_that_nobody_reads_to_the_end_is_no_error(tmp_path: Path) -> None:
    command = f"{sys.executable} -m flowbridge schema | head -c 10; echo; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "0"
    assert done.stderr == ""


def test_new_makes_a_project_that_checks_builds_and_runs(tmp_path: Path) -> None:
    made = run("new", "project", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    project = tmp_path / "project"
    assert "flowbridge build spec/greeting.yaml" in made.stdout
    assert (project / ".gitignore").is_file()
    assert run("check", "spec/greeting.yaml", cwd=project).returncode == 0
    assert run("build", "spec/greeting.yaml", cwd=project).returncode == 0
    assert run("build", "spec/greeting.yaml", "--check", cwd=project).returncode == 0
    command = [sys.executable, "-m", "flowbridge", "host", "spec/greeting.yaml", "--port", "0", "--key", "k"]
    here = {**os.environ, "PYTHONPATH": str(ROOT / "generator")}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=project, env=here, stdout=pipe, stderr=pipe, text=True) as host:
        try:
            assert host.stdout is not None
            url = host.stdout.readline().split()[-1]
            assert call(url, "POST", "/api/greeting/start", {"names": ["Ada"], "approver": "a@b", "instanceId": "one"})
            deadline = time.monotonic() + 30
            while not call(url, "GET", "/api/greeting/instances/one")["pendingApprovals"]:
                assert time.monotonic() < deadline
                time.sleep(0.02)
            answer = {"decision": "Approve", "responder": "a@b"}
            call(url, "POST", "/api/greeting/instances/one/approvals/approval", answer)
            while "output" not in (status := call(url, "GET", "/api/greeting/instances/one")):
                assert time.monotonic() < deadline
                time.sleep(0.02)
            assert status["output"] == {"sent": True, "greetings": ["Hello, Ada!"]}
        finally:
            host.send_signal(signal.SIGTERM)
            host.communicate(timeout=20)
    assert host.returncode == 0


def call(url: str, method: str, path: str, body: object = None) -> dict[str, object]:
    """One call of an operation."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url + path, data=data, method=method, headers={"x-functions-key": "k"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return dict(json.load(answer))


def test_new_does_not_touch_a_folder_with_content(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    done = run("new", str(tmp_path))
    assert done.returncode == 1
    assert "has content" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_host_of_a_folder_that_is_no_app_says_so(tmp_path: Path) -> None:
    done = run("host", str(tmp_path), "--port", "0", "--data", str(tmp_path / "data"))
    assert done.returncode == 1
    assert done.stderr.startswith(f"error[H01]: {tmp_path} holds neither an app (function_app.py) nor a workflow")
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data").exists()


def test_host_of_a_workflow_with_mistakes_tells_them(wrong: Path, tmp_path: Path) -> None:
    done = run("host", str(wrong), "--port", "0", "--data", str(tmp_path / "data"))
    assert done.returncode == 1
    assert "error[E203]" in done.stderr


def test_check_never_loads_the_sdk_or_the_host(spec: Path) -> None:
    code = (
        "import sys; from flowbridge.checker import check_path; from pathlib import Path; "
        f"check_path(Path({str(spec)!r})); "
        "print([m for m in sys.modules if m.split('.')[0] in ('aiohttp', 'azure') or m.startswith('flowbridge.host')])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True, cwd=ROOT) == "[]\n"
