"""The steps of a workflow as a tree, for the outline of an editor."""

from __future__ import annotations

from dataclasses import dataclass

from flowbridge.lsp.reading import Reading
from flowbridge.lsp.told import kind_of
from flowbridge.model.structure import held
from flowbridge.model.workflow import Raise, Return, Step


@dataclass(frozen=True)
class Symbol:
    """A step: how it is called, what it does, the place of all of it and of its name, and the steps within it."""

    name: str
    detail: str
    start: int
    end: int
    name_start: int
    name_end: int
    ends: bool
    inner: tuple[Symbol, ...]


def symbols(reading: Reading) -> tuple[Symbol, ...]:
    """The steps of a reading, those after a failure and after any end among them."""
    return tuple(_symbol(one) for one in reading.workflow.all_steps) if reading.workflow is not None else ()


def _symbol(step: Step) -> Symbol:
    span, named = step.common.span, step.common.id_span
    kind = kind_of(step)
    inner = tuple(_symbol(one) for _, steps in held(step) for one in steps)
    ends = isinstance(step, Raise | Return)
    start, end = (named.start, named.end) if named is not None else (span.start, min(span.start + 1, span.end))
    return Symbol(step.common.id or kind, kind if step.common.id else "", span.start, span.end, start, end, ends, inner)
