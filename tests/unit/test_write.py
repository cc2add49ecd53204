"""Artifacts to disk: whole files or none, only in folders of their own, and a difference that tells all."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import pytest

from flowbridge.emit.artifact import Artifact
from flowbridge.write import MARK, OutputFolderError, drift, existing, write

FIRST = (Artifact.text("a.txt", "one\ntwo\n"), Artifact.text("deep/er/b.txt", "b\n"), Artifact("c.bin", b"\x00\xff"))


def content(folder: Path) -> dict[str, bytes]:
    """What is in a folder, without the mark."""
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in files.items() if name != MARK}


def test_a_folder_holds_exactly_the_artifacts(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there"
    assert write(FIRST, folder) == 4
    assert content(folder) == {one.path: one.content for one in FIRST}
    assert stat.S_IMODE((folder / "a.txt").stat().st_mode) == 0o644


def test_written_again_nothing_is_touched(tmp_path: Path) -> None:
    write(FIRST, tmp_path)
    os.utime(tmp_path / "a.txt", ns=(1, 1))
    assert write(FIRST, tmp_path) == 0
    assert (tmp_path / "a.txt").stat().st_mtime_ns == 1


def test_what_is_not_made_any_more_is_removed_with_its_empty_folders(tmp_path: Path) -> None:
    write(FIRST, tmp_path)
    assert write(FIRST[:1], tmp_path) == 2
    assert content(tmp_path) == {"a.txt": b"one\ntwo\n"}
    assert not (tmp_path / "deep").exists()


def test_a_file_in_the_place_of_a_folder_and_the_other_way_round(tmp_path: Path) -> None:
    write((Artifact.text("x/y", "1"),), tmp_path)
    write((Artifact.text("x", "2"),), tmp_path)
    assert content(tmp_path) == {"x": b"2"}
    write((Artifact.text("x/y", "3"),), tmp_path)
    assert content(tmp_path) == {"x/y": b"3"}


def test_where_a_build_stops_midway_a_lock_is_not_newer_than_the_other_files(tmp_path: Path) -> None:
    def version(text: str) -> tuple[Artifact, ...]:
        return tuple(Artifact.text(name, text) for name in ("a.json", "surface.lock", "z.json"))

    write(version("old"), tmp_path)
    (tmp_path / "z.json").unlink()
    # A folder with something that builds leave alone stands in the way of a file.
    (tmp_path / "z.json" / ".venv").mkdir(parents=True)
    (tmp_path / "z.json" / ".venv" / "x").write_text("mine")
    with pytest.raises(OSError):  # noqa: PT011
        write(version("new"), tmp_path)
    assert (tmp_path / "a.json").read_text() == "new"
    assert (tmp_path / "surface.lock").read_text() == "old"


@pytest.mark.parametrize("mine", ["mine.txt", "sub/mine.txt", ".hidden"])
def test_a_folder_that_no_build_made_is_left_alone(tmp_path: Path, mine: str) -> None:
    (tmp_path / mine).parent.mkdir(exist_ok=True)
    (tmp_path / mine).write_text("mine")
    with pytest.raises(OutputFolderError, match="no build made"):
        write(FIRST, tmp_path)
    assert content(tmp_path) == {mine: b"mine"}


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(OutputFolderError, match="not a folder"):
        write(FIRST, tmp_path / "out")


def test_what_tools_leave_behind_is_left_to_them(tmp_path: Path) -> None:
    write(FIRST, tmp_path)
    (tmp_path / "deep" / "__pycache__").mkdir()
    (tmp_path / "deep" / "__pycache__" / "x.pyc").write_bytes(b"")
    assert write(FIRST, tmp_path) == 0
    assert list(drift(FIRST, tmp_path)) == []
    assert (tmp_path / "deep" / "__pycache__" / "x.pyc").exists()


def test_a_link_is_replaced_and_what_it_points_to_is_not(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("mine")
    folder = tmp_path / "out"
    write(FIRST, folder)
    (folder / "a.txt").unlink()
    (folder / "a.txt").symlink_to(outside)
    write(FIRST, folder)
    assert outside.read_text() == "mine"
    assert (folder / "a.txt").read_text() == "one\ntwo\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_an_error_of_the_disk(tmp_path: Path) -> None:
    write(FIRST, tmp_path)
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(OSError, match="Permission denied"):
            write((Artifact.text("a.txt", "new"),), tmp_path)
    finally:
        tmp_path.chmod(0o700)
    assert content(tmp_path)["a.txt"] == b"one\ntwo\n"


# ---- the difference


def test_no_difference_is_no_line(tmp_path: Path) -> None:
    write(FIRST, tmp_path)
    assert list(drift(FIRST, tmp_path)) == []


def test_every_kind_of_difference_is_told(tmp_path: Path) -> None:
    write(FIRST, tmp_path)
    (tmp_path / "a.txt").write_text("one\n2\n")
    (tmp_path / "deep" / "er" / "b.txt").unlink()
    (tmp_path / "c.bin").write_bytes(b"\xfe")
    (tmp_path / "extra.txt").write_text("extra\n")
    lines = list(drift(FIRST, tmp_path))
    assert "-2" in lines
    assert "+two" in lines
    assert "+b" in lines
    assert "-extra" in lines
    assert f"binary file differs: {tmp_path.as_posix()}/c.bin" in lines


def test_the_difference_of_text_can_be_applied_as_a_patch(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    write(FIRST[:2], folder)
    (folder / "a.txt").write_text("zero\none\n")
    lines = list(drift(FIRST[:2], folder))
    patch = "\n".join(lines) + "\n"
    done = subprocess.run(["patch", "-p0", "-d", "/"], input=patch, text=True, capture_output=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert list(drift(FIRST[:2], folder)) == []


def test_an_empty_file_that_is_missing_is_a_difference(tmp_path: Path) -> None:
    empty = (Artifact.text("empty.txt", ""), Artifact.text("full.txt", "x\n"))
    write(empty, tmp_path)
    (tmp_path / "empty.txt").unlink()
    assert list(drift(empty, tmp_path)) != []
    write(empty, tmp_path)
    write(empty[1:], tmp_path)
    (tmp_path / "empty.txt").write_text("")
    assert list(drift(empty[1:], tmp_path)) != []


def test_a_last_line_break_alone_is_a_difference(tmp_path: Path) -> None:
    write(FIRST, tmp_path)
    (tmp_path / "a.txt").write_text("one\ntwo")
    assert list(drift(FIRST, tmp_path)) != []
    (tmp_path / "a.txt").write_bytes(b"one\r\ntwo\r\n")
    assert list(drift(FIRST, tmp_path)) != []


def test_a_folder_that_is_not_there_differs_in_every_file(tmp_path: Path) -> None:
    text = "\n".join(drift(FIRST, tmp_path / "nowhere"))
    assert all(f"{tmp_path.as_posix()}/nowhere/{one.path}" in text for one in FIRST)
    assert not (tmp_path / "nowhere").exists()


def test_the_existing_files_are_sorted(tmp_path: Path) -> None:
    write(FIRST, tmp_path)
    assert existing(tmp_path) == sorted([MARK, *(one.path for one in FIRST)])
