"""Everything that expressions and data do wrong: names out of sight, fields, types, values that may be missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress

from flowbridge.model.analysis import analyse
from flowbridge.model.workflow import Workflow
from flowbridge.text.diagnostic import Diagnostic, EnoughError, Findings


def check(workflow: Workflow, others: Mapping[str, Workflow] | None = None) -> Iterator[Diagnostic]:
    """Walks the workflow once with the walk that the plan uses, and passes on what it reports."""
    found = Findings()
    with suppress(EnoughError):
        analyse(workflow, found.report, others)
    yield from found.all
