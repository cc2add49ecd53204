"""The workflow's activities against the Python functions that are there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flowbridge.check.annotations import check_annotations
from flowbridge.check.stubs import signature, stub
from flowbridge.model.activities import ActivitySources, PythonFunction
from flowbridge.model.types import ObjectType
from flowbridge.model.workflow import Activity, Workflow
from flowbridge.text.diagnostic import Diagnostic, Related
from flowbridge.text.suggest import did_you_mean, nearest, one_of

__all__ = ["check", "parameters", "stub", "stubs"]


def check(workflow: Workflow, activities: ActivitySources) -> Iterator[Diagnostic]:
    """All rules between the workflow file and the folder of activities."""
    yield from activities.findings
    for activity in workflow.activities:
        found = activities.functions.get(activity.name, ())
        if not found:
            # A file that cannot be read may well have it.
            if not activities.findings:
                yield _missing(activity, activities)
            continue
        if len(found) > 1:
            related = tuple(Related(one.span, "defined here") for one in found)
            words = f'the function "{activity.name}" is defined in {len(found)} places'
            yield Diagnostic("E452", activity.span, words, "which one?", "keep one of them", related)
        for function in found[:1]:
            yield from _parameters(activity, function)
            yield from check_annotations(activity, function)


def stubs(workflows: Sequence[Workflow], activities: ActivitySources, *, release: bool) -> Iterator[Diagnostic]:
    """Functions that are still to be written: warnings, and in a release errors; each is told once."""
    declared = {one.name: one for workflow in workflows for one in workflow.activities}
    for name, activity in declared.items():
        function = activities.function(name)
        if function is None or not function.is_stub:
            continue
        words = f'the function "{name}" is a stub: it only raises NotImplementedError'
        if release:
            words += ", and a release has none"
        related = (Related(activity.span, "the activity"),)
        yield Diagnostic("E456" if release else "W451", function.span, words, "to be written", "write it", related)


def parameters(activity: Activity) -> tuple[str, ...] | None:
    """The parameters that an activity's contract asks for; None where one parameter of any name is wanted."""
    if activity.input is None:
        return ()
    return tuple(one.name for one in activity.input.fields) if isinstance(activity.input, ObjectType) else None


def _missing(activity: Activity, activities: ActivitySources) -> Diagnostic:
    near = did_you_mean(activity.name, activities.functions, lead="is it the function ")
    words = f'the activity "{activity.name}" has no Python function'
    hint = near or f"write it in {activities.folder}/: {signature(activity)}: …"
    return Diagnostic("E451", activity.span, words, f"no function in {activities.folder}/", hint)


def _parameters(activity: Activity, function: PythonFunction) -> Iterator[Diagnostic]:
    related = (Related(activity.span, "the activity"),)
    wanted = parameters(activity)
    if function.loose is not None:
        words = f'"{activity.name}" takes {function.loose}, and an activity is called with named parameters'
        yield Diagnostic("E453", function.span, words, "its signature", _wanted_words(wanted), related)
        return
    if wanted is None:
        required = [one for one in function.parameters if one not in function.optional]
        if not function.parameters or len(required) > 1:
            words = f'"{activity.name}" takes {len(function.parameters)} parameters, and its activity has one input'
            yield Diagnostic("E453", function.span, words, "its signature", "take one parameter", related)
        return
    misspelt: set[str] = set()
    for name in wanted:
        if name not in function.parameters:
            free = [one for one in function.parameters if one not in wanted]
            misspelt |= {near} if (near := nearest(name, free)) is not None else set()
            hint = did_you_mean(name, free, lead="rename its parameter ") or _wanted_words(wanted)
            words = f'the function "{activity.name}" lacks the parameter "{name}" of its activity'
            yield Diagnostic("E453", function.span, words, f'no "{name}"', hint, related)
    for name in function.parameters:
        if name not in wanted and name not in function.optional and name not in misspelt:
            words = f'the function "{activity.name}" wants "{name}", which its activity does not have'
            yield Diagnostic("E453", function.span, words, f'"{name}" is never given', _wanted_words(wanted), related)


def _wanted_words(wanted: tuple[str, ...] | None) -> str:
    if wanted is None:
        return "take one parameter"
    return f"take {one_of(wanted, most=30).replace(' or ', ' and ')}" if wanted else "take no parameters"
