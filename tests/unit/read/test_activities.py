"""The activity files, read and never run."""

from __future__ import annotations

from pathlib import Path

from flowbridge.read.activities import read_activities

CODE = '''
"""Jobs."""
import os

print(os.environ["THIS_IS_NEVER_RUN"])


def pay(amount: float, currency: str = "EUR", *, key: str, note: str | None = None) -> None:
    def inner() -> None: ...


async def wait(seconds: float) -> None: ...


def loose(*args: str) -> None: ...


def _private() -> None: ...


class Thing:
    def method(self) -> None: ...
'''


def test_the_functions_at_the_top_are_found(tmp_path: Path) -> None:
    (tmp_path / "jobs.py").write_text(CODE, encoding="utf-8")
    sources = read_activities(tmp_path, "activities")
    assert set(sources.functions) == {"pay", "wait", "loose"}
    pay, wait, loose = (sources.function(name) for name in ("pay", "wait", "loose"))
    assert pay is not None
    assert wait is not None
    assert loose is not None
    assert (pay.parameters, pay.optional, pay.loose, pay.is_async) == (
        ("amount", "currency", "key", "note"),
        {"currency", "note"},
        None,
        False,
    )
    assert wait.is_async
    assert loose.loose == "*args"
    assert (pay.span.place, pay.span.column) == ("activities/jobs.py:8", 5)
    assert sources.module_of("pay") == "jobs"
    assert sources.module_of("inner") is None
    assert sources.findings == ()


def test_packages_files_and_noise(tmp_path: Path) -> None:
    for name in ("__init__.py", "deep/__init__.py", "deep/more.py", "data.json", "__pycache__/jobs.pyc", ".hidden"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text("def work() -> None: ...\n" if name == "deep/more.py" else "", encoding="utf-8")
    sources = read_activities(tmp_path)
    assert [name for name, _ in sources.files] == ["__init__.py", "data.json", "deep/__init__.py", "deep/more.py"]
    assert sources.module_of("work") == "deep.more"


def test_a_folder_that_is_not_there_has_nothing(tmp_path: Path) -> None:
    sources = read_activities(tmp_path / "activities")
    assert (sources.files, sources.functions, sources.findings) == ((), {}, ())


def test_files_that_are_not_python_are_findings(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def work(:\n", encoding="utf-8")
    (tmp_path / "b.py").write_bytes(b"x = '\xff'\n")
    (tmp_path / "c.py").write_text("x = " + "(" * 1_000, encoding="utf-8")
    (tmp_path / "d.py").write_text("def work() -> None: ...\n", encoding="utf-8")
    (tmp_path / "e.py").write_bytes(b"x = 1\0\n")
    sources = read_activities(tmp_path, "activities")
    assert [(one.rule, one.span.source.path) for one in sources.findings] == [
        ("E454", f"activities/{name}.py") for name in "abce"
    ]
    assert sources.module_of("work") == "d"
