"""What the workflows of one app may get wrong together: names, activities of two contracts, circles of `run`.

What `app.yaml` says of them is checked in `replacements.py`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence

from flowbridge.check import replacements
from flowbridge.check.contracts import stubs
from flowbridge.model.activities import ActivitySources
from flowbridge.model.app import AppSettings
from flowbridge.model.structure import Holder, every_step, held
from flowbridge.model.workflow import (
    Activity,
    Approval,
    ForEach,
    Raise,
    Return,
    RunWorkflow,
    Step,
    Switch,
    WaitFor,
    Workflow,
)
from flowbridge.text.diagnostic import Diagnostic, Related, in_order


def check_app(
    workflows: Sequence[Workflow],
    activities: ActivitySources,
    settings: AppSettings | None = None,
    *,
    release: bool = False,
) -> tuple[Diagnostic, ...]:
    """All findings about an app as a whole; `release` makes errors of what is only fit for development."""
    found = [*_names(workflows), *_contracts(workflows), *_circles(workflows)]
    if settings is not None:
        found += replacements.check(settings, [one.name for one in workflows])
    return in_order([*found, *stubs(workflows, activities, release=release)])


def _names(workflows: Sequence[Workflow]) -> Iterator[Diagnostic]:
    """The engine, routes and the connector know a workflow by its name alone."""
    seen: dict[str, Workflow] = {}
    for one in workflows:
        span = one.name_span or one.span
        first = seen.setdefault(one.name, one)
        if first is not one:
            words = f'another workflow of this app has the name "{one.name}"'
            related = (Related(first.name_span or first.span, "the other"),)
            yield Diagnostic("E216", span, words, "again", "give each workflow of a folder its own name", related)
    for one in workflows:
        for activity in one.activities:
            other = seen.get(activity.name)
            if other is not None and other is not one:
                words = f'the activity "{activity.name}" has the name of a workflow of this app'
                related = (Related(other.name_span or other.span, "the workflow"),)
                yield Diagnostic("E204", activity.span, words, "the same name", "name it after what it does", related)


def _contracts(workflows: Sequence[Workflow]) -> Iterator[Diagnostic]:
    """One Python function has one contract."""
    seen: dict[str, Activity] = {}
    for workflow in workflows:
        for one in workflow.activities:
            first = seen.setdefault(one.name, one)
            difference = _difference(first, one)
            if difference is not None:
                words = f'the activity "{one.name}" has another {difference} here than in another workflow of this app'
                hint = "both call the same Python function: declare the same contract"
                yield Diagnostic("E217", one.span, words, "differs", hint, (Related(first.span, "declared here"),))


def _difference(one: Activity, other: Activity) -> str | None:
    if one.input != other.input:
        return "input"
    if one.output != other.output:
        return "output"
    if {*one.errors} != {*other.errors}:
        return "set of errors"
    return None


# ---- circles


def _circles(workflows: Sequence[Workflow]) -> Iterator[Diagnostic]:
    """Workflows that always start each other: each `run` that closes a circle without a way out."""
    known = {one.name: one for one in workflows}
    always = {
        name: [step for step in _always((*one.steps, *one.finally_)) if step.workflow in known]
        for name, one in known.items()
    }
    told: set[frozenset[str]] = set()
    for start in known:
        path = _way_back(start, always)
        names = frozenset(step.workflow for step in path)
        if names and names not in told:
            told.add(names)
            yield _circle(start, path)


def _circle(start: str, path: Sequence[RunWorkflow]) -> Diagnostic:
    words = f'"{start}" starts itself again and again'
    if len(path) > 1:
        words = " starts ".join([f'"{start}"', *(f'"{step.workflow}"' for step in path)]) + ", and so on for ever"
    related = tuple(Related(one.workflow_span, "by way of this") for one in path[:-1])
    hint = "put an `if` around one of them, so that it ends"
    return Diagnostic("E409", path[-1].workflow_span, words, "without an end", hint, related)


def _way_back(start: str, always: Mapping[str, Sequence[RunWorkflow]]) -> tuple[RunWorkflow, ...]:
    """The shortest way from a workflow to itself; empty where there is none."""
    ways: dict[str, tuple[RunWorkflow, ...]] = {start: ()}
    waiting = deque([start])
    while waiting:
        at = waiting.popleft()
        for step in always[at]:
            if step.workflow == start:
                return (*ways[at], step)
            if step.workflow not in ways:
                ways[step.workflow] = (*ways[at], step)
                waiting.append(step.workflow)
    return ()


def _always(steps: Sequence[Step]) -> Iterator[RunWorkflow]:
    """The steps that start another workflow whenever these steps run; what may end the workflow before is a way out."""
    for step in steps:
        if step.common.condition is None:
            if isinstance(step, RunWorkflow):
                yield step
            for holder, inner in held(step):
                if not _is_a_way_out(holder):
                    yield from _always(inner)
        if any(isinstance(one, Raise | Return | Approval | WaitFor) for one in every_step((step,))):
            return


def _is_a_way_out(holder: Holder) -> bool:
    """Whether what a step holds may not run at all."""
    return holder.role in ("catch", "leave") or isinstance(holder.step, Switch | ForEach)
