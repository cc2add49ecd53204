"""A service with jobs, of which the name of the data set tells how many minutes they take: `sales-3`, or `bad-3`."""

from __future__ import annotations

from datetime import datetime
from typing import NotRequired, TypedDict

BEGUN: dict[str, datetime] = {}


class Job(TypedDict):
    """A job that was handed over."""

    job_id: str


class State(TypedDict):
    """How far a job is."""

    state: str
    rows: NotRequired[int]
    artifact: NotRequired[str]
    error: NotRequired[str]


class ServiceUnknown(Exception):
    """There is no such service."""


def submit(service: str, dataset: str, at: str) -> Job:
    """Hands over a job."""
    _known(service)
    BEGUN[f"job-{dataset}"] = datetime.fromisoformat(at)
    return {"job_id": f"job-{dataset}"}


def look(service: str, job_id: str, at: str) -> State:
    """Tells how far a job is."""
    _known(service)
    name, _, minutes = job_id.removeprefix("job-").partition("-")
    elapsed = datetime.fromisoformat(at) - BEGUN[job_id]
    if elapsed.total_seconds() < int(minutes) * 60:
        return {"state": "Running"}
    if name == "bad":
        return {"state": "Failed", "error": "the data set cannot be read"}
    return {"state": "Succeeded", "rows": len(name) * 100, "artifact": f"{service}/artifacts/{name}"}


def _known(service: str) -> None:
    if not service.startswith("https://"):
        raise ServiceUnknown(f"there is no service at {service}")
