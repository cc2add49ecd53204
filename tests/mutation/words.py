"""Words that are written wrong, and words that are taken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from tests.mutation.fault import Fault, Operator, edited, ids, misspelt, replaced, scalar
from tests.mutation.subject import Subject

from flowbridge.model.functions import FUNCTIONS
from flowbridge.read.nodes import ListNode, MapNode, ScalarNode


def misspelt_key(subject: Subject) -> Iterator[Fault]:
    for step in subject.steps:
        for entry in step.node.entries:
            if entry.key in ("with", "title", "timeout", "catch", "retry", "output", "max_concurrency", "compensate"):
                start, end = entry.key_span.start, entry.key_span.end
                yield Fault(edited(subject.text, start, end, misspelt(entry.key)), "E120", start)


def misspelt_verb(subject: Subject) -> Iterator[Fault]:
    for step in subject.steps:
        entry = step.node.entry(step.verb)
        if entry is not None and "status" not in step.node and "steps" not in step.node:
            start, end = entry.key_span.start, entry.key_span.end
            yield Fault(edited(subject.text, start, end, misspelt(entry.key)), "E124", start)


def misspelt_top_key(subject: Subject) -> Iterator[Fault]:
    for entry in subject.root.entries:
        start, end = entry.key_span.start, entry.key_span.end
        yield Fault(edited(subject.text, start, end, misspelt(entry.key)), "E120", start)


def misspelt_activity(subject: Subject) -> Iterator[Fault]:
    for step in subject.steps:
        node = scalar(step, "call")
        if node is not None:
            yield replaced(subject, node, misspelt(node.text), "E207")


def activity_as_a_workflow(subject: Subject) -> Iterator[Fault]:
    for step in subject.steps:
        entry, named = step.node.entry("call"), scalar(step, "call")
        if entry is not None and named is not None and "retry" not in step.node:
            text = edited(subject.text, entry.key_span.start, entry.key_span.end, "run")
            yield Fault(text, "E215", named.span.start - 1)


def misspelt_type(subject: Subject) -> Iterator[Fault]:
    for _, node in subject.scalars:
        found = re.fullmatch(r"'?([A-Z]\w+)(\[\])*'?", subject.text[node.span.start : node.span.end])
        if found is None or found[1] not in {one.name for one in subject.workflow.types} or len(found[1]) < 4:
            continue
        start = node.span.start + found.start(1)
        text = edited(subject.text, start, start + len(found[1]), misspelt(found[1]))
        yield Fault(text, "E208", node.span.start)


def misspelt_error(subject: Subject) -> Iterator[Fault]:
    for step in subject.steps:
        node = step.node.get("raise")
        named = node.get("error") if isinstance(node, MapNode) else node
        if isinstance(named, ScalarNode):
            yield replaced(subject, named, misspelt(named.text), "E212")


def misspelt_caught_error(subject: Subject) -> Iterator[Fault]:
    for step in subject.steps:
        catches = step.node.get("catch")
        for catch in catches.items if isinstance(catches, ListNode) else ():
            codes = catch.get("on") if isinstance(catch, MapNode) else None
            for code in codes.items if isinstance(codes, ListNode) else ():
                if isinstance(code, ScalarNode):
                    yield replaced(subject, code, misspelt(code.text), "E212")


def misspelt_retry(subject: Subject) -> Iterator[Fault]:
    for step in subject.steps:
        node = step.node.get("retry")
        named = node.get("use") if isinstance(node, MapNode) else node
        if isinstance(named, ScalarNode):
            yield replaced(subject, named, misspelt(named.text), "E209")


def misspelt_name(subject: Subject) -> Iterator[Fault]:
    known = {*ids(subject), "input", "config"}
    for one in subject.expressions:
        for found in re.finditer(r"(?<![\w.\"'])([a-z]\w{3,})(?![\w(=\"'])", one.text):
            if found[1] in known:
                start = one.start + found.start(1)
                text = edited(subject.text, start, start + len(found[1]), misspelt(found[1]))
                yield Fault(text, "E203", start)


def misspelt_field(subject: Subject) -> Iterator[Fault]:
    fields = {one.name for one in subject.workflow.input.fields} | {"startedAt", "results", "succeeded", "total"}
    for one in subject.expressions:
        for found in re.finditer(r"(?<=[a-z]\.)([a-zA-Z]\w{3,})", one.text):
            if found[1] in fields:
                start = one.start + found.start(1)
                text = edited(subject.text, start, start + len(found[1]), misspelt(found[1]))
                yield Fault(text, "E210", start)


def misspelt_function(subject: Subject) -> Iterator[Fault]:
    for one in subject.expressions:
        for found in re.finditer(r"(?<![\w.])([a-z]\w+)(?=\()", one.text):
            if found[1] in FUNCTIONS:
                start = one.start + found.start(1)
                text = edited(subject.text, start, start + len(found[1]), misspelt(found[1]))
                yield Fault(text, "E211", start)


def bad_id(subject: Subject) -> Iterator[Fault]:
    for node in ids(subject).values():
        yield replaced(subject, node, node.text.capitalize(), "E201")


def taken_id(subject: Subject) -> Iterator[Fault]:
    for node, word in zip(ids(subject).values(), ("run", "len", "class", "output") * 50, strict=False):
        yield replaced(subject, node, word, "E202")


def id_twice(subject: Subject) -> Iterator[Fault]:
    known = list(ids(subject).items())
    for (first, _), (_, node) in pairwise(known):
        yield replaced(subject, node, first, "E204")


OPERATORS: dict[str, Operator] = {
    one.__name__: one
    for one in (
        misspelt_key,
        misspelt_verb,
        misspelt_top_key,
        misspelt_activity,
        activity_as_a_workflow,
        misspelt_type,
        misspelt_error,
        misspelt_caught_error,
        misspelt_retry,
        misspelt_name,
        misspelt_field,
        misspelt_function,
        bad_id,
        taken_id,
        id_twice,
    )
}
