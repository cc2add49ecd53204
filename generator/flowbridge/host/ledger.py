"""All instances of an app, their messages, and what the next transaction writes of them.

The engine asks it to run the episodes of instances that have messages; an episode's outcome is applied here: history,
activities to start, timers, messages to parents and children, a new execution. Nothing of it counts before the batch
is committed. Only the engine's thread touches a ledger.
"""

import json
import logging
import time
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from . import episode, history, strict
from .activities import Finished, Work
from .answer import Fault
from .clock import Clock
from .dtfx import ContinueAsNew, Scheduled
from .episode import Execution, Outcome, Stage
from .history import Event, dump, storable
from .hostjson import version_fits
from .instances import ENDED, Instance, Instances, Message
from .store import Record, Store, Writes
from .timers import Timer, Timers

log = logging.getLogger("flowbridge.host")
SLOW_EPISODE = 10.0
STATUS_LAG = 0.1  # for so many real seconds a lenient host still accepts events for an ended instance, as Azure does
SURVIVES_AGAIN = frozenset({history.EVENT_RAISED, history.EXECUTION_SUSPENDED, history.EXECUTION_TERMINATED})


@dataclass
class Batch:
    """What happens next: rows to write, then activities to start and ends to tell of."""

    writes: Writes = field(default_factory=Writes)
    starting: list[Work] = field(default_factory=list[Work])
    ended: list[str] = field(default_factory=list[str])


