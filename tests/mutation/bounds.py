"""Durations, bounds and choices that are not allowed, or missing."""

from __future__ import annotations

from collections.abc import Iterator

from tests.mutation.fault import Fault, Operator, replaced, without
from tests.mutation.subject import Subject

from flowbridge.read.nodes import MapNode


def bare_duration(subject: Subject) -> Iterator[Fault]:
    for key, node in subject.scalars:
        if key in ("timeout", "every", "initial_delay", "remind_every", "after", "wait") and isinstance(
            node.value, str
        ):
            yield replaced(subject, node, "30", "E140")


def spoken_duration(subject: Subject) -> Iterator[Fault]:
    for key, node in subject.scalars:
        if key in ("timeout", "every", "max_delay", "remind_every") and isinstance(node.value, str):
            yield replaced(subject, node, "7 days", "E140")


def endless_wait(subject: Subject) -> Iterator[Fault]:
    for key, node in subject.scalars:
        if key == "timeout" and isinstance(node.value, str):
            yield replaced(subject, node, "400d", "E405")


def missing_timeout(subject: Subject) -> Iterator[Fault]:
    for step in subject.steps:
        for verb in ("approval", "wait_for"):
            node, entry = step.node.get(verb), step.node.entry(verb)
            text = without(subject, node, "timeout") if isinstance(node, MapNode) else None
            if text is None or entry is None:
                continue
            # The verb by which the wait was chosen is where the finding stands: its own first key in a wait_for.
            first = node.entries[0] if isinstance(node, MapNode) else entry
            yield Fault(text, "E121", first.key_span.start if verb == "wait_for" else entry.key_span.start)


def endless_repeat(subject: Subject) -> Iterator[Fault]:
    for step in subject.steps:
        node, entry = step.node.get("repeat"), step.node.entry("repeat")
        if not isinstance(node, MapNode) or entry is None or "timeout" in step.node:
            continue
        text = without(subject, node, "max_times")
        limit = node.entry("max_times")
        named = step.node.get("id")
        if text is not None and limit is not None:
            yield Fault(text, "E407", named.span.start if named is not None else step.node.span.start)


def wrong_choice(subject: Subject) -> Iterator[Fault]:
    for key, node in subject.scalars:
        if key == "jitter":
            yield replaced(subject, node, "half", "E123")
        elif key == "complete_when" and isinstance(node.value, str):
            yield replaced(subject, node, "most", "E123")
        elif key == "tolerated_failures":
            yield replaced(subject, node, "200%", "E123")
        elif key in ("max_attempts", "max_times", "max_concurrency", "batch_size", "version"):
            yield replaced(subject, node, "0", "E123")


def wrong_kind(subject: Subject) -> Iterator[Fault]:
    for key, node in subject.scalars:
        if key in ("max_attempts", "max_times", "max_concurrency", "version"):
            yield replaced(subject, node, "'3'", "E122")
        elif key == "idempotent":
            yield replaced(subject, node, "yes", "E122")


OPERATORS: dict[str, Operator] = {
    one.__name__: one
    for one in (
        bare_duration,
        spoken_duration,
        endless_wait,
        missing_timeout,
        endless_repeat,
        wrong_choice,
        wrong_kind,
    )
}
