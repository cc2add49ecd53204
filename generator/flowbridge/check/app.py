"""What the workflows of one app may get wrong together: names, activities of two contracts, circles of `run`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flowbridge.check.contracts import stubs
from flowbridge.model.activities import ActivitySources
from flowbridge.model.structure import Holder, steps_with_holders
from flowbridge.model.workflow import Activity, ForEach, RunWorkflow, Step, Switch, Workflow
from flowbridge.text.diagnostic import Diagnostic, Related, in_order


def check_app(
    workflows: Sequence[Workflow], activities: ActivitySources, *, release: bool = False
) -> tuple[Diagnostic, ...]:
    """All findings about an app as a whole; `release` makes errors of what is only fit for development."""
    found = [*_names(workflows), *_contracts(workflows), *_circles(workflows)]
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
    always = {name: [step for step in _always(one) if step.workflow in known] for name, one in known.items()}
    told: set[frozenset[str]] = set()
    for start in known:
        for path in _paths(start, start, always, ()):
            names = frozenset(step.workflow for step in path)
            if names in told:
                continue
            told.add(names)
            step = path[-1]
            words = f'"{start}" starts itself again and again'
            if len(path) > 1:
                words = f"{' starts '.join(_quoted(start, path))}, and so on for ever"
            related = tuple(Related(one.workflow_span, "by way of this") for one in path[:-1])
            hint = "put an `if` around one of them, so that it ends"
            yield Diagnostic("E409", step.workflow_span, words, "without an end", hint, related)


def _quoted(start: str, path: tuple[RunWorkflow, ...]) -> list[str]:
    return [f'"{start}"', *(f'"{step.workflow}"' for step in path)]


def _paths(
    start: str, at: str, always: dict[str, list[RunWorkflow]], path: tuple[RunWorkflow, ...]
) -> Iterator[tuple[RunWorkflow, ...]]:
    """The first way from a workflow back to itself."""
    seen = {start, *(step.workflow for step in path)}
    for step in always[at]:
        if step.workflow == start:
            yield (*path, step)
            return
        if step.workflow not in seen:
            found = next(_paths(start, step.workflow, always, (*path, step)), None)
            if found is not None:
                yield found
                return


def _always(workflow: Workflow) -> Iterator[RunWorkflow]:
    """The steps that start another workflow whenever this one runs."""
    for step, holders in steps_with_holders((*workflow.steps, *workflow.finally_)):
        conditional = step.common.condition is not None or any(_is_a_way_out(one) for one in holders)
        if isinstance(step, RunWorkflow) and not conditional:
            yield step


def _is_a_way_out(holder: Holder) -> bool:
    outer: Step = holder.step
    return (
        outer.common.condition is not None
        or holder.role in ("catch", "leave")
        or isinstance(outer, Switch)
        or (isinstance(outer, ForEach) and holder.role == "steps")
    )
