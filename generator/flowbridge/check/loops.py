"""Loops and branches: a bound for each loop, turns that do not race, races that can be won."""

from __future__ import annotations

from collections.abc import Iterator

from flowbridge.check.lines import first_line
from flowbridge.model.durations import show_duration
from flowbridge.model.structure import Holder, steps_with_holders
from flowbridge.model.workflow import ForEach, Parallel, Repeat, Workflow
from flowbridge.text.diagnostic import Diagnostic, Related

MOST_QUICK_TURNS = 100
MOST_FAN_OUTS = 25
"""Turns with a fan-out each that are worth no warning."""


def check(workflow: Workflow) -> Iterator[Diagnostic]:
    """All rules on for_each, parallel and repeat."""
    for step, holders in steps_with_holders(workflow.all_steps):
        match step:
            case Repeat():
                yield from _repeat(step)
            case ForEach():
                yield from _growth(step, holders)
            case Parallel() if step.wins is not None and step.wins > len(step.branches):
                count = len(step.branches)
                words = f"{step.wins} branches have to succeed, and there {'is' if count == 1 else 'are'} {count}"
                hint = "write `all`, or a smaller number"
                yield Diagnostic("E410", step.wins_span or first_line(step), words, "never enough", hint)
            case _:
                pass


def _repeat(step: Repeat) -> Iterator[Diagnostic]:
    if step.max_times is None and step.common.timeout is None:
        words = "this loop has no bound: it might run for ever"
        hint = "add `max_times`, or a `timeout` on the step"
        yield Diagnostic("E407", first_line(step), words, "for ever", hint)
    elif step.every < 1 and (step.max_times is None or step.max_times > MOST_QUICK_TURNS):
        turns = f"{step.max_times:,} times" if step.max_times is not None else "as often as it can"
        pause = f"a pause of {show_duration(step.every)}" if step.every else "no pause"
        words = f"this loop may turn {turns} with {pause} between"
        yield Diagnostic("W402", step.every_span or first_line(step), words, "very busy", "write `every: 1s` or longer")


def _growth(step: ForEach, holders: tuple[Holder, ...]) -> Iterator[Diagnostic]:
    loop = next((one.step for one in reversed(holders) if isinstance(one.step, Repeat) and one.role == "steps"), None)
    if isinstance(loop, Repeat) and (loop.max_times is None or loop.max_times > MOST_FAN_OUTS):
        words = "a for_each in each turn of a repeat: the history of the instance grows with turns times items"
        hint = f"limit the turns (`max_times: {MOST_FAN_OUTS}`), or `run` a workflow in each turn"
        yield Diagnostic(
            "W403", first_line(step), words, "grows fast", hint, (Related(first_line(loop), "the repeat"),)
        )
