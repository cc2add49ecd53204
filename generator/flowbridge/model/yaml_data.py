"""Data as the author wrote it: YAML with `${ … }` leaves."""

from __future__ import annotations

from dataclasses import dataclass, field

from flowbridge.model.expression import Expression
from flowbridge.text.source import Span


@dataclass(frozen=True)
class Scalar:
    """A YAML scalar without an expression."""

    value: bool | int | float | str | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Computed:
    """A scalar that is one whole `${ … }`: it keeps the expression's type."""

    expression: Expression
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Template:
    """Text with `${ … }` in it: always text; the parts are in order."""

    parts: tuple[str | Expression, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Mapping:
    """A YAML map; the names keep their order, `name_spans` is parallel to `fields`."""

    fields: tuple[tuple[str, Data], ...]
    span: Span = field(compare=False, repr=False)
    name_spans: tuple[Span, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True)
class Sequence:
    """A YAML list."""

    items: tuple[Data, ...]
    span: Span = field(compare=False, repr=False)


Data = Scalar | Computed | Template | Mapping | Sequence
Text = Scalar | Computed | Template
