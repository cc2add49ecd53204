"""A library of files, in memory: file 404 is missing, and the others are open in their first so many minutes.

The number of minutes is the file's id; they begin when somebody first wants to write.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

FIRST: dict[str, datetime] = {}
REVIEWS: dict[int, str] = {}
MAILS: list[tuple[str, str]] = []


class File(TypedDict):
    """A file, and what is noted beside it."""

    id: int
    name: str
    link: str
    review_comments: str


class Done(TypedDict):
    """Something was written."""

    done: bool


class NoSuchFile(Exception):
    """There is no such file."""


class FileLocked(Exception):
    """Somebody has the file open."""


def get_file(file_id: int) -> File:
    """A file with what is noted beside it."""
    if file_id == 404:
        raise NoSuchFile(f"there is no file {file_id}")
    name = f"plan{file_id}.docx"
    link = f"https://files.example.com/{name}"
    return {"id": file_id, "name": name, "link": link, "review_comments": REVIEWS.get(file_id, "")}


def assign_reviewers(file_id: int, reviewers: list[str], at: str) -> Done:
    """Notes who reviews a file."""
    _write(f"{file_id}/reviewers", file_id, at)
    return {"done": bool(reviewers)}


def note_review(file_id: int, status: str, comments: str, at: str) -> Done:
    """Notes how a review ended."""
    _write(f"{file_id}/review", file_id, at)
    REVIEWS[file_id] = f"{status}: {comments}"
    return {"done": True}


def send_mail(to: str, subject: str, body: str) -> None:
    """Sends an e-mail."""
    MAILS.append((to, f"{subject}: {body}"))


def _write(what: str, file_id: int, at: str) -> None:
    now = datetime.fromisoformat(at)
    opened = FIRST.setdefault(what, now)
    if (now - opened).total_seconds() < file_id * 60:
        raise FileLocked("somebody has it open")
