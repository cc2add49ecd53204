"""What the world may ask of an instance: start, raise, terminate, suspend, resume, rewind, restart, purge.

Each runs on the engine's thread through `Engine.call`, and its caller hears of it once it is stored.
"""

import uuid
from dataclasses import dataclass

from . import history
from .history import Event
from .instances import ENDED, Instance
from .ledger import Ledger


@dataclass(frozen=True)
class RefusedError(Exception):
    """A command that cannot be carried out: an HTTP status and the text that goes with it."""

    status: int
    text: str = ""
    kind: str = ""


class Commands:
    """The commands on one ledger; every method is to be called on the engine's thread."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def start(
        self, function: str, name: str | None, raw: str | None, version: str | None, scheduled: int | None = None
    ) -> str:
        """Start an instance, now or at `scheduled`, and give its id. Refused with 409 while one of it is at work."""
        ledger, settings = self._ledger, self._ledger.stage.app.settings
        name = name or uuid.uuid4().hex
        taken = ledger.instances.get(name)
        if taken is not None and not taken.ended:
            if settings.overridable != "AnyState":
                text = f"An Orchestration instance with the status {taken.record.status} already exists."
                raise RefusedError(409, text)
            ledger.abandon(taken)
        ledger.create(name, function, raw, version or settings.default_version, ledger.clock.now(), None, scheduled)
        return name

    def raise_event(self, name: str, event: str, raw: str) -> None:
        """Give an event to an instance. Refused with 404 or 410."""
        ledger = self._ledger
        if not ledger.stage.fatal and ledger.just_ended(name):
            return
        instance = self._running(name)
        ledger.mail.post(instance.record.id, None, history.event_raised(ledger.clock.now(), event, raw))

    def terminate(self, name: str, reason: str) -> None:
        """End an instance with the reason as its output. Refused with 404 or 410."""
        instance = self._running(name)
        if instance.record.episodes == 0 and not instance.ready:
            self._ledger.end_without_episode(instance, "Terminated", reason)
            return
        event = history.event(history.EXECUTION_TERMINATED, self._ledger.clock.now(), Input=reason)
        self._ledger.mail.post(name, None, event)

    def suspend(self, name: str, reason: str) -> None:
        """Hold an instance. Refused with 404, 410, or 500 where it is held already."""
        self._hold(name, reason, history.EXECUTION_SUSPENDED)

    def resume(self, name: str, reason: str) -> None:
        """Let a held instance go on. Refused with 404, 410, or 500 where it is not held."""
        self._hold(name, reason, history.EXECUTION_RESUMED)

    def _hold(self, name: str, reason: str, kind: int) -> None:
        instance = self._running(name)
        held = instance.record.status == "Suspended"
        if held == (kind == history.EXECUTION_SUSPENDED):
            verb = "suspend" if held else "resume"
            state = instance.record.status
            text = f"Cannot {verb} the orchestration instance {name} because instance is in the {state} state."
            raise RefusedError(500, text, "System.InvalidOperationException")
        self._ledger.mail.post(name, None, history.event(kind, self._ledger.clock.now(), Reason=reason))

    def restart(self, name: str, new_id: bool) -> str:
        """Start the same function with the same input again. Refused with 400 or 409."""
        ledger = self._ledger
        instance = ledger.instances.get(name)
        if instance is None:
            text = f"No instance with ID '{name}' was found. (Parameter 'instanceId')"
            raise RefusedError(400, text, "System.ArgumentException")
        record = instance.record
        return self.start(record.name, None if new_id else name, record.input, record.version)

    def purge(self, name: str) -> None:
        """Forget an ended instance. Refused with 404 or 412."""
        instance = self._found(name)
        if not instance.ended:
            raise RefusedError(
                412,
                "Only orchestrations in a terminal state can be purged, but the orchestration with instance ID "
                f"{name} has status {instance.record.status}",
            )
        self._ledger.forget(instance)

    def purge_all(self, names: list[str]) -> int:
        """Forget those of them that have ended, and say how many that were."""
        found = [i for i in (self._ledger.instances.get(name) for name in names) if i is not None and i.ended]
        for instance in found:
            self._ledger.forget(instance)
        return len(found)

    def rewind(self, name: str, reason: str) -> None:
        """Take back the failures of a failed instance, its children's too. Refused with 404 or 412."""
        instance = self._ledger.instances.get(name)
        if instance is None:
            raise RefusedError(404, f'No orchestration with instance ID "${name}" found.')
        status = instance.record.status
        if status != "Failed":
            text = (
                f'This orchestration has status {status}, but only orchestrations in the "Failed" state can be rewound.'
            )
            raise RefusedError(412, text)
        self._rewind(instance, reason)

    def _rewind(self, instance: Instance, reason: str) -> None:
        ledger = self._ledger
        past = list(ledger.past(instance))
        children: list[str] = []
        ledger.rewrite(instance, rewound(past, children))
        now = ledger.clock.now()
        ledger.mail.post(instance.record.id, None, history.event(history.GENERIC, now, Data=f"Rewound: {reason}"))
        for child in children:
            found = ledger.instances.get(child)
            if found is not None and found.record.status == "Failed":
                self._rewind(found, reason)

    def _found(self, name: str) -> Instance:
        instance = self._ledger.instances.get(name)
        if instance is None:
            raise RefusedError(404)
        return instance

    def _running(self, name: str) -> Instance:
        instance = self._found(name)
        if instance.record.status in ENDED:
            raise RefusedError(410)
        return instance


def rewound(past: list[Event], children: list[str]) -> list[Event]:
    """History without its failures: what failed counts as never scheduled, and failed children are named."""
    failed_tasks = {e["TaskScheduledId"] for e in past if e["EventType"] == history.TASK_FAILED}
    failed_children = {e["TaskScheduledId"] for e in past if e["EventType"] == history.CHILD_FAILED}
    taken_back = {history.TASK_FAILED, history.CHILD_FAILED, history.EXECUTION_COMPLETED}
    kept: list[Event] = []
    for item in past:
        kind = item["EventType"]
        if kind in taken_back or (kind == history.TASK_SCHEDULED and item["EventId"] in failed_tasks):
            data = f"Rewound: {history.NAMES[kind]}"
            generic = {"EventType": history.GENERIC, "Data": data, "EventId": -1, "IsPlayed": True}
            kept.append({**generic, "Timestamp": item["Timestamp"]})
            continue
        if kind == history.CHILD_CREATED and item["EventId"] in failed_children:
            children.append(item["InstanceId"])
        kept.append(item)
    return kept
