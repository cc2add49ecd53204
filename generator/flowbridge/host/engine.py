"""The work loop: one thread that gathers what is ready, runs episodes, commits, and only then lets the world know.

A turn: commands from outside are applied and committed, and their callers answered; ends of activities and due timers
become messages; instances with messages run episodes for a short while; all of it is committed in one transaction; then
activities start and waiters are told. With nothing to do the thread sleeps in one queue read until the next timer.
"""

import contextlib
import heapq
import json
import logging
import queue
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass
from typing import Any

from . import episode, history, strict
from .activities import Finished, Work
from .answer import Fault
from .clock import MICROS, Clock
from .dtfx import ContinueAsNew, Scheduled
from .episode import Execution, Outcome, Stage
from .errors import HostError
from .history import Event, dump, storable
from .hostjson import version_fits
from .instances import ENDED, Instance, Instances, Message
from .store import Record, Store, Writes

log = logging.getLogger("flowbridge.host")
TURN_SECONDS = 0.03
SLOW_EPISODE = 10.0
LONGEST_SLEEP = 86_400.0
STATUS_LAG = 0.1  # for so many real seconds a lenient host still accepts events for an ended instance, as Azure does


@dataclass(slots=True)
class Timer:
    """An armed timer."""

    row: int
    instance: str
    execution: str
    task: int
    fire_at: int
    cancelled: bool = False


