"""`Source` to `Workflow`: the whole front door, with every finding of it in one run."""

from __future__ import annotations

from flowbridge.model.workflow import Workflow
from flowbridge.read.bind import bind
from flowbridge.read.comments import check_comments
from flowbridge.read.document import parse
from flowbridge.read.schema import check_shape
from flowbridge.text.diagnostic import CompileError, Diagnostic, in_order
from flowbridge.text.source import Source


def read_workflow(source: Source) -> tuple[Workflow | None, tuple[Diagnostic, ...]]:
    """The workflow that a source describes, and what was found; None where something found is an error."""
    try:
        document = parse(source)
    except CompileError as error:
        return None, error.diagnostics
    findings, faulty = check_shape(document)
    workflow, more = bind(document, faulty)
    found = in_order([*findings, *more, *check_comments(document)])
    return (None if any(one.severity == "error" for one in found) else workflow), found
