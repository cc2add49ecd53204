"""Retry policies: the workflow's own by name, and what a call says of its own."""

from __future__ import annotations

from dataclasses import replace

from flowbridge.model.workflow import Retry
from flowbridge.read.binder import Binder
from flowbridge.read.nodes import MapNode, Node, ScalarNode, shorten
from flowbridge.text.suggest import did_you_mean, nearest, one_of


def bind_policies(binder: Binder, node: Node | None) -> None:
    """Reads `retries` into the binder."""
    if isinstance(node, MapNode):
        for entry in node.entries:
            if isinstance(entry.value, MapNode):
                binder.retries[entry.key] = _changed(binder, Retry(), entry.value)


def check_use(binder: Binder, node: Node | None) -> None:
    """Warns of each policy that no step names; a misspelt `default` would change nothing in silence."""
    for entry in node.entries if isinstance(node, MapNode) else ():
        if entry.key != "default" and entry.key not in binder.used_retries:
            words = f'the retry policy "{entry.key}" is declared, and no step uses it'
            hint = did_you_mean(entry.key, ["default"]) or "name it in the `retry` of a call, or leave it out"
            binder.report("W203", entry.key_span, words, "never used", hint)


def call_policy(binder: Binder, node: Node | None) -> Retry:
    """How a call is tried again: its own `retry`, else the workflow's default, else once."""
    if node is None:
        return binder.retries.get("default", Retry())
    if isinstance(node, ScalarNode):
        return _named(binder, node)
    if isinstance(node, MapNode):
        used = node.get("use")
        return _changed(binder, _named(binder, used) if isinstance(used, ScalarNode) else Retry(), node)
    return Retry()


def _named(binder: Binder, node: ScalarNode) -> Retry:
    name = binder.string(node)
    if name is None:
        return Retry()
    if name not in binder.retries:
        known = list(binder.retries)
        # The policy that is meant is used; one mistake is told once.
        binder.used_retries |= {meant} if (meant := nearest(name, known)) is not None else set()
        hint = did_you_mean(name, known) or (f"declared are {one_of(known)}" if known else "declare it under `retries`")
        binder.report("E209", node.span, f'the retry policy "{shorten(name)}" is not declared', "no such policy", hint)
        return Retry(span=node.span)
    binder.used_retries.add(name)
    return replace(binder.retries[name], span=node.span)


def _changed(binder: Binder, policy: Retry, node: MapNode) -> Retry:
    """The policy with what the node says changed."""
    attempts, backoff = binder.integer(node.get("max_attempts")), binder.number(node.get("backoff"))
    first, longest = binder.duration(node.get("initial_delay")), binder.duration(node.get("max_delay"))
    duration, jitter = binder.duration(node.get("max_duration")), binder.string(node.get("jitter"))
    return replace(
        policy,
        max_attempts=policy.max_attempts if attempts is None else attempts,
        initial_delay=policy.initial_delay if first is None else first,
        backoff=policy.backoff if backoff is None else float(backoff),
        max_delay=policy.max_delay if longest is None else longest,
        max_duration=policy.max_duration if duration is None else duration,
        jitter=policy.jitter if jitter is None else "full" if jitter == "full" else "none",
        only_on=_names(binder, node, "only_on", policy.only_on),
        never_on=_names(binder, node, "never_on", policy.never_on),
        span=node.span,
    )


def _names(binder: Binder, node: MapNode, key: str, known: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name, _ in binder.strings(node.get(key))) if key in node else known
