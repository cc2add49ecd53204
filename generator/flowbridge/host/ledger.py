"""All instances of an app: their episodes, and what comes of them.

The engine asks it to run the episodes of instances that have mail; an episode's outcome is applied here: history,
activities to start, timers, messages to parents and children, a new execution. Nothing of it counts before the batch
is committed. Only the engine's thread touches a ledger.
"""

import json
import logging
import time
import uuid
from collections import deque
from collections.abc import Iterable
from itertools import chain

from . import episode, history, strict
from .activities import Work
from .answer import Fault
from .clock import Clock, parse_stamp
from .dtfx import ContinueAsNew, Scheduled
from .episode import Execution, Outcome, Stage
from .history import Event, dump, storable
from .hostjson import version_fits
from .instances import ENDED, Instance, Instances
from .mail import START, Batch, Mail
from .store import Record, Store
from .timers import Timer

log = logging.getLogger("flowbridge.host")
SLOW_EPISODE = 10.0
STATUS_LAG = 0.25  # for so many real seconds a lenient host still accepts events for an ended instance, as Azure does
SURVIVES_AGAIN = frozenset({history.EVENT_RAISED, history.EXECUTION_SUSPENDED, history.EXECUTION_TERMINATED})


class Ledger:
    """The instances of one host."""

    def __init__(self, stage: Stage, store: Store, clock: Clock) -> None:
        self.stage = stage
        self.clock = clock
        self.instances = Instances(store.record)
        self.mail = Mail(self.instances, clock, stage.options.profile)
        self._store = store
        self._just_ended: deque[tuple[float, str]] = deque(maxlen=1000)

    def committed(self, batch: Batch) -> None:
        """The batch is on disk: let go of what need not stay in memory."""
        for name in batch.writes.records:
            instance = self.instances.get(name)
            if instance is not None:
                instance.unsaved, instance.fresh = [], False
        for name in batch.ended:
            instance = self.instances.get(name)
            if instance is not None and instance.ended and not instance.ready:
                self.instances.drop(name)
        self.instances.trim()

    # ---- episodes
    def run_next(self) -> None:
        """Run one episode of the instance that has been ready for longest."""
        instance = self.mail.ready.popleft()
        instance.ready = False
        if instance.ended or not instance.inbox:
            self._clear_inbox(instance)
            return
        record, messages = instance.record, instance.inbox
        if record.episodes == 0 and not self._may_start(instance):
            return
        instance.inbox = []
        now, began = self.clock.now(), time.monotonic()
        at = Execution(
            record.name,
            record.execution,
            record.episodes,
            instance.live,
            [message.event for message in messages],
            lambda: self.past(instance),
            frozenset(json.loads(record.dropped)) if record.dropped else frozenset(),
        )
        try:
            outcome = episode.run(self.stage, at, now)
        except Exception as error:
            log.exception("an episode of %s broke", record.id)
            text = storable(f"the host could not run this episode: {error!r}")
            outcome = Outcome([history.execution_completed(now, 0, "Failed", text)], status="Failed", result=text)
        if time.monotonic() - began > SLOW_EPISODE:
            log.warning("an episode of '%s' took over %.0f s; orchestrators must not block", record.name, SLOW_EPISODE)
        for message in messages:
            message.settle()
        self._apply(instance, outcome, now)

    def past(self, instance: Instance) -> Iterable[Event]:
        """The history so far, committed or not, as a stream."""
        return chain(() if instance.fresh else self._store.past(instance.record.id), instance.unsaved)

    def _may_start(self, instance: Instance) -> bool:
        """Whether its time has come and this host runs its version; else it stays pending, or fails with the reason."""
        record, settings = instance.record, self.stage.app.settings
        scheduled = instance.inbox[0].event.get("ScheduledStartTime")
        if scheduled is not None and parse_stamp(scheduled) > self.clock.now():
            self.mail.timers.arm(
                Timer(self.mail.next_row(), record.id, record.execution, START, parse_stamp(scheduled))
            )
            return False
        if version_fits(settings, record.version):
            return True
        text = f"version {record.version or '(none)'} does not fit this host's {settings.default_version or '(none)'}"
        if settings.version_failure == "Fail":
            self.end_without_episode(instance, "Failed", f"VersionMismatch: {text}")
        elif self.stage.fatal:
            self.end_without_episode(instance, "Failed", strict.explain(Fault("S25", text)))
        return False

    def end_without_episode(self, instance: Instance, status: str, result: str) -> None:
        """End an instance that never ran."""
        now = self.clock.now()
        started = [message.event for message in instance.inbox]
        self._clear_inbox(instance)
        events = [*started, history.execution_completed(now, 0, status, result)]
        self._apply(instance, Outcome(events, status=status, result=result), now)

    def _apply(self, instance: Instance, outcome: Outcome, now: int) -> None:
        record, writes = instance.record, self.mail.batch.writes
        instance.live = outcome.live
        self.instances.keep_alive(instance)
        record.updated, record.custom = now, outcome.custom
        if outcome.status != "Suspended" or outcome.result is not None:
            record.output = outcome.result
        record.status = outcome.status
        for item in outcome.scheduled:
            self._schedule(instance, item, now)
        for task in outcome.cancelled:
            self._cancel_timer(record.id, task)
        writes.records[record.id] = record
        if outcome.again is not None:
            record.dropped = json.dumps(sorted(outcome.dropped)) if outcome.dropped else None
            self._start_again(instance, outcome.again, now)
            return
        writes.chunks.append((record.id, record.episodes, json.dumps(outcome.events)))
        instance.unsaved.extend(outcome.events)
        record.episodes += 1
        if outcome.status in ENDED:
            self._end(instance, now)

    def _schedule(self, instance: Instance, item: Scheduled, now: int) -> None:
        record, writes = instance.record, self.mail.batch.writes
        match item.kind:
            case "activity":
                columns = (
                    self.mail.next_row(), record.id, record.execution, item.task, item.name, item.raw_input,
                )  # fmt: skip
                writes.activities.append(columns)
                self.mail.batch.starting.append(Work(*columns))
            case "timer":
                row = self.mail.next_row()
                writes.timers[row] = (row, record.id, record.execution, item.task, item.fire_at, 0)
                self.mail.timers.arm(Timer(row, record.id, record.execution, item.task, item.fire_at))
            case "child":
                self._start_child(record, item, now)

    def _cancel_timer(self, name: str, task: int) -> None:
        row, writes = self.mail.timers.cancel(name, task), self.mail.batch.writes
        if row is None:
            return
        if row in writes.timers:
            writes.timers[row] = (*writes.timers[row][:5], 1)
        else:
            writes.timers_cancelled.append(row)

    # ---- beginnings and ends
    def create(
        self,
        name: str,
        function: str,
        raw: str | None,
        version: str | None,
        now: int,
        parent: Event | None = None,
        scheduled: int | None = None,
    ) -> None:
        """A new instance, in place of an ended one; its first message is posted."""
        execution, name, function = uuid.uuid4().hex, storable(name), storable(function)
        version = None if version is None else storable(version)
        if self.instances.get(name) is not None:
            self._reset(name)
        link = dump(parent) if parent else None
        record = Record(name, function, version, execution, link, "Pending", raw, None, None, now, now, 0)
        self.instances.put(record)
        self.mail.batch.writes.records[name] = record
        started = history.execution_started(now, name, execution, function, raw, version, parent, scheduled=scheduled)
        self.mail.post(name, execution, started)

    def _start_child(self, parent: Record, item: Scheduled, now: int) -> None:
        name = item.instance or ""
        taken = self.instances.get(name)
        if taken is not None and not taken.ended:
            if self.stage.fatal:
                text = f"the instance id '{name}' of the sub-orchestration is in use"
                self.mail.post(
                    parent.id, parent.execution, history.failed(history.CHILD_FAILED, now, item.task, text, None)
                )
            return
        link = {
            "Name": parent.name,
            "OrchestrationInstance": {"InstanceId": parent.id, "ExecutionId": parent.execution},
            "TaskScheduleId": item.task,
            "Version": None,
        }
        self.create(name, item.name, item.raw_input, item.version, now, link)

    def _start_again(self, instance: Instance, again: ContinueAsNew, now: int) -> None:
        """Continue as new: an empty history, the same instance and parent."""
        record, left = instance.record, instance.inbox
        self._reset(record.id)
        instance.inbox = []
        instance.fresh, instance.live, instance.unsaved = True, None, []
        record.execution, record.episodes, record.input = uuid.uuid4().hex, 0, again.raw_input
        started = history.execution_started(
            now, record.id, record.execution, record.name, again.raw_input, record.version, instance.parent(), None
        )
        for event in (started, *again.carried):
            self.mail.post(record.id, record.execution, event)
        for message in left:
            if message.event["EventType"] in SURVIVES_AGAIN:
                instance.inbox.append(message)
            else:
                message.settle()

    def _end(self, instance: Instance, now: int) -> None:
        record = instance.record
        self._disarm(record.id)
        self._clear_inbox(instance)
        instance.live = None
        self.mail.batch.ended.append(record.id)
        self._just_ended.append((time.monotonic() + STATUS_LAG, record.id))
        parent = instance.parent()
        if parent is None:
            return
        task, to = parent["TaskScheduleId"], parent["OrchestrationInstance"]
        if record.status == "Completed":
            event = history.succeeded(history.CHILD_COMPLETED, now, task, record.output)
        else:
            details = f"Message: {record.output}, StackTrace: "
            profile = self.stage.options.profile
            event = history.failed(history.CHILD_FAILED, now, task, record.output or "", details, profile)
        self.mail.post(to["InstanceId"], to["ExecutionId"], event)

    def just_ended(self, name: str) -> bool:
        """Whether the instance ended so lately that Azure's own status would not show it yet."""
        now = time.monotonic()
        return any(until > now and name == ended for until, ended in reversed(self._just_ended))

    def abandon(self, instance: Instance) -> None:
        """Let go of a running instance whose id is taken over."""
        instance.record.status = "Terminated"
        self._disarm(instance.record.id)

    def forget(self, instance: Instance) -> None:
        """Remove every trace of an ended instance."""
        name = instance.record.id
        self._disarm(name)
        self.mail.batch.writes.records.pop(name, None)
        self.mail.batch.writes.forget.append(name)
        self.instances.drop(name)

    def rewrite(self, instance: Instance, events: list[Event]) -> None:
        """Put another history in the place of an ended instance's own, and let it run again."""
        record = instance.record
        self._reset(record.id)
        self.mail.batch.writes.chunks.append((record.id, record.episodes, json.dumps(events)))
        self.mail.batch.writes.records[record.id] = record
        instance.fresh, instance.unsaved, instance.live = True, events, None
        record.status, record.output, record.updated = "Running", None, self.clock.now()
        record.episodes += 1

    def _reset(self, name: str) -> None:
        writes = self.mail.batch.writes
        writes.reset.append(name)
        writes.chunks = [chunk for chunk in writes.chunks if chunk[0] != name]
        self._disarm(name)

    def _disarm(self, name: str) -> None:
        for row in self.mail.timers.disarm(name):
            self.mail.drop_timer(row)

    def _clear_inbox(self, instance: Instance) -> None:
        for message in instance.inbox:
            message.settle()
        instance.inbox = []
