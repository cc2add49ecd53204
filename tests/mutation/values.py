"""Values of the wrong type, and expressions that cannot be."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.mutation.fault import Fault, Operator, calls, edited, replaced, scalar, without
from tests.mutation.subject import Subject

from flowbridge.model.types import (
    ArrayType,
    BooleanType,
    EnumType,
    IntegerType,
    NumberType,
    ObjectType,
    StringType,
    Type,
)
from flowbridge.read.nodes import MapNode


def wrong_argument(subject: Subject) -> Iterator[Fault]:
    for _, given, wanted in calls(subject):
        for entry in given.entries:
            field = wanted.field(entry.key)
            wrong = _misfit(field.type) if field is not None else None
            if wrong is not None:
                new, rule = wrong
                start, end = entry.value.span.start, entry.value.span.end
                yield Fault(edited(subject.text, start, end, new), rule, start)


def _misfit(wanted: Type) -> tuple[str, str] | None:
    """A value that does not fit a type, and the rule that finds it."""
    match wanted:
        case StringType():
            return "[1]", "E301"
        case EnumType():
            return "'none of them'", "E308"
        case IntegerType() | NumberType() | BooleanType() | ObjectType():
            return "'a text'", "E301"
        case ArrayType():
            return "7", "E301"
        case _:
            return None


def missing_argument(subject: Subject) -> Iterator[Fault]:
    for _, given, wanted in calls(subject):
        for entry in given.entries:
            field, text = wanted.field(entry.key), without(subject, given, entry.key)
            if field is not None and field.required and text is not None:
                flow = subject.text[given.span.start] == "{"
                yield Fault(text, "E302", given.span.start if flow else given.entries[0].key_span.start)


def unknown_argument(subject: Subject) -> Iterator[Fault]:
    for _, given, _ in calls(subject):
        for entry in given.entries:
            start, end = entry.key_span.start, entry.key_span.end
            yield Fault(edited(subject.text, start, end, entry.key + "_too"), "E210", start)


def no_input(subject: Subject) -> Iterator[Fault]:
    for step, _, wanted in calls(subject):
        text, named = without(subject, step.node, "with"), scalar(step, "call")
        if text is not None and named is not None and any(one.required for one in wanted.fields):
            entry = step.node.entry("with")
            if entry is not None and entry.key_span.start > named.span.start:
                yield Fault(text, "E311", named.span.start)


def missing_output(subject: Subject) -> Iterator[Fault]:
    output = subject.workflow.output
    for step in subject.steps:
        node = step.node.get("return")
        if output is None or not isinstance(node, MapNode):
            continue
        for entry in node.entries:
            field, text = output.field(entry.key), without(subject, node, entry.key)
            if field is not None and field.required and text is not None:
                flow = subject.text[node.span.start] == "{"
                yield Fault(text, "E302", node.span.start if flow else node.entries[0].key_span.start)


def wrong_output(subject: Subject) -> Iterator[Fault]:
    output = subject.workflow.output
    for step in subject.steps:
        node = step.node.get("return")
        for entry in node.entries if isinstance(node, MapNode) and output is not None else ():
            field = output.field(entry.key) if output is not None else None
            wrong = _misfit(field.type) if field is not None else None
            if wrong is not None:
                start, end = entry.value.span.start, entry.value.span.end
                yield Fault(edited(subject.text, start, end, wrong[0]), wrong[1], start)


def not_a_condition(subject: Subject) -> Iterator[Fault]:
    for key, node in subject.scalars:
        # The `until` of a wait is a time.
        if key in ("if", "when", "match") and isinstance(node.value, str):
            yield replaced(subject, node, "run.id", "E304")


def not_a_list(subject: Subject) -> Iterator[Fault]:
    for step in subject.steps:
        node = scalar(step, "in")
        if node is not None:
            yield replaced(subject, node, "run.version", "E306")


def braces_in_condition(subject: Subject) -> Iterator[Fault]:
    for key, node in subject.scalars:
        if key in ("if", "when", "until", "in", "match") and isinstance(node.value, str) and node.style == "plain":
            text = edited(subject.text, node.span.start, node.span.end, "${" + node.text + "}")
            if "{" not in node.text and "[" not in node.text:
                yield Fault(text, "E133", node.span.start)


def unclosed_expression(subject: Subject) -> Iterator[Fault]:
    for one in subject.expressions:
        end = one.start + len(one.text)
        rest = subject.text[end : subject.text.find("\n", end)]
        if subject.text[one.start - 2 : one.start] == "${" and "}" not in rest[1:] and '"' not in one.text:
            yield Fault(edited(subject.text, end, end + 1, ""), "E132", one.start - 2)


def broken_expression(subject: Subject) -> Iterator[Fault]:
    for one in subject.expressions:
        if re.fullmatch(r"[a-z]\w*\.\w+", one.text):
            end = one.start + len(one.text)
            yield Fault(edited(subject.text, end, end, " &&"), "E130", end + 1)


def wrong_operator(subject: Subject) -> Iterator[Fault]:
    texts = {one.name for one in subject.workflow.input.fields if isinstance(one.type, StringType)}
    for one in subject.expressions:
        found = re.fullmatch(r"input\.(\w+)", one.text)
        if found is not None and found[1] in texts:
            end = one.start + len(one.text)
            yield Fault(edited(subject.text, end, end, " - 1"), "E305", one.start)


def wrong_function_argument(subject: Subject) -> Iterator[Fault]:
    for one in subject.expressions:
        for found in re.finditer(r"(?<![\w.])len\(([\w.]+)\)", one.text):
            start = one.start + found.start(1)
            text = edited(subject.text, start, start + len(found[1]), "run.version")
            yield Fault(text, "E307", start)


OPERATORS: dict[str, Operator] = {
    one.__name__: one
    for one in (
        wrong_argument,
        missing_argument,
        unknown_argument,
        no_input,
        missing_output,
        wrong_output,
        not_a_condition,
        not_a_list,
        braces_in_condition,
        unclosed_expression,
        broken_expression,
        wrong_operator,
        wrong_function_argument,
    )
}
