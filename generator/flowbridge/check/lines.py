"""Where a finding about a whole step is shown."""

from __future__ import annotations

from flowbridge.model.workflow import Step
from flowbridge.text.source import Span


def first_line(step: Step) -> Span:
    """The step's id, or its first line: a span over many lines is shown at its first one."""
    span = step.common.id_span or step.common.span
    line_end = span.source.text.find("\n", span.start)
    return Span(span.source, span.start, min(span.end, line_end) if line_end >= 0 else span.end)
