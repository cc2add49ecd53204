"""Names that the author made up: taken ones, doubled ones, hidden ones, and ones that differ in case only.

The schema has seen to their letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from keyword import iskeyword, issoftkeyword

from flowbridge.model.functions import FUNCTIONS
from flowbridge.model.structure import every_step, held
from flowbridge.model.workflow import ForEach, Parallel, Step, WaitFor, Workflow
from flowbridge.text.diagnostic import Diagnostic, Related
from flowbridge.text.source import Span

RESERVED = frozenset(
    [
        *("input", "run", "config", "output", "payload", "error", "errors", "steps", "workflow"),
        *("true", "false", "null", "none"),
    ]
)
"""Names that mean something in the language, or may come to."""


def check(workflow: Workflow) -> Iterator[Diagnostic]:
    """All rules on names."""
    yield from _workflow_name(workflow)
    yield from _steps(workflow)
    yield from _hidden((*workflow.steps, *workflow.finally_), {})
    yield from _hidden(workflow.on_failure, {"error": None})
    yield from _declared(workflow)


def _workflow_name(workflow: Workflow) -> Iterator[Diagnostic]:
    span = workflow.name_span or workflow.span
    yield from _taken(workflow.name, span, "workflow", functions=False)
    for activity in workflow.activities:
        yield from _taken(activity.name, activity.span, "activity", functions=False)
        if activity.name == workflow.name:
            words = f'the activity "{activity.name}" has the name of the workflow'
            related = (Related(span, "the workflow"),)
            yield Diagnostic("E204", activity.span, words, "the same name", "name it after what it does", related)


def _taken(name: str, span: Span, what: str, *, functions: bool = True) -> Iterator[Diagnostic]:
    if iskeyword(name) or (issoftkeyword(name) and name == "_"):
        yield Diagnostic("E202", span, f'"{name}" is a word of Python, and no {what} can have it', "a keyword")
    elif name in RESERVED:
        yield Diagnostic("E202", span, f'"{name}" means something else in the language', "taken")
    elif functions and name in FUNCTIONS:
        words = f'"{name}" is a function of the language: {FUNCTIONS[name].signature}'
        yield Diagnostic("E202", span, words, "taken", f"name the {what} after what it holds")


def _steps(workflow: Workflow) -> Iterator[Diagnostic]:
    seen: dict[str, Span] = {}
    for step in every_step(workflow.all_steps):
        yield from _parts(step)
        name, span = step.common.id, step.common.id_span
        if name is None or span is None:
            continue
        yield from _taken(name, span, "step")
        if name in seen:
            words = f'two steps have the id "{name}"'
            yield Diagnostic("E204", span, words, "again", "an id is unique in its workflow",
                             (Related(seen[name], "first here"),))  # fmt: skip
        seen.setdefault(name, span)


def _parts(step: Step) -> Iterator[Diagnostic]:
    """Names within a step: of its variables, of branches, of events that become fields."""
    for one in _variables(step):
        if one.name != "error" or one.loop:
            yield from _taken(one.name, one.span, "variable")
    fields: list[tuple[str, Span, str]] = []
    if isinstance(step, Parallel):
        fields = [(one.name, one.span, "branch") for one in step.branches]
    elif isinstance(step, WaitFor):
        fields = [(one.name, one.span, "event") for one in step.events]
    for name, span, what in fields:
        if iskeyword(name):
            yield Diagnostic("E202", span, f'"{name}" is a word of Python, and no {what} can have it', "a keyword")


@dataclass(frozen=True)
class _Variable:
    """The item of a for_each, or the error of a catch, and the steps that see it."""

    name: str
    span: Span
    steps: tuple[Step, ...]
    loop: bool

    @property
    def whose(self) -> str:
        return "for_each" if self.loop else "catch"


def _variables(step: Step) -> Iterator[_Variable]:
    if isinstance(step, ForEach):
        yield _Variable(step.variable, step.variable_span, step.steps, loop=True)
    for catch in step.common.catches:
        if catch.variable is not None and catch.variable_span is not None:
            yield _Variable(catch.variable, catch.variable_span, catch.steps, loop=False)


def _hidden(steps: Iterable[Step], variables: dict[str, Span | None]) -> Iterator[Diagnostic]:
    """Variables that hide an outer one, and steps with the name of a variable in sight."""
    for step in steps:
        name, span = step.common.id, step.common.id_span
        if name is not None and span is not None and name in variables:
            words = f'the step "{name}" hides the variable of that name'
            yield Diagnostic("E205", span, words, "the same name", related=_there(variables[name], "the variable"))
        own = list(_variables(step))
        for one in own:
            yield from _hiding_variable(one, step, variables)
        for _, inner in held(step):
            seen = {one.name: one.span for one in own if one.steps is inner}
            yield from _hidden(inner, {**variables, **seen} if seen else variables)


def _hiding_variable(one: _Variable, step: Step, variables: dict[str, Span | None]) -> Iterator[Diagnostic]:
    hint = "give it another name"
    if one.name in variables:
        words = f'the variable "{one.name}" hides the one of the {one.whose} around it'
        related = _there(variables[one.name], "the outer variable")
        yield Diagnostic("E205", one.span, words, "the same name", hint, related)
    elif one.name == step.common.id and step.common.id_span is not None:
        words = f'the variable "{one.name}" has the name of its own {"for_each" if one.loop else "step"}'
        related = (Related(step.common.id_span, "the id"),)
        yield Diagnostic("E205", one.span, words, "the same name", hint, related)


def _there(span: Span | None, words: str) -> tuple[Related, ...]:
    return (Related(span, words),) if span is not None else ()


def _declared(workflow: Workflow) -> Iterator[Diagnostic]:
    yield from alike(workflow.type_spans, "types")
    errors = tuple(zip(workflow.errors, workflow.error_spans, strict=True))
    yield from _doubled(errors, "error")
    yield from alike(errors, "errors")
    for activity in workflow.activities:
        yield from _doubled(tuple(zip(activity.errors, activity.error_spans, strict=True)), "error")
    ids = {step.common.id: step for step in every_step(workflow.all_steps) if step.common.id is not None}
    told: set[str] = set()
    for owner in every_step(workflow.all_steps):
        for one in _variables(owner):
            other = ids.get(one.name)
            if other is None or other is owner or one.name in told or _within(other, one.steps):
                continue
            told.add(one.name)
            words = f'the step "{one.name}" has the name of a {one.whose}\'s variable'
            span = other.common.id_span or other.common.span
            related = (Related(one.span, "the variable"),)
            yield Diagnostic("E205", span, words, "the same name", "give one of them another name", related)


def _within(step: Step, steps: tuple[Step, ...]) -> bool:
    return any(one is step for one in every_step(steps))


def _doubled(names: Iterable[tuple[str, Span]], what: str) -> Iterator[Diagnostic]:
    seen: dict[str, Span] = {}
    for name, span in names:
        if name in seen:
            related = (Related(seen[name], "first here"),)
            yield Diagnostic("E204", span, f'the {what} "{name}" is declared twice', "again", None, related)
        seen.setdefault(name, span)


def alike(names: Iterable[tuple[str, Span]], what: str) -> Iterator[Diagnostic]:
    """Names that differ in case only."""
    seen: dict[str, tuple[str, Span]] = {}
    for name, span in names:
        first = seen.setdefault(name.casefold(), (name, span))
        if first[0] != name:
            words = f'the {what} "{first[0]}" and "{name}" differ in case only'
            hint = "the engine and Power Platform ignore case"
            yield Diagnostic("E206", span, words, "only the case differs", hint, (Related(first[1], "the other"),))
