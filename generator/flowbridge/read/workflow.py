"""`Source` to `Workflow`: the whole front door, with every finding of it in one run."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from flowbridge.model.structure import every_step
from flowbridge.model.workflow import Workflow
from flowbridge.read.bind import bind
from flowbridge.read.comments import check_comments, silenced_lines
from flowbridge.read.document import parse
from flowbridge.read.nodes import Document
from flowbridge.read.schema import check_shape
from flowbridge.text.diagnostic import CompileError, Diagnostic, EnoughError, Findings, in_order
from flowbridge.text.source import Source

MOST_STEPS = 2_000
"""Steps of one workflow, inner ones included; each is code of one generated function."""


def read_workflow(source: Source) -> tuple[Workflow | None, tuple[Diagnostic, ...]]:
    """The workflow that a source describes, and what was found; None where something found is an error."""
    try:
        document = parse(source)
    except CompileError as error:
        return None, error.diagnostics
    findings = Findings()
    workflow = None
    with suppress(EnoughError):
        workflow = bind(document, check_shape(document, findings), findings)
        workflow = replace(workflow, ignored=silenced_lines(document))
        _count(workflow, document, findings)
        for one in check_comments(document):
            findings.report(one)
    found = in_order(findings.all)
    return (None if any(one.severity == "error" for one in found) else workflow), found


def _count(workflow: Workflow, document: Document, findings: Findings) -> None:
    count = sum(1 for _ in every_step(workflow.all_steps))
    if count > MOST_STEPS:
        entry = document.root.entry("steps")
        span = entry.key_span if entry is not None else document.root.span
        words = f"the workflow has {count:,} steps, and {MOST_STEPS:,} are the most"
        findings.report(
            Diagnostic("E123", span, words, "too many", "loop with for_each over data, or split the workflow")
        )
