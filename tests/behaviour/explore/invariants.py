"""What must hold in every schedule of every program, whatever the program does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import cast

from tests.behaviour.explore.instance import UNITS_AT_MOST, Instance, units
from tests.behaviour.explore.machine import STOP_ACTIVITY, STOP_EVENT
from tests.behaviour.explore.world import World

from flowbridge.host import history, sdk
from flowbridge.host.answer import CONTINUE_AS_NEW, SDK_ID, Action, Answer
from flowbridge.host.dtfx import NonDeterministicError
from flowbridge.host.episode import Outcome
from flowbridge.host.history import dump
from flowbridge.host.shim import Shim

REPLAY_EVERY = 5


def watch(world: World, one: Instance, outcome: Outcome) -> None:
    """Looks at an instance after each episode of it that is stored."""
    world.violations += _faults(world, one, outcome)


def _faults(world: World, one: Instance, outcome: Outcome) -> Iterator[str]:
    where = f"{one.function} ({one.alias})"
    if units(one.custom) > UNITS_AT_MOST:
        yield f"{where} shows {units(one.custom)} UTF-16 units"
    if one.asked_to_end:
        begun = [item.name for item in outcome.scheduled if item.kind == "activity"]
        if set(begun) - {STOP_ACTIVITY, "undo_work"}:
            yield f"{where} was asked to end, and goes on to {begun}"
    # An event that comes after the decision to go on as new is for the next execution.
    one.asked_to_end = outcome.again is None and any(
        event["EventType"] == history.EVENT_RAISED and event["Name"] == STOP_EVENT for event in one.past
    )
    if one.live is not None:
        shim = one.live.shim
        if shim.returned and shim.context.open:
            yield f"{where} has returned and is kept running by {_open(shim)}"
        elif not shim.returned and shim.position + 1 < len(shim.answer.actions) and not world.program.may_lag:
            late = [_brief(action) for action in shim.answer.actions[shim.position + 1 :]]
            yield f"{where} has gone on to {', '.join(late)} and the engine still waits for {_open(shim)}"
    if one.ended or outcome.again is not None or (world.now // 10_000 + int(one.alias)) % REPLAY_EVERY == 0:
        yield from _replay(world, one, outcome, where)


def _open(shim: Shim) -> str:
    return ", ".join(f"{task.kind} {task.name or task.task}" for task in shim.context.open.values()) or "an event"


def _brief(action: Action) -> str:
    return str(action.get("functionName") or action["actionType"])


def _replay(world: World, one: Instance, outcome: Outcome, where: str) -> Iterator[str]:
    """A replay from nothing over the whole history, in JSON as on Azure, gives what the live run gave."""
    function = world.stage.app.orchestrators[one.function.lower()]
    past = [event for event in one.past if event["EventType"] != history.EXECUTION_COMPLETED]
    answer = sdk.call(function.call, function.parameter, sdk.body(past, [], world.stage.options.profile))
    if one.live is not None:
        live = one.live.shim.answer
        for name in ("done", "error", "output", "custom_status"):
            before, after = getattr(live, name), getattr(answer, name)
            if before != after:
                yield f"{where}: a replay gives the {name} {after!r}, the live run gave {before!r}"
        if [_plain(action) for action in live.actions] != [_plain(action) for action in answer.actions]:
            yield f"{where}: a replay gives other actions than the live run"
    elif one.status == "Completed" and outcome.again is None and dump(answer.output) != (one.output or "null"):
        yield f"{where}: a replay gives the output {answer.output!r}, the live run gave {one.output}"
    shim = Shim(one.execution, world.stage.rules)
    try:
        shim.replay(answer, past)
    except NonDeterministicError as failure:
        yield f"{where}: {failure}"
        return
    if one.live is not None and set(shim.context.open) != set(one.live.shim.context.open):
        yield f"{where}: a replay leaves other tasks open than the live run"
    if outcome.again is not None and _last_input(answer) != outcome.again.raw_input:
        yield f"{where}: a replay goes on as new with another input"


def _plain(action: object) -> object:
    if isinstance(action, dict):
        fields = cast(dict[str, object], action)
        return {name: _plain(value) for name, value in fields.items() if name != SDK_ID}
    return [_plain(one) for one in cast(list[object], action)] if isinstance(action, list) else action


def _last_input(answer: Answer) -> str | None:
    last = answer.actions[-1]
    return dump(last["input"]) if last["actionType"] == CONTINUE_AS_NEW else None


def stopped(world: World, how: str, names: list[str]) -> Iterator[str]:
    """After children were stopped, each of them and whatever runs for it has ended, or is being told to."""
    if how == "signal":
        for name in names:
            if not world.instances[name].ended and name not in world.signalled:
                yield f"{name} was not asked to end"
        return
    told = {mail.to for mail in world.mail if mail.event["EventType"] == history.EXECUTION_TERMINATED}
    for one in world.instances.values():
        ending = one.ended or one.name in told or any(e["EventType"] == history.EXECUTION_TERMINATED for e in one.inbox)
        if not ending and _belongs(world, one, names):
            yield f"{one.function} ({one.alias}) lives on after it was stopped"


def _belongs(world: World, one: Instance, names: list[str]) -> bool:
    if one.name in names:
        return True
    parent = world.instances.get(one.parent["OrchestrationInstance"]["InstanceId"]) if one.parent else None
    return parent is not None and _belongs(world, parent, names)


def conclude(world: World) -> Iterator[str]:
    """Looks at a world in which nothing more can happen, or whose root has ended."""
    root = world.root
    if not root.ended:
        yield f"the instance stays {root.status} for ever; it shows {json.dumps(root.board)}"
        return
    for one in world.instances.values():
        if not one.ended:
            yield f"the child {one.function} ({one.alias}) is left {one.status}"
    try:
        yield from world.program.verify(world)
    except (KeyError, TypeError, AttributeError) as failure:
        yield f"it is {root.status} with {root.value!r}, which has not what is due: {failure!r}"
