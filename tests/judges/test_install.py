"""What `make test` does before the tests: each judge is installed once for its pins, and what fails stops nothing."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.judges.install import ALL, AbsentError, Judge, install, run


def test_a_judge_is_installed_once_and_anew_when_its_pins_change(tmp_path: Path) -> None:
    pins, made = tmp_path / "pins.txt", list[str]()
    pins.write_text("one")

    def make(folder: Path, given: Sequence[Path]) -> None:
        assert not folder.exists()
        folder.mkdir(parents=True)
        made.append(given[0].read_text())

    judge = Judge("some", (pins,), make)
    assert [install(judge, tmp_path / "judges") for _ in range(2)] == [None, None]
    assert made == ["one"]
    pins.write_text("two")
    assert install(judge, tmp_path / "judges") is None
    assert made == ["one", "two"]


def test_why_a_judge_cannot_be_had_is_kept_until_it_can(tmp_path: Path) -> None:
    (tmp_path / "pins.txt").write_text("")
    failing = [True]

    def make(folder: Path, _: Sequence[Path]) -> None:
        folder.mkdir(parents=True)
        if failing[0]:
            run([sys.executable, "-c", "print('one'); print('ERROR: no such thing'); raise SystemExit(3)"])

    judge, judges = Judge("some", (tmp_path / "pins.txt",), make), tmp_path / "judges"
    assert install(judge, judges) == "ERROR: no such thing"
    assert [(one.name, one.read_text()) for one in judges.iterdir()] == [("some.absent", "ERROR: no such thing\n")]
    failing.clear()
    failing.append(False)
    assert install(judge, judges) is None
    assert [one.name for one in judges.iterdir()] == ["some"]


def test_a_program_that_is_not_there_is_a_reason(tmp_path: Path) -> None:
    (tmp_path / "pins.txt").write_text("")
    judge = Judge("some", (tmp_path / "pins.txt",), lambda folder, _: run([str(folder / "nothing")]))
    assert "nothing" in str(install(judge, tmp_path / "judges"))


def test_a_command_that_fails_in_silence_has_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AbsentError, match="ended with 3"):
        run([sys.executable, "-c", "raise SystemExit(3)"])
    monkeypatch.setattr("tests.judges.install.LIMIT_SECONDS", 0.2)
    with pytest.raises(AbsentError, match="took more than"):
        run([sys.executable, "-c", "import time; time.sleep(30)"])


def test_the_pins_are_exact_and_name_no_registry() -> None:
    for judge in ALL:
        for path in judge.pins:
            text = path.read_text(encoding="utf-8")
            assert '"resolved"' not in text
            assert "://registry" not in text
            if path.suffix == ".txt":
                assert all(re.match(r"[\w.-]+==[\w.]+( ;|$)", line) for line in text.splitlines())


def test_the_installer_runs_on_nothing_but_the_standard_library() -> None:
    script = Path(str(sys.modules[install.__module__].__file__))
    code = "import runpy, sys; runpy.run_path(sys.argv[1], run_name='not main')"
    subprocess.run([sys.executable, "-I", "-S", "-c", code, str(script)], check=True, capture_output=True)
