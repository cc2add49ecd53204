"""Findings as the protocol's diagnostics."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types as lsp

from flowbridge.assets import asset
from flowbridge.lsp.lines import Lines, Unit
from flowbridge.text.diagnostic import Diagnostic
from flowbridge.text.source import Source, Span

_SEVERITIES = {"error": lsp.DiagnosticSeverity.Error, "warning": lsp.DiagnosticSeverity.Warning}


class Places:
    """Spans as ranges of the protocol; the lines of each source are told once."""

    def __init__(self, uri: str, lines: Lines, shown: str, unit: Unit) -> None:
        self._uri, self._shown = uri, shown
        self._unit: Unit = unit
        self._lines: dict[str, Lines] = {shown: lines}

    def is_own(self, span: Span) -> bool:
        """Whether a span is in the file that is open, and not in one beside it."""
        return span.source.path == self._shown

    def range(self, span: Span) -> lsp.Range:
        """A span as a range."""
        return to_range(self._of(span.source), span.start, span.end)

    def location(self, span: Span) -> lsp.Location:
        """A span with its file."""
        uri = self._uri if self.is_own(span) else to_uri(span.source.path)
        return lsp.Location(uri, self.range(span))

    def _of(self, source: Source) -> Lines:
        if source.path not in self._lines:
            self._lines[source.path] = Lines(source.text, self._unit)
        return self._lines[source.path]


def to_range(lines: Lines, start: int, end: int) -> lsp.Range:
    """Offsets as a range."""
    return lsp.Range(lsp.Position(*lines.position(start)), lsp.Position(*lines.position(max(start, end))))


def to_uri(path: str) -> str:
    """The address of a file; the path as it is where it is not absolute."""
    found = Path(path)
    return found.as_uri() if found.is_absolute() else path


def to_diagnostic(one: Diagnostic, places: Places) -> lsp.Diagnostic:
    """A finding; one about a file beside the open one stands where the open one speaks of the same."""
    span, related = one.span, [(each.span, each.message) for each in one.related]
    if not places.is_own(span):
        related = [(span, one.label or "here"), *related]
        own = next((each.span for each in one.related if places.is_own(each.span)), None)
        span = own if own is not None else None
    message = f"{one.message}\nhint: {one.hint}" if one.hint else one.message
    return lsp.Diagnostic(
        range=places.range(span) if span is not None else lsp.Range(lsp.Position(0, 0), lsp.Position(0, 0)),
        message=message,
        severity=_SEVERITIES[one.severity],
        code=one.rule,
        code_description=lsp.CodeDescription(page_of(one)),
        source="flowbridge",
        related_information=[
            lsp.DiagnosticRelatedInformation(places.location(each), words or "here") for each, words in related
        ],
    )


def page_of(one: Diagnostic) -> str:
    """The address of what `flowbridge explain` says of a finding: its heading in ERRORS.md."""
    return f"{asset('spec', 'ERRORS.md').as_uri()}#{one.rule.lower()}-{one.entry.slug}"
