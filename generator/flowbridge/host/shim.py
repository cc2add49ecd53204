"""The extension's out-of-process shim: it performs an answer's actions one after the other on the DTFx context.

Each action is awaited before the next is begun, and an error of one is swallowed: the orchestrator has seen it already.
At the end of the list comes the failure, the output, or a wait for ever. A replay builds all of this from nothing;
between episodes a shim may be kept, as long as the longer list could not have changed what it did before (`resumable`).
"""

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import Any

from . import history
from .answer import (
    CALL_ACTIVITY,
    CALL_ACTIVITY_RETRY,
    CALL_CHILD,
    CALL_CHILD_RETRY,
    CALL_HTTP,
    CONTINUE_AS_NEW,
    CREATE_TIMER,
    SDK_ID,
    WAIT_EVENT,
    WHEN_ALL,
    WHEN_ANY,
    Action,
    Answer,
    Fault,
)
from .clock import MICROS, parse_stamp
from .dtfx import Context, Kind, Scheduled
from .history import Event, dump
from .promise import Promise, when_all, when_any

HTTP_ACTIVITY = "BuiltIn::HttpActivity"
DAY = 86_400 * MICROS
STRICT_STATUS_LIMIT = 8_194  # 8,192 characters and two quotes


@dataclass(frozen=True)
class Rules:
    """What the shim needs to know of its host: names it can call (lower case), and limits."""

    activities: frozenset[str]
    orchestrators: frozenset[str]
    longest_timer: int | None
    max_actions: int
    strict: bool
    default_version: str | None = None


