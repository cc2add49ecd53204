"""How a workflow ends: no return where others are still at work, no step after the end, an output on every way."""

from __future__ import annotations

from collections.abc import Iterator

from flowbridge.check.lines import first_line
from flowbridge.model.expression import Constant
from flowbridge.model.structure import Holder, always_leaves, every_list, every_step, leaves, steps_with_holders
from flowbridge.model.workflow import ForEach, Parallel, Repeat, Return, Step, Switch, Workflow
from flowbridge.text.diagnostic import Diagnostic, Related
from flowbridge.text.suggest import one_of


def check(workflow: Workflow) -> Iterator[Diagnostic]:
    """All rules on ends."""
    for step, holders in steps_with_holders(workflow.steps):
        if isinstance(step, Return):
            yield from _return(step, holders)
    for part, steps in (("on_failure", workflow.on_failure), ("finally", workflow.finally_)):
        for step in every_step(steps):
            if isinstance(step, Return):
                words = f"a return in {part} would change how the workflow ended"
                yield Diagnostic("E403", first_line(step), words, f"inside of {part}", "return in `steps`")
        yield from _lists(steps)
    yield from _lists(workflow.steps)
    for step in every_step(workflow.all_steps):
        yield from _cases(step)
        yield from _catches(step)
    yield from _ends(workflow)


def _return(step: Return, holders: tuple[Holder, ...]) -> Iterator[Diagnostic]:
    for holder in holders:
        found = _stays_inside(holder)
        if found is not None:
            words, label, hint = found
            yield Diagnostic("E403", first_line(step), words, label, hint)
            return


def _stays_inside(holder: Holder) -> tuple[str, str, str] | None:
    """Why a return cannot pass through a holder: words, label and hint; None where it can."""
    outer = holder.step
    name = f'"{outer.common.id or getattr(outer, "variable", "it")}"'
    match holder.role, outer:
        case "steps", ForEach():
            words = "a return inside of for_each would end the workflow while other items run"
            return words, "inside of for_each", f"return after the for_each, from what {name} gave"
        case "steps", Parallel():
            words = "a return inside of parallel would end the workflow while other branches run"
            return (
                words,
                "inside of parallel",
                "give it out through `output` of the branch, and return after the parallel",
            )
        case "steps", Repeat():
            words = "a return inside of repeat would end the workflow amid a turn"
            return words, "inside of repeat", "give it out through `output` of the repeat, and return after it"
        case _:
            pass
    if outer.common.finally_:
        words = "a return would leave a step whose `finally` is still to run"
        return words, "inside of a step with `finally`", "return after that step"
    if outer.common.timeout is not None and holder.role in ("steps", "leave"):
        words = "a return would leave a step whose `timeout` is running"
        return words, "inside of a step with `timeout`", "return after that step"
    return None


# ---- what is never reached


def _lists(steps: tuple[Step, ...]) -> Iterator[Diagnostic]:
    """Steps after one that always ends the workflow, in every list of steps."""
    for one in every_list(steps):
        for index, step in enumerate(one[:-1]):
            if leaves(step):
                related = (Related(first_line(step), "the workflow ends here"),)
                hint = "remove it, or put an `if` before"
                unreachable = first_line(one[index + 1])
                yield Diagnostic("E402", unreachable, "this step can never run", "never reached", hint, related)
                break


def _cases(step: Step) -> Iterator[Diagnostic]:
    """Steps under a condition that is written out."""
    given = step.common.condition
    if isinstance(given, Constant) and given.value is False:
        yield Diagnostic("E402", given.span, "this step can never run", "never true", "remove the step")
    if not isinstance(step, Switch):
        return
    always = next((one for one in step.cases if isinstance(one.when, Constant) and one.when.value is True), None)
    for index, case in enumerate(step.cases):
        if isinstance(case.when, Constant) and case.when.value is False:
            yield Diagnostic("E402", case.when.span, "this case can never run", "never true", "remove the case")
        if always is case:
            after = step.cases[index + 1].when.span if index + 1 < len(step.cases) else None
            if after is None and step.default:
                after = first_line(step.default[0])
            if after is not None:
                related = (Related(case.when.span, "this case always holds"),)
                words, hint = "this can never run", "put it before, or write the last case as `default`"
                yield Diagnostic("E402", after, words, "never reached", hint, related)
            return


def _catches(step: Step) -> Iterator[Diagnostic]:
    """Catches after one that takes everything, and codes that an earlier one takes."""
    taken: dict[str, Related] = {}
    for index, one in enumerate(step.common.catches):
        for code, span in zip(one.on, one.on_spans, strict=True):
            if code in taken:
                words = f'the error "{code}" is caught before'
                yield Diagnostic("E402", span, words, "never reached", "remove it", (taken[code],))
            taken.setdefault(code, Related(span, "caught here"))
        if not one.on and index + 1 < len(step.common.catches):
            after = step.common.catches[index + 1].span
            related = (Related(one.span, "this one catches every error"),)
            words, hint = "this catch is never reached", "put it before the one without `on`"
            yield Diagnostic("E402", after, words, "never reached", hint, related)
            return


# ---- the output


def _ends(workflow: Workflow) -> Iterator[Diagnostic]:
    """Every way through the workflow returns its output."""
    if workflow.output is None or not any(one.required for one in workflow.output.fields):
        return
    if workflow.steps and not always_leaves(workflow.steps):
        names = one_of([f'"{one.name}"' for one in workflow.output.fields if one.required])
        words = "the workflow may end here without its output"
        hint = f"add `- return:` with {names}" if names.count('"') == 2 else "add `- return:` with the output's fields"
        yield Diagnostic("E404", first_line(workflow.steps[-1]), words, "no return after this step", hint)
