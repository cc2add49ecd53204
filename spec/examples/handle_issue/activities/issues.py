"""Issues and the messages about them, in memory. The repository "gone" does not exist."""

from __future__ import annotations

from typing import TypedDict

MESSAGES: list[str] = []
CLOSED: set[str] = set()


class Author(TypedDict):
    """Who wrote an issue."""

    name: str
    team: str


class Issue(TypedDict):
    """An issue, and where it is."""

    organization: str
    repository: str
    number: int
    title: str
    author: Author


class NoSuchRepository(Exception):
    """There is no such repository."""


def notify(issue: Issue, team: str, status: str, assign_to: str | None = None, exclude: str | None = None) -> None:
    """Tells a team, or one of it, or all of it but one."""
    if issue["repository"] == "gone":
        raise NoSuchRepository(f"there is no repository {issue['repository']}")
    people = assign_to or (team if exclude is None else f"{team} without {exclude}")
    MESSAGES.append(f"#{issue['number']} is {status}: {people}")


def close_issue(organization: str, repository: str, number: int) -> None:
    """Closes an issue."""
    CLOSED.add(f"{organization}/{repository}#{number}")