class Swallowed(Exception):  # noqa: N818 - what the extension does with it
    """An action that the extension refuses, and the orchestrator never hears of."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.text)
        self.fault = fault


@dataclass(slots=True)
class Leaf:
    """One awaited thing of the action at work."""

    kind: str
    label: str
    promise: Promise


class Shim:
    """One execution's program on the .NET side. `failure` and `output` are set once `returned` is."""

    def __init__(self, execution: str, rules: Rules) -> None:
        self.context = Context(execution, self._begin)
        self.rules = rules
        self.answer = Answer([])
        self.position = 0
        self.leaves: list[Leaf] = []
        self.blocked = False
        self.returned = False
        self.failure: str | None = None
        self.output: Any = None
        self.custom_status: Any = None
        self.faults: list[Fault] = []
        self._idle = False
        self._moved = False
        self._invoked = 0
        self._program: Generator[Promise | None, None, None] | None = None

    # ---- episodes
    def replay(self, answer: Answer, events: Iterable[Event]) -> None:
        """Run from nothing over the whole history. Raises NonDeterministicError."""
        self.answer = answer
        self._feed(events)

    def resumable(self, answer: Answer) -> bool:
        """Whether going on from here gives what a replay from nothing would."""
        if answer.added is None or answer.cancelled or self._program is None:
            return False
        if answer.raised or self._refusal(answer) is not None:
            return False
        return not (self._moved and answer.added)

    def resume(self, answer: Answer, events: Iterable[Event]) -> None:
        """Go on with a longer list and new events. Raises NonDeterministicError."""
        self.answer, self.custom_status = answer, answer.custom_status
        if answer.added:
            self._moved = False
        if self._idle:
            self._idle = False
            self._advance()
        self._feed(events)

    def _feed(self, events: Iterable[Event]) -> None:
        for item in events:
            if self._idle and item["EventType"] in history.RECEIVED:
                self._moved = True
            self.context.process(item)

    # ---- the program
    def _refusal(self, answer: Answer) -> str | None:
        return answer.refusal(STRICT_STATUS_LIMIT if self.rules.strict else None)

    def _begin(self) -> None:
        answer = self.answer
        refusal = self._refusal(answer)
        if answer.raised or refusal is not None:
            self.returned, self.failure = True, refusal or answer.error
            if refusal is not None:
                self.faults.append(Fault("S22" if "UTF-16" in refusal else "S24", refusal))
            return
        self.custom_status = answer.custom_status
        self._program = self._run()
        self._advance()

    def _advance(self) -> None:
        program = self._program
        assert program is not None
        try:
            while True:
                promise = program.send(None)
                if promise is None:
                    self._idle = True
                    return
                if not promise.done:
                    promise.then(self._advance)
                    return
        except StopIteration:
            return

    def _run(self) -> Generator[Promise | None, None, None]:
        while True:
            while self.position < len(self.answer.actions):
                action = self.answer.actions[self.position]
                self.leaves = []
                try:
                    promise = self._invoke(action)
                except Swallowed as refused:
                    self.faults.append(refused.fault)
                    self.position += 1
                    continue
                self.blocked = True
                yield promise
                self.blocked = False
                self.position += 1
            if self.answer.finished():
                break
            yield None
        self.returned, self.failure, self.output = True, self.answer.error, self.answer.output

    # ---- actions
    def _invoke(self, action: Action) -> Promise:
        kind = action["actionType"]
        if kind in (WHEN_ALL, WHEN_ANY):
            parts = [self._part(part) for part in action["compoundActions"]]
            if kind == WHEN_ALL:
                return when_all(parts)
            if not parts:
                raise Swallowed(Fault("S20", "task_any([]) waits for nothing"))
            return when_any(parts)
        perform = _PERFORM.get(kind)
        if perform is None:
            raise Swallowed(Fault("ENTITY", f"an action of type {kind} (entities) is not served"))
        self._invoked += 1
        if self._invoked > self.rules.max_actions:
            limit = self.rules.max_actions
            raise Swallowed(Fault("ACTIONS", f"Maximum amount of orchestration actions ({limit:,}) has been reached."))
        return perform(self, action)

    def _part(self, action: Action) -> Promise:
        try:
            return self._invoke(action)
        except Swallowed as refused:
            self.faults.append(refused.fault)
            failed = Promise()
            failed.complete(error=str(refused))
            return failed

    def _leaf(self, kind: str, label: str, promise: Promise) -> Promise:
        self.leaves.append(Leaf(kind, label, promise))
        return promise

    def _schedule(self, kind: Kind, name: str, action: Action, **fields: Any) -> Scheduled:
        item = self.context.schedule(kind, name, **fields)
        counted = action.get(SDK_ID)
        if counted is not None and counted != item.task:
            text = f"the SDK counts {kind} '{name}' as task {counted}, the engine as task {item.task}"
            self.faults.append(Fault("S3", text))
        return item

    def _activity(self, action: Action) -> Promise:
        item = self._activity_once(action, action)
        return self._leaf("activity", f"activity '{item.name}'", item.promise)

    def _activity_once(self, action: Action, counted: Action) -> Scheduled:
        name = action["functionName"]
        if name.lower() not in self.rules.activities:
            raise Swallowed(Fault("S19", f"the activity '{name}' does not exist"))
        return self._schedule("activity", name, counted, raw_input=action.get("input"))

    def _activity_retry(self, action: Action) -> Promise:
        label = f"activity '{action['functionName']}' with retry"
        return self._leaf("retry", label, self._retry(action, self._activity_once))

    def _child(self, action: Action) -> Promise:
        item = self._child_once(action, action)
        return self._leaf("child", f"sub-orchestration '{item.name}' ({item.instance})", item.promise)

    def _child_once(self, action: Action, counted: Action) -> Scheduled:
        name, raw = action["functionName"], action.get("input")
        if name.lower() not in self.rules.orchestrators:
            raise Swallowed(Fault("S19", f"the orchestrator '{name}' does not exist"))
        return self._schedule(
            "child",
            name,
            counted,
            raw_input=None if raw is None else dump(raw),
            version=action.get("version") or self.rules.default_version,
            instance=action.get("instanceId") or None,
        )

    def _child_retry(self, action: Action) -> Promise:
        label = f"sub-orchestration '{action['functionName']}' with retry"
        return self._leaf("retry", label, self._retry(action, self._child_once))

    def _retry(self, action: Action, once: Callable[[Action, Action], Scheduled]) -> Promise:
        options = action["retryOptions"]
        interval = int(options["firstRetryIntervalInMilliseconds"]) * 1000
        attempts = int(options["maxNumberOfAttempts"])
        if attempts < 1:
            raise Swallowed(Fault("S16", f"'{action['functionName']}' may be tried {attempts} times"))
        longest = self.rules.longest_timer
        if longest is not None and interval > longest:
            name = action["functionName"]
            text = f"the retry interval of '{name}' is {interval / DAY:g} days, more than {longest / DAY:g}"
            raise Swallowed(Fault("S16", text))
        first = once(action, action)
        outcome = Promise()

        def interceptor() -> Generator[Promise, None, None]:
            attempt = first
            for turn in range(attempts):
                if turn:
                    attempt = once(action, {})
                yield attempt.promise
                if attempt.promise.error is None:
                    outcome.complete(attempt.promise.value)
                    return
                yield self.context.schedule("timer", "", fire_at=self.context.now + interval).promise
            outcome.complete(error=attempt.promise.error)

        program = interceptor()

        def step() -> None:
            for promise in program:
                if not promise.done:
                    promise.then(step)
                    return

        step()
        return outcome

    def _timer(self, action: Action) -> Promise:
        fire_at = parse_stamp(action["fireAt"])
        item = self._schedule("timer", "", action, fire_at=fire_at)
        if action.get("isCanceled"):
            self.context.cancel(item)
        return self._leaf("timer", f"timer to {action['fireAt']}", item.promise)

    def _event(self, action: Action) -> Promise:
        name = action["externalEventName"]
        return self._leaf("event", f"event '{name}'", self.context.wait(name))

    def _again(self, action: Action) -> Promise:
        raw = action.get("input")
        self.context.continue_as_new(None if raw is None else dump(raw))
        done = Promise()
        done.complete()
        return done

    def _http(self, action: Action) -> Promise:
        self.faults.append(Fault("S15", "call_http is not polled by the Python SDK when the reply is 202"))
        item = self._schedule("activity", HTTP_ACTIVITY, action, raw_input=dump(action["httpRequest"]))
        return self._leaf("activity", "call_http", item.promise)


_PERFORM: dict[int, Callable[[Shim, Action], Promise]] = {
    CALL_ACTIVITY: Shim._activity,  # pyright: ignore[reportPrivateUsage]
    CALL_ACTIVITY_RETRY: Shim._activity_retry,  # pyright: ignore[reportPrivateUsage]
    CALL_CHILD: Shim._child,  # pyright: ignore[reportPrivateUsage]
    CALL_CHILD_RETRY: Shim._child_retry,  # pyright: ignore[reportPrivateUsage]
    CONTINUE_AS_NEW: Shim._again,  # pyright: ignore[reportPrivateUsage]
    CREATE_TIMER: Shim._timer,  # pyright: ignore[reportPrivateUsage]
    WAIT_EVENT: Shim._event,  # pyright: ignore[reportPrivateUsage]
    CALL_HTTP: Shim._http,  # pyright: ignore[reportPrivateUsage]
}
