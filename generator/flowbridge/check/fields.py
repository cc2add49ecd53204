"""Fields of declared types, of forms and of events: names that Python, the engine or the connector cannot have."""

from __future__ import annotations

from collections.abc import Iterator
from keyword import iskeyword

from flowbridge.check.names import alike
from flowbridge.model.structure import every_step
from flowbridge.model.types import ArrayType, MapType, ObjectType, OptionalType, Type
from flowbridge.model.workflow import Approval, WaitFor, Workflow
from flowbridge.text.diagnostic import Diagnostic


def check(workflow: Workflow) -> Iterator[Diagnostic]:
    """All rules on fields."""
    seen: set[int] = set()
    for one in _types(workflow):
        yield from _fields_of(one, seen)
    yield from _connector(workflow)


def _types(workflow: Workflow) -> Iterator[Type]:
    declared: list[Type | None] = [workflow.input, workflow.output, workflow.config, *workflow.types]
    declared += [fields for _, fields in workflow.error_types]
    for activity in workflow.activities:
        declared += [activity.input, activity.output]
    for step in every_step(workflow.all_steps):
        if isinstance(step, Approval):
            declared.append(step.form)
        elif isinstance(step, WaitFor):
            declared += [one.payload for one in step.events]
    yield from (one for one in declared if one is not None)


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
            yield from alike(placed, "fields")
            for one in fields:
                yield from _fields_of(one.type, seen)
        case ArrayType(items=inner) | MapType(values=inner) | OptionalType(inner=inner):
            yield from _fields_of(inner, seen)
        case _:
            return


def _connector(workflow: Workflow) -> Iterator[Diagnostic]:
    """Names that stand beside the input's fields in the operations of the connector."""
    for one in workflow.input.fields:
        if one.span is None:
            continue
        if one.name.casefold() == "instanceid":
            words = f'the input "{one.name}" has the name under which the connector passes an instance\'s own id'
            yield Diagnostic("E501", one.span, words, "taken", "name it after what it identifies, such as orderId")
        elif one.name.casefold() == "callbackurl":
            words = f'the input "{one.name}" has the name under which the connector passes a flow\'s address'
            yield Diagnostic("E501", one.span, words, "taken", "name it after what it leads to, such as resultUrl")
        elif one.name.casefold() == "connectionid":
            words = f'the input "{one.name}" has the name under which Power Platform passes its connection'
            yield Diagnostic("W501", one.span, words, "may be overwritten", "give it another name")