class Ledger:
    """The instances of one host."""

    def __init__(self, stage: Stage, store: Store, clock: Clock) -> None:
        self.stage = stage
        self.clock = clock
        self.instances = Instances(store.record)
        self.timers = Timers()
        self.batch = Batch()
        self.ready: deque[Instance] = deque()
        self._store = store
        self._row = 0
        self._just_ended: deque[tuple[float, str]] = deque(maxlen=1000)

    def load(self) -> None:
        """Take up every message, activity and timer that was not settled."""
        activities, timers, messages = (self._store.outstanding(t) for t in ("activities", "timers", "inbox"))
        self._row = max((rows[-1][0] for rows in (activities, timers, messages) if rows), default=0)
        self.batch.starting = [Work(*row) for row in activities]
        for row, name, execution, task, fire_at, cancelled in timers:
            self.timers.arm(Timer(row, name, execution, task, fire_at, bool(cancelled)))
        for row, name, execution, text in messages:
            self._deliver(name, execution, json.loads(text), lambda row=row: self._drop_message(row))

    def take_batch(self) -> Batch:
        """What has gathered, to be committed; a new batch begins."""
        taken, self.batch = self.batch, Batch()
        return taken

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

    # ---- messages
    def post(self, name: str, execution: str | None, event: Event) -> None:
        """Store a message and let its instance run; `execution` None means whichever is current."""
        row = self._next_row()
        self.batch.writes.inbox[row] = (row, name, execution, json.dumps(event))
        self._deliver(name, execution, event, lambda: self._drop_message(row))

    def settle(self, end: Finished) -> None:
        """An activity is over: its end becomes a message, and its row goes with the episode that sees it."""
        work, now = end.work, self.clock.now()
        if end.reason is None:
            event = history.succeeded(history.TASK_COMPLETED, now, work.task, end.result)
        else:
            profile = self.stage.options.profile
            event = history.failed(history.TASK_FAILED, now, work.task, end.reason, end.details, profile)
        gone = lambda: self.batch.writes.activities_gone.append(work.row)  # noqa: E731
        self._deliver(work.instance, work.execution, event, gone)

    def fire(self, now: int) -> None:
        """Timers that are due become messages."""
        for timer in self.timers.take_due(now):
            event = history.timer_fired(now, timer.task, timer.fire_at)
            self._deliver(timer.instance, timer.execution, event, lambda row=timer.row: self._drop_timer(row))

    def _deliver(self, name: str, execution: str | None, event: Event, settle: Callable[[], None]) -> None:
        instance = self.instances.get(name)
        if instance is None or instance.ended or execution not in (None, instance.record.execution):
            settle()
            return
        instance.inbox.append(Message(event, settle))
        if not instance.ready:
            instance.ready = True
            self.ready.append(instance)

    def _next_row(self) -> int:
        self._row += 1
        return self._row

    def _drop_message(self, row: int) -> None:
        if self.batch.writes.inbox.pop(row, None) is None:
            self.batch.writes.inbox_gone.append(row)

    def _drop_timer(self, row: int) -> None:
        if self.batch.writes.timers.pop(row, None) is None:
            self.batch.writes.timers_gone.append(row)

    # ---- episodes
    def run_next(self) -> None:
        """Run one episode of the instance that has been ready for longest."""
        instance = self.ready.popleft()
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

    def past(self, instance: Instance) -> list[Event]:
        """The history so far, committed or not."""
        stored = [] if instance.fresh else self._store.past(instance.record.id)
        return [*stored, *instance.unsaved]

    def _may_start(self, instance: Instance) -> bool:
        """Whether this host runs the instance's version; where not, it stays pending, or fails with the reason."""
        record, settings = instance.record, self.stage.app.settings
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
        record, writes = instance.record, self.batch.writes
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
        record, writes = instance.record, self.batch.writes
        match item.kind:
            case "activity":
                columns = (
                    self._next_row(), record.id, record.execution, item.task, item.name, item.raw_input,
                )  # fmt: skip
                writes.activities.append(columns)
                self.batch.starting.append(Work(*columns))
            case "timer":
                row = self._next_row()
                writes.timers[row] = (row, record.id, record.execution, item.task, item.fire_at, 0)
                self.timers.arm(Timer(row, record.id, record.execution, item.task, item.fire_at))
            case "child":
                self._start_child(record, item, now)

    def _cancel_timer(self, name: str, task: int) -> None:
        row, writes = self.timers.cancel(name, task), self.batch.writes
        if row is None:
            return
        if row in writes.timers:
            writes.timers[row] = (*writes.timers[row][:5], 1)
        else:
            writes.timers_cancelled.append(row)

    # ---- beginnings and ends
    def create(
        self, name: str, function: str, raw: str | None, version: str | None, now: int, parent: Event | None = None
    ) -> None:
        """A new instance, in place of an ended one; its first message is posted."""
        execution, name, function = uuid.uuid4().hex, storable(name), storable(function)
        version = None if version is None else storable(version)
        if self.instances.get(name) is not None:
            self._reset(name)
        link = dump(parent) if parent else None
        record = Record(name, function, version, execution, link, "Pending", raw, None, None, now, now, 0)
        self.instances.put(record)
        self.batch.writes.records[name] = record
        started = history.execution_started(now, name, execution, function, raw, version, parent)
        self.post(name, execution, started)

    def _start_child(self, parent: Record, item: Scheduled, now: int) -> None:
        name = item.instance or ""
        taken = self.instances.get(name)
        if taken is not None and not taken.ended:
            if self.stage.fatal:
                text = f"the instance id '{name}' of the sub-orchestration is in use"
                self.post(parent.id, parent.execution, history.failed(history.CHILD_FAILED, now, item.task, text, None))
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
            self.post(record.id, record.execution, event)
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
        self.batch.ended.append(record.id)
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
        self.post(to["InstanceId"], to["ExecutionId"], event)

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
        self.batch.writes.records.pop(name, None)
        self.batch.writes.forget.append(name)
        self.instances.drop(name)

    def rewrite(self, instance: Instance, events: list[Event]) -> None:
        """Put another history in the place of an ended instance's own, and let it run again."""
        record = instance.record
        self._reset(record.id)
        self.batch.writes.chunks.append((record.id, record.episodes, json.dumps(events)))
        self.batch.writes.records[record.id] = record
        instance.fresh, instance.unsaved, instance.live = True, events, None
        record.status, record.output, record.updated = "Running", None, self.clock.now()
        record.episodes += 1

    def _reset(self, name: str) -> None:
        writes = self.batch.writes
        writes.reset.append(name)
        writes.chunks = [chunk for chunk in writes.chunks if chunk[0] != name]
        self._disarm(name)

    def _disarm(self, name: str) -> None:
        for row in self.timers.disarm(name):
            self._drop_timer(row)

    def _clear_inbox(self, instance: Instance) -> None:
        for message in instance.inbox:
            message.settle()
        instance.inbox = []
