"""Names that the author made up: taken ones, doubled ones, hidden ones, and ones that differ in case only.

The schema has seen to their letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from keyword import iskeyword, issoftkeyword

from flowbridge.model.functions import FUNCTIONS
from flowbridge.model.structure import every_step, inner_steps
from flowbridge.model.types import ArrayType, MapType, ObjectType, OptionalType, Type
from flowbridge.model.workflow import ForEach, Step, Workflow
from flowbridge.text.diagnostic import Diagnostic, Related
from flowbridge.text.source import Span

RESERVED = frozenset(
    {"input", "run", "output", "error", "errors", "steps", "workflow", "true", "false", "null", "none"}
)
"""Names that mean something in the language, or may come to."""


def check(workflow: Workflow) -> Iterator[Diagnostic]:
    """All rules on names."""
    yield from _workflow_name(workflow)
    yield from _steps(workflow)
    yield from _hidden(workflow.all_steps, {})
    yield from _declared(workflow)
    yield from _fields(workflow)


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
        if isinstance(step, ForEach):
            yield from _taken(step.variable, step.variable_span, "variable")
        name, span = step.common.id, step.common.id_span
        if name is None or span is None:
            continue
        yield from _taken(name, span, "step")
        if name in seen:
            words = f'two steps have the id "{name}"'
            yield Diagnostic("E204", span, words, "again", "an id is unique in its workflow",
                             (Related(seen[name], "first here"),))  # fmt: skip
        seen.setdefault(name, span)


def _hidden(steps: Iterable[Step], variables: dict[str, Span]) -> Iterator[Diagnostic]:
    """Loop variables that hide an outer one, and steps with the name of a variable in sight."""
    for step in steps:
        name, span = step.common.id, step.common.id_span
        if name is not None and span is not None and name in variables:
            words = f'the step "{name}" hides the variable of that name'
            yield Diagnostic("E205", span, words, "the same name", related=(Related(variables[name], "the variable"),))
        inside = variables
        if isinstance(step, ForEach):
            yield from _hiding_variable(step, variables)
            inside = {**variables, step.variable: step.variable_span}
        yield from _hidden(inner_steps(step), inside)


def _hiding_variable(step: ForEach, variables: dict[str, Span]) -> Iterator[Diagnostic]:
    if step.variable in variables:
        words = f'the variable "{step.variable}" hides the one of the for_each around it'
        related = (Related(variables[step.variable], "the outer variable"),)
        yield Diagnostic("E205", step.variable_span, words, "the same name", "give it another name", related)
    elif step.variable == step.common.id and step.common.id_span is not None:
        words = f'the variable "{step.variable}" has the name of its own for_each'
        related = (Related(step.common.id_span, "the id"),)
        yield Diagnostic("E205", step.variable_span, words, "the same name", "give it another name", related)


def _declared(workflow: Workflow) -> Iterator[Diagnostic]:
    yield from _alike(workflow.type_spans, "types")
    errors = tuple(zip(workflow.errors, workflow.error_spans, strict=True))
    yield from _doubled(errors, "error")
    yield from _alike(errors, "errors")
    for activity in workflow.activities:
        yield from _doubled(tuple(zip(activity.errors, activity.error_spans, strict=True)), "error")
    variables = {one.variable: one for one in every_step(workflow.all_steps) if isinstance(one, ForEach)}
    for step in every_step(workflow.all_steps):
        name, span = step.common.id, step.common.id_span
        other = variables.get(name) if name is not None else None
        if other is not None and span is not None and other is not step and not _within(step, other):
            words = f'the step "{name}" has the name of a for_each\'s variable'
            related = (Related(other.variable_span, "the variable"),)
            yield Diagnostic("E205", span, words, "the same name", "give one of them another name", related)


def _within(step: Step, loop: ForEach) -> bool:
    return any(one is step for one in every_step(loop.steps))


def _doubled(names: Iterable[tuple[str, Span]], what: str) -> Iterator[Diagnostic]:
    seen: dict[str, Span] = {}
    for name, span in names:
        if name in seen:
            related = (Related(seen[name], "first here"),)
            yield Diagnostic("E204", span, f'the {what} "{name}" is declared twice', "again", None, related)
        seen.setdefault(name, span)


def _alike(names: Iterable[tuple[str, Span]], what: str) -> Iterator[Diagnostic]:
    seen: dict[str, tuple[str, Span]] = {}
    for name, span in names:
        first = seen.setdefault(name.casefold(), (name, span))
        if first[0] != name:
            words = f'the {what} "{first[0]}" and "{name}" differ in case only'
            hint = "the engine and Power Platform ignore case"
            yield Diagnostic("E206", span, words, "only the case differs", hint, (Related(first[1], "the other"),))


# ---- fields


def _fields(workflow: Workflow) -> Iterator[Diagnostic]:
    seen: set[int] = set()
    declared: list[Type | None] = [workflow.input, workflow.output, *workflow.types]
    for activity in workflow.activities:
        declared += [activity.input, activity.output]
    for one in declared:
        if one is not None:
            yield from _fields_of(one, seen)


def _fields_of(given: Type, seen: set[int]) -> Iterator[Diagnostic]:
    match given:
        case ObjectType(fields=fields):
            if id(given) in seen:
                return
            seen.add(id(given))
            placed = [(one.name, one.span) for one in fields if one.span is not None]
            for name, span in placed:
                if iskeyword(name):
                    words = f'"{name}" is a word of Python, and no field can have it'
                    yield Diagnostic("E202", span, words, "a keyword", f"write {name}_ or another word for it")
            yield from _alike([(name, span) for name, span in placed], "fields")
            for one in fields:
                yield from _fields_of(one.type, seen)
        case ArrayType(items=inner) | MapType(values=inner) | OptionalType(inner=inner):
            yield from _fields_of(inner, seen)
        case _:
            return