class Engine:
    """All instances of one app. `submit` starts activities; `on_failure` is told when the store fails."""

    def __init__(self, stage: Stage, store: Store, clock: Clock) -> None:
        self.stage = stage
        self.store = store
        self.clock = clock
        self.instances = Instances(store.record)
        self.writes = Writes()
        self.submit: Callable[[list[Work]], None] = lambda _: None
        self.on_failure: Callable[[HostError], None] = lambda _: None
        self.requests = 0
        self.failed: HostError | None = None
        self._queue: queue.SimpleQueue[Finished | Callable[[], None] | None] = queue.SimpleQueue()
        self._ready: deque[Instance] = deque()
        self._just_ended: deque[tuple[float, str]] = deque(maxlen=1000)
        self._timers: dict[int, Timer] = {}
        self._armed: dict[str, dict[int, int]] = {}
        self._heap: list[tuple[int, int]] = []
        self._at_work: dict[int, Work] = {}
        self._starting: list[Work] = []
        self._row = 0
        self._acks: list[tuple[Future[Any], Any, Exception | None]] = []
        self._waiters: dict[str, list[Future[None]]] = {}
        self._ended: list[str] = []
        self._target: tuple[int, Future[None]] | None = None
        self._quiet_since = time.monotonic()
        self._thread = threading.Thread(target=self._main, name="engine", daemon=True)

    # ---- from any thread
    def start(self) -> None:
        """Take up what was left, and begin."""
        self._load()
        self.clock.on_sleep = self.poke
        self._thread.start()

    def stop(self) -> None:
        """End after the turn at hand."""
        self._queue.put(None)
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def finished(self, end: Finished) -> None:
        """An activity is over."""
        self._queue.put(end)

    def poke(self) -> None:
        """Something that is no message has changed."""
        self._queue.put(_nothing)

    def call(self, command: Callable[[], Any]) -> Future[Any]:
        """Run `command` on the engine's thread; its result is there once its effects are committed."""
        future: Future[Any] = Future()
        if self.failed is not None:
            future.set_exception(self.failed)
            return future

        def run() -> None:
            try:
                self._acks.append((future, command(), None))
            except Exception as error:
                self._acks.append((future, None, error))

        self._queue.put(run)
        return future

    def wait(self, instance: str) -> Future[None]:
        """A future that is done when the instance has ended, or is not there."""
        future: Future[None] = Future()

        def run() -> None:
            found = self.instances.get(instance)
            if found is None or (found.ended and not found.ready):
                self._acks.append((future, None, None))
            else:
                waiting = [f for f in self._waiters.get(instance, ()) if not f.cancelled()]
                self._waiters[instance] = [*waiting, future]

        self._queue.put(run)
        return future

    def advance(self, seconds: float) -> Future[None]:
        """Move the clock ahead through every timer on the way, each when nothing else can run."""
        future: Future[None] = Future()

        def run() -> None:
            self._target = (self.clock.now() + int(seconds * MICROS), future)

        self._queue.put(run)
        return future

    # ---- the loop
    def _main(self) -> None:
        try:
            while self._turn():
                pass
        except HostError as error:
            self._fail(error)
        except Exception as error:
            log.exception("the engine broke")
            self._fail(HostError("H08", f"the engine broke: {error!r}", "report this"))

    def _fail(self, error: HostError) -> None:
        self.failed = error
        with contextlib.suppress(queue.Empty):
            while True:
                item = self._queue.get_nowait()
                if callable(item):
                    item()
        for future, _, _ in self._acks:
            _resolve(future, error=error)
        for futures in self._waiters.values():
            for future in futures:
                _resolve(future, error=error)
        self.on_failure(error)

    def _turn(self) -> bool:
        ends: list[Finished] = []
        going = True
        for item in self._gather():
            if item is None:
                going = False
            elif isinstance(item, Finished):
                ends.append(item)
            else:
                item()
        if self._acks or ends:
            self._quiet_since = time.monotonic()
        if self._acks:
            self._commit()
        for end in ends:
            self._settle(end)
        self._fire(self.clock.now())
        until = time.monotonic() + TURN_SECONDS
        while self._ready:
            self._run(self._ready.popleft())
            self._quiet_since = time.monotonic()
            if self._quiet_since > until:
                break
        self._commit()
        return going

    def _gather(self) -> Iterable[Finished | Callable[[], None] | None]:
        items: list[Finished | Callable[[], None] | None] = []
        try:
            if self._ready:
                items.append(self._queue.get_nowait())
            else:
                items.append(self._wait_for_work())
        except queue.Empty:
            return items
        try:
            while len(items) < 5000:
                items.append(self._queue.get_nowait())
        except queue.Empty:
            return items
        return items

    def _wait_for_work(self) -> Finished | Callable[[], None] | None:
        fire_at = self._next_timer(active=False)
        left = None if fire_at is None else self.clock.real_seconds_until(fire_at)
        left = None if left is None else min(left, LONGEST_SLEEP)
        if not self._idle():
            return self._queue.get(timeout=left)
        if self._target is not None:
            try:
                return self._queue.get_nowait()
            except queue.Empty:
                return self._step()
        soonest = self._next_active() if self.stage.options.skip_time else None
        if soonest is None:
            return self._queue.get(timeout=left)
        grace = self._quiet_since + self.stage.options.idle_grace - time.monotonic()
        try:
            return self._queue.get(timeout=max(0.0, grace if left is None else min(left, grace)))
        except queue.Empty:
            if self._idle() and time.monotonic() >= self._quiet_since + self.stage.options.idle_grace:
                self.clock.jump_to(soonest)
            return _nothing

    def _step(self) -> Callable[[], None]:
        """One step of `advance`: to the next timer on the way, or to the end."""
        assert self._target is not None
        until, future = self._target
        moments = [m for m in (self._next_timer(active=False), self.clock.next_sleeper()) if m is not None]
        if moments and min(moments) <= until:
            self.clock.jump_to(min(moments))
        else:
            self.clock.jump_to(until)
            self._target = None
            self._acks.append((future, None, None))
        return _nothing

    def _idle(self) -> bool:
        if self._ready or self.requests:
            return False
        return len(self._at_work) - self.clock.sleeping() <= 0

    def _next_active(self) -> int | None:
        moments = [m for m in (self._next_timer(active=True), self.clock.next_sleeper()) if m is not None]
        return min(moments, default=None)

    def _next_timer(self, *, active: bool) -> int | None:
        while self._heap:
            timer = self._timers.get(self._heap[0][1])
            if timer is not None:
                break
            heapq.heappop(self._heap)
        if not self._heap:
            return None
        if not active or not self._timers[self._heap[0][1]].cancelled:
            return self._heap[0][0]
        return min((t.fire_at for t in self._timers.values() if not t.cancelled), default=None)

    def _fire(self, now: int) -> None:
        while self._heap and self._heap[0][0] <= now:
            row = heapq.heappop(self._heap)[1]
            timer = self._timers.pop(row, None)
            if timer is None:
                continue
            self._unarm(timer)
            event = history.timer_fired(now, timer.task, timer.fire_at)
            self._deliver(timer.instance, timer.execution, event, lambda row=row: self._drop_timer(row))

    def _unarm(self, timer: Timer) -> None:
        rows = self._armed.get(timer.instance)
        if rows is not None and rows.get(timer.task) == timer.row:
            del rows[timer.task]
            if not rows:
                del self._armed[timer.instance]

    def _settle(self, end: Finished) -> None:
        work = end.work
        self._at_work.pop(work.row, None)
        now = self.clock.now()
        if end.reason is None:
            event = history.succeeded(history.TASK_COMPLETED, now, work.task, end.result)
        elif self.stage.options.profile == "dts":
            event = history.failed(history.TASK_FAILED, now, work.task, None, None)
        else:
            event = history.failed(history.TASK_FAILED, now, work.task, end.reason, end.details)
        row = work.row
        self._deliver(work.instance, work.execution, event, lambda: self.writes.activities_gone.append(row))

    @property
    def advancing(self) -> bool:
        """Whether the clock is on its way to where `advance` sends it."""
        return self._target is not None

    # ---- messages
    def next_row(self) -> int:
        """A number no other row has."""
        self._row += 1
        return self._row

    def post(self, instance: str, execution: str | None, event: Event) -> None:
        """Store a message and let its instance run."""
        row = self.next_row()
        self.writes.inbox[row] = (row, instance, execution, json.dumps(event))
        self._deliver(instance, execution, event, lambda: self._drop_message(row))

    def _drop_message(self, row: int) -> None:
        if self.writes.inbox.pop(row, None) is None:
            self.writes.inbox_gone.append(row)

    def _drop_timer(self, row: int) -> None:
        self._timers.pop(row, None)
        if self.writes.timers.pop(row, None) is None:
            self.writes.timers_gone.append(row)

    def _deliver(self, name: str, execution: str | None, event: Event, settle: Callable[[], None]) -> None:
        instance = self.instances.get(name)
        stale = instance is None or instance.ended or execution not in (None, instance.record.execution)
        if instance is None or stale:
            settle()
            return
        instance.inbox.append(Message(event, settle))
        self._make_ready(instance)

    def _make_ready(self, instance: Instance) -> None:
        if not instance.ready:
            instance.ready = True
            self._ready.append(instance)

    # ---- episodes
    def _run(self, instance: Instance) -> None:
        instance.ready = False
        record, messages = instance.record, instance.inbox
        if instance.ended or not messages:
            for message in messages:
                message.settle()
            messages.clear()
            return
        if record.episodes == 0 and not self._may_start(instance):
            return
        instance.inbox = []
        now = self.clock.now()
        at = Execution(
            record.name,
            record.execution,
            record.episodes,
            instance.live,
            [message.event for message in messages],
            lambda: self.past(instance),
            frozenset(json.loads(record.dropped)) if record.dropped else frozenset(),
        )
        began = time.monotonic()
        try:
            outcome = episode.run(self.stage, at, now)
        except Exception as error:
            log.exception("an episode of %s broke", record.id)
            text = f"the host could not run this episode: {error!r}"
            outcome = Outcome([history.execution_completed(now, 0, "Failed", text)], status="Failed", result=text)
        if time.monotonic() - began > SLOW_EPISODE:
            log.warning("an episode of '%s' took %.0f s; orchestrators must not block", record.name, SLOW_EPISODE)
        for message in messages:
            message.settle()
        self._apply(instance, outcome, now)

    def past(self, instance: Instance) -> list[Event]:
        """The history so far, committed or not."""
        stored = [] if instance.fresh else self.store.past(instance.record.id)
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
        now, record = self.clock.now(), instance.record
        for message in instance.inbox:
            message.settle()
        started = [message.event for message in instance.inbox]
        instance.inbox = []
        events = [*started, history.execution_completed(now, 0, status, result)]
        self._apply(instance, Outcome(events, status=status, result=result), now)
        record.updated = now

    def just_ended(self, name: str) -> bool:
        """Whether the instance ended so lately that Azure's own status would not show it yet."""
        now = time.monotonic()
        return any(until > now and name == ended for until, ended in reversed(self._just_ended))

    def abandon(self, instance: Instance) -> None:
        """Let go of a running instance whose id is taken over."""
        instance.record.status = "Terminated"
        self._disarm(instance)

    def forget(self, instance: Instance) -> None:
        """Remove every trace of an ended instance."""
        name = instance.record.id
        self._disarm(instance)
        self.writes.records.pop(name, None)
        self.writes.forget.append(name)
        self.instances.drop(name)

    def rewrite(self, instance: Instance, events: list[Event]) -> None:
        """Put another history in the place of an ended instance's own, and let it run again."""
        record = instance.record
        self._reset(instance)
        self.writes.chunks.append((record.id, record.episodes, json.dumps(events)))
        self.writes.records[record.id] = record
        instance.fresh, instance.unsaved, instance.live = True, events, None
        record.status, record.output, record.updated = "Running", None, self.clock.now()
        record.episodes += 1

    def _apply(self, instance: Instance, outcome: Outcome, now: int) -> None:
        record, writes = instance.record, self.writes
        instance.live = outcome.live
        self.instances.keep_alive(instance)
        record.updated, record.custom = now, outcome.custom
        if outcome.status != "Suspended" or outcome.result is not None:
            record.output = outcome.result
        record.status = outcome.status
        self._schedule(instance, outcome.scheduled, now)
        for task in outcome.cancelled:
            self._cancel_timer(instance, task)
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

    def _schedule(self, instance: Instance, items: list[Scheduled], now: int) -> None:
        record = instance.record
        for item in items:
            row = self.next_row()
            match item.kind:
                case "activity":
                    work = Work(row, record.id, record.execution, item.task, item.name, item.raw_input)
                    self.writes.activities.append(
                        (row, record.id, record.execution, item.task, item.name, item.raw_input)
                    )
                    self._starting.append(work)
                case "timer":
                    self.writes.timers[row] = (row, record.id, record.execution, item.task, item.fire_at, 0)
                    self._arm(Timer(row, record.id, record.execution, item.task, item.fire_at))
                case "child":
                    self._start_child(instance, item, now)

    def _arm(self, timer: Timer) -> None:
        self._timers[timer.row] = timer
        self._armed.setdefault(timer.instance, {})[timer.task] = timer.row
        heapq.heappush(self._heap, (timer.fire_at, timer.row))

    def _cancel_timer(self, instance: Instance, task: int) -> None:
        row = self._armed.get(instance.record.id, {}).get(task)
        timer = None if row is None else self._timers.get(row)
        if row is None or timer is None:
            return
        timer.cancelled = True
        if row in self.writes.timers:
            self.writes.timers[row] = (*self.writes.timers[row][:5], 1)
        else:
            self.writes.timers_cancelled.append(row)

    def _start_child(self, parent: Instance, item: Scheduled, now: int) -> None:
        assert item.instance is not None
        record, name = parent.record, item.instance
        taken = self.instances.get(name)
        if taken is not None and not taken.ended:
            if self.stage.fatal:
                text = f"the instance id '{name}' of the sub-orchestration is in use"
                self.post(record.id, record.execution, history.failed(history.CHILD_FAILED, now, item.task, text, None))
            return
        link = {
            "Name": record.name,
            "OrchestrationInstance": {"InstanceId": record.id, "ExecutionId": record.execution},
            "TaskScheduleId": item.task,
            "Version": None,
        }
        self.create(name, item.name, item.raw_input, item.version, now, link)

    def create(
        self, name: str, function: str, raw: str | None, version: str | None, now: int, parent: Event | None = None
    ) -> Instance:
        """A new instance, in place of an ended one; its first message is posted."""
        execution, name, function = uuid.uuid4().hex, storable(name), storable(function)
        version = None if version is None else storable(version)
        old = self.instances.get(name)
        if old is not None:
            self._reset(old)
        record = Record(
            name,
            function,
            version,
            execution,
            dump(parent) if parent else None,
            "Pending",
            raw,
            None,
            None,
            now,
            now,
            0,
        )
        instance = self.instances.put(record)
        self.writes.records[name] = record
        self.post(name, execution, history.execution_started(now, name, execution, function, raw, version, parent))
        return instance

    def _start_again(self, instance: Instance, again: ContinueAsNew, now: int) -> None:
        """Continue as new: an empty history, the same instance and parent."""
        record, left = instance.record, instance.inbox
        self._reset(instance)
        instance.inbox = []
        instance.fresh, instance.live, instance.unsaved = True, None, []
        record.execution, record.episodes, record.input = uuid.uuid4().hex, 0, again.raw_input
        started = history.execution_started(
            now, record.id, record.execution, record.name, again.raw_input, record.version, instance.parent(), None
        )
        for event in (started, *again.carried):
            self.post(record.id, record.execution, event)
        for message in left:
            if message.event["EventType"] in _TO_INSTANCE:
                instance.inbox.append(message)
            else:
                message.settle()

    def _reset(self, instance: Instance) -> None:
        name = instance.record.id
        self.writes.reset.append(name)
        self.writes.chunks = [chunk for chunk in self.writes.chunks if chunk[0] != name]
        self._disarm(instance)

    def _disarm(self, instance: Instance) -> None:
        for row in self._armed.pop(instance.record.id, {}).values():
            self._drop_timer(row)

    def _end(self, instance: Instance, now: int) -> None:
        record = instance.record
        self._disarm(instance)
        for message in instance.inbox:
            message.settle()
        instance.inbox, instance.live = [], None
        self._ended.append(record.id)
        self._just_ended.append((time.monotonic() + STATUS_LAG, record.id))
        parent = instance.parent()
        if parent is None:
            return
        task, to = parent["TaskScheduleId"], parent["OrchestrationInstance"]
        if record.status == "Completed":
            event = history.succeeded(history.CHILD_COMPLETED, now, task, record.output)
        else:
            details = f"Message: {record.output}, StackTrace: "
            event = history.failed(history.CHILD_FAILED, now, task, record.output, details)
        self.post(to["InstanceId"], to["ExecutionId"], event)

    # ---- commits
    def _commit(self) -> None:
        writes, starting, ended, acks = self.writes, self._starting, self._ended, self._acks
        if not writes.empty():
            self.store.commit(writes, self.clock.now())
            for name in writes.records:
                instance = self.instances.get(name)
                if instance is not None:
                    instance.unsaved, instance.fresh = [], False
            self.writes = Writes()
        self._starting, self._ended, self._acks = [], [], []
        if starting:
            self._at_work.update((work.row, work) for work in starting)
            self.submit(starting)
        for future, result, error in acks:
            _resolve(future, result, error)
        for name in ended:
            for future in self._waiters.pop(name, ()):
                _resolve(future)
            instance = self.instances.get(name)
            if instance is not None and instance.ended and not instance.ready:
                self.instances.drop(name)
        self.instances.trim()

    def _load(self) -> None:
        """Take up every message, activity and timer that was not settled."""
        activities, timers, messages = (self.store.outstanding(t) for t in ("activities", "timers", "inbox"))
        self._row = max((rows[-1][0] for rows in (activities, timers, messages) if rows), default=0)
        self._starting = [Work(*row) for row in activities]
        for row, name, execution, task, fire_at, cancelled in timers:
            self._arm(Timer(row, name, execution, task, fire_at, bool(cancelled)))
        for row, name, execution, text in messages:
            self._deliver(name, execution, json.loads(text), lambda row=row: self._drop_message(row))
        self._queue.put(_nothing)


def _nothing() -> None:
    pass


def _resolve(future: Future[Any], result: Any = None, error: Exception | None = None) -> None:
    """Tell whoever still waits; a caller that has gone away is no trouble."""
    with contextlib.suppress(InvalidStateError):
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)


_TO_INSTANCE = frozenset({history.EVENT_RAISED, history.EXECUTION_SUSPENDED, history.EXECUTION_TERMINATED})
