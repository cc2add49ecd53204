"""What every operation needs: the workflow it is for, and its instances as the engine shows them."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from .errors import ErrorShown
from .http import RefusedError
from .progress import BoardValue, Waiting
from .sdk import Client, Status
from .validation import Schema
from .values import BranchOutput, FormField

_ENVELOPE = BranchOutput.__required_keys__
ENDED = frozenset({"Completed", "Failed", "Terminated", "Canceled"})
MOMENT_SECONDS = 3.0
INSTANCE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}")


@dataclass(frozen=True)
class Workflow:
    """One workflow of the app: its orchestrator's name, and the schemas of its input, its Start body and its answers.

    `answers` has the body of RaiseApproval for each approval's id, `forms` what an approver fills in; `start` is the
    input with `instanceId` beside it.
    One that `announces` has subscribers; `callback_hosts` may be called back, beside those of `callback.py`.
    """

    name: str
    orchestrator: str
    input: Schema = field(repr=False)
    start: Schema = field(repr=False)
    answers: dict[str, Schema] = field(repr=False)
    events: dict[str, Schema] = field(default_factory=dict[str, Schema], repr=False)
    forms: dict[str, list[FormField]] = field(default_factory=dict[str, list[FormField]], repr=False)
    announces: bool = False
    callback_hosts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Instance:
    """An instance as it is now; `input` is what the Start operation handed over, `board` what the run shows."""

    id: str
    status: str
    input: dict[str, object]
    board: BoardValue
    output: object
    created: datetime | None
    updated: datetime | None

    @property
    def ended(self) -> bool:
        """True once nothing more can happen to it."""
        return self.status in ENDED

    @property
    def waiting(self) -> dict[str, Waiting]:
        """The approvals that it asks for now, by their ids."""
        return {} if self.ended else self.board.get("waiting", {})

    @property
    def children(self) -> list[str]:
        """The ids of the children that it has shown."""
        groups = self.board.get("children", [])
        return [f"{one['prefix']}:{number}" for one in groups for number in range(one["count"])]

    @property
    def running_children(self) -> list[str]:
        """The ids of the children that may be at work: a run waits for one group before it starts the next."""
        groups = self.board.get("children", [])
        return [f"{groups[-1]['prefix']}:{number}" for number in range(groups[-1]["count"])] if groups else []

    @property
    def error(self) -> ErrorShown | None:
        """Why it ended without an output, or None."""
        if self.status in ("Terminated", "Canceled"):
            why = self.output if isinstance(self.output, str) else ""
            return {"code": "Terminated", "message": why, "step": None}
        if self.status != "Failed":
            return None
        # The run shows its own errors; without one, the engine or a bug ended it, and there is only text.
        text = self.output if isinstance(self.output, str) else json.dumps(self.output)
        return self.board.get("error") or {"code": "InternalError", "message": text[:1_000], "step": None}


async def find(client: Client, instance_id: str) -> Instance | None:
    """The instance of that id, of whatever orchestrator, or None."""
    status = await client.get_status(instance_id)
    return read(instance_id, status) if status and status.name else None


async def settled(client: Client, instance_id: str) -> Instance | None:
    """The instance once it has ended, or as it is after a moment; None if there is none."""
    deadline = time.monotonic() + MOMENT_SECONDS
    while True:
        instance = await find(client, instance_id)
        if instance is None or instance.ended or time.monotonic() > deadline:
            return instance
        await asyncio.sleep(0.05)


async def find_run(workflow: Workflow, client: Client, instance_id: str) -> Instance:
    """The workflow's instance of that id; RefusedError 404 if there is none, or if it is not this workflow's."""
    if INSTANCE_ID.fullmatch(instance_id):
        status = await client.get_status(instance_id)
        if status and status.name and status.name.lower() == workflow.orchestrator.lower():
            return read(instance_id, status)
    raise RefusedError(404, "UnknownInstance", f"There is no instance {instance_id!r} of {workflow.name}.")


async def parts(client: Client, instance: Instance) -> list[Instance]:
    """The instance and the parts of it that run, or ran last, as children, at any depth."""
    found = [instance]
    groups = instance.board.get("children", [])
    if instance.ended or not groups or not groups[-1]["asks"]:
        return found
    for child in await asyncio.gather(*(find(client, one) for one in instance.running_children)):
        if child is not None:
            found += await parts(client, child)
    return found


async def hand_over(client: Client, instance_id: str, event: str, payload: object) -> None:
    """Raises an event; where the engine refuses, what the instance shows afterwards tells what happened."""
    try:
        await client.raise_event(instance_id, event, payload)
    except Exception as failure:
        # In the moment of an instance's end the engine may answer with an error of any kind.
        logging.getLogger(__name__).warning("raising %s for %s: %s", event, instance_id, failure)


def read(instance_id: str, status: Status) -> Instance:
    """An instance as the engine's answer tells it."""
    shown: object = status.output
    runtime_status = str(getattr(status.runtime_status, "value", status.runtime_status))
    runtime_status, output = _unwrapped(runtime_status, shown)
    return Instance(
        id=instance_id,
        status=runtime_status,
        input=_object(status.input_),
        board=cast(BoardValue, {"step": "", **_object(status.custom_status)}),
        output=output,
        created=status.created_time,
        updated=status.last_updated_time,
    )


def _unwrapped(runtime_status: str, output: object) -> tuple[str, object]:
    """Status and output of an instance; a workflow that another one runs ends with an envelope, also when it fails."""
    if not isinstance(output, dict) or cast(dict[str, object], output).keys() != _ENVELOPE:
        return runtime_status, cast(object, output)
    envelope = cast(BranchOutput, output)
    return (runtime_status, envelope["value"]) if envelope["ok"] else ("Failed", envelope["error"])


def _object(value: object) -> dict[str, object]:
    """An object that may have been put into JSON text once or twice on its way; an empty one for anything else."""
    for _ in range(2):
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                return {}
    return cast(dict[str, object], value) if isinstance(value, dict) else {}
