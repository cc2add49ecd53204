"""The work loop: one thread that gathers what is ready, runs episodes, commits, and only then lets the world know.

A turn: commands from outside are applied and committed, and their callers answered; ends of activities and due timers
become messages; instances with messages run episodes for a short while; all of it is committed in one transaction; then
activities start and waiters are told. With nothing to do the thread sleeps in one queue read until the next timer.
"""

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from typing import Any

from .activities import Finished, Work
from .clock import MICROS, Clock
from .episode import Stage
from .errors import HostError
from .ledger import Ledger
from .store import Store

log = logging.getLogger("flowbridge.host")
TURN_SECONDS = 0.03
LONGEST_SLEEP = 86_400.0
MOST_AT_ONCE = 5_000
Item = Finished | Callable[[], None] | None


class Engine:
    """The thread at work on one ledger.

    `submit` starts activities; `on_failure` is told when the store fails; `requests` counts what is being served.
    """

    def __init__(self, stage: Stage, store: Store, clock: Clock) -> None:
        self.options = stage.options
        self.clock = clock
        self.ledger = Ledger(stage, store, clock)
        self.submit: Callable[[list[Work]], None] = lambda _: None
        self.on_failure: Callable[[HostError], None] = lambda _: None
        self.requests = 0
        self.failed: HostError | None = None
        self._store = store
        self._queue: queue.SimpleQueue[Item] = queue.SimpleQueue()
        self._at_work = 0
        self._acks: list[tuple[Future[Any], Any, Exception | None]] = []
        self._waiters: dict[str, list[Future[None]]] = {}
        self._target: tuple[int, Future[None]] | None = None
        self._quiet_since = time.monotonic()
        self._jumped = False
        self._thread = threading.Thread(target=self._main, name="engine", daemon=True)

    # ---- from any thread
    def start(self) -> None:
        """Take up what was left, and begin."""
        self.ledger.mail.load(self._store)
        self.clock.on_sleep = self.poke
        self.poke()
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

        def run() -> None:
            try:
                self._acks.append((future, command(), None))
            except Exception as error:
                self._acks.append((future, None, error))

        return self._enqueue(future, run)

    def wait(self, instance: str) -> Future[None]:
        """A future that is done when the instance has ended, or is not there."""
        future: Future[None] = Future()

        def run() -> None:
            found = self.ledger.instances.get(instance)
            if found is None or (found.ended and not found.ready):
                self._acks.append((future, None, None))
            else:
                waiting = [f for f in self._waiters.get(instance, ()) if not f.cancelled()]
                self._waiters[instance] = [*waiting, future]

        return self._enqueue(future, run)

    def advance(self, seconds: float) -> Future[None]:
        """Move the clock ahead through every timer on the way, each when nothing else can run."""
        future: Future[None] = Future()

        def run() -> None:
            self._target = (self.clock.now() + int(seconds * MICROS), future)

        return self._enqueue(future, run)

    def _enqueue(self, future: Future[Any], run: Callable[[], None]) -> Future[Any]:
        self._queue.put(run)
        if self.failed is not None:
            _resolve(future, error=self.failed)
        return future

    @property
    def advancing(self) -> bool:
        """Whether the clock is on its way to where `advance` sends it."""
        return self._target is not None

    # ---- the loop
    def _main(self) -> None:
        try:
            while self._turn():
                pass
            self._jumped = True
            self._commit()
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
        if self._target is not None:
            _resolve(self._target[1], error=error)
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
        ledger = self.ledger
        for end in ends:
            self._at_work -= 1
            ledger.mail.settle(end)
        ledger.mail.fire(self.clock.now())
        until = time.monotonic() + TURN_SECONDS
        while ledger.mail.ready:
            ledger.run_next()
            self._quiet_since = time.monotonic()
            if self._quiet_since > until:
                break
        self._commit()
        return going

    def _commit(self) -> None:
        batch, acks = self.ledger.mail.take_batch(), self._acks
        if self._jumped or not batch.writes.empty():
            try:
                self._store.commit(batch.writes, self.clock.now())
            except BaseException:
                self.ledger.mail.batch = batch
                raise
            self._jumped = False
            self.ledger.committed(batch)
        self._acks = []
        if batch.starting:
            self._at_work += len(batch.starting)
            self.submit(batch.starting)
        for future, result, error in acks:
            _resolve(future, result, error)
        for name in batch.ended:
            for future in self._waiters.pop(name, ()):
                _resolve(future)

    # ---- waiting
    def _gather(self) -> list[Item]:
        items: list[Item] = []
        with contextlib.suppress(queue.Empty):
            items.append(self._queue.get_nowait() if self.ledger.mail.ready else self._wait_for_work())
            while len(items) < MOST_AT_ONCE:
                items.append(self._queue.get_nowait())
        return items

    def _wait_for_work(self) -> Item:
        fire_at = self.ledger.mail.timers.next(active=False)
        left = None if fire_at is None else self.clock.real_seconds_until(fire_at)
        left = None if left is None else min(left, LONGEST_SLEEP)
        if not self._idle():
            return self._queue.get(timeout=left)
        if self._target is not None:
            with contextlib.suppress(queue.Empty):
                return self._queue.get_nowait()
            return self._step()
        soonest = self._soonest(active=True) if self.options.skip_time else None
        if soonest is None:
            return self._queue.get(timeout=left)
        grace = self._quiet_since + self.options.idle_grace - time.monotonic()
        try:
            return self._queue.get(timeout=max(0.0, grace if left is None else min(left, grace)))
        except queue.Empty:
            if self._idle() and time.monotonic() >= self._quiet_since + self.options.idle_grace:
                self._jump_to(soonest)
            return _nothing

    def _step(self) -> Item:
        """One step of `advance`: to the next timer on the way, or to the end."""
        assert self._target is not None
        until, future = self._target
        soonest = self._soonest(active=False)
        if soonest is not None and soonest <= until:
            self._jump_to(soonest)
        else:
            self._jump_to(until)
            self._target = None
            self._acks.append((future, None, None))
        return _nothing

    def _jump_to(self, moment: int) -> None:
        self.clock.jump_to(moment)
        self._jumped = True  # so that a restart does not go back, even if nothing else happens

    def _soonest(self, *, active: bool) -> int | None:
        moments = (self.ledger.mail.timers.next(active=active), self.clock.next_sleeper())
        return min((moment for moment in moments if moment is not None), default=None)

    def _idle(self) -> bool:
        """Nothing is ready, no request is being served, and no activity runs but those that sleep on the clock."""
        return not self.ledger.mail.ready and not self.requests and self._at_work <= self.clock.sleeping()


def _nothing() -> None:
    pass


def _resolve(future: Future[Any], result: Any = None, error: Exception | None = None) -> None:
    """Tell whoever still waits; a caller that has gone away is no trouble."""
    with contextlib.suppress(InvalidStateError):
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)
