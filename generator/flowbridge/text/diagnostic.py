"""A finding about a source, as data; `show` alone turns it into text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flowbridge.text.rules import RULES, Rule, Severity
from flowbridge.text.source import Span


@dataclass(frozen=True)
class Related:
    """Another place that belongs to a finding, and what is there."""

    span: Span
    message: str


@dataclass(frozen=True)
class Diagnostic:
    """One finding: the rule's code, its place, what is wrong in the author's words, and what would be right.

    `message` is one line without a final dot, `label` stands at the caret, `hint` tells the cure.
    """

    rule: str
    span: Span
    message: str
    label: str = ""
    hint: str | None = None
    related: tuple[Related, ...] = ()

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            raise KeyError(f"no rule has the code {self.rule}")

    @property
    def entry(self) -> Rule:
        """The rule of the table."""
        return RULES[self.rule]

    @property
    def severity(self) -> Severity:
        """Whether it stops a build."""
        return self.entry.severity


Report = Callable[[Diagnostic], None]


def ignore(diagnostic: Diagnostic) -> None:
    """A report for callers that ask about a workflow that is known to be right."""
    del diagnostic


class EnoughError(Exception):
    """So much was found that more would help nobody; what was found until then counts."""


class Findings:
    """Collects diagnostics; raises `EnoughError` past `MOST`: a file of mistakes takes no longer than others."""

    MOST = 200

    def __init__(self) -> None:
        self.all: list[Diagnostic] = []

    def report(self, diagnostic: Diagnostic) -> None:
        """Takes one finding."""
        if len(self.all) >= self.MOST:
            raise EnoughError
        self.all.append(diagnostic)


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Findings sorted by file and place, each told once; the order does not depend on who found them."""
    told: dict[tuple[str, int, int, str, str], Diagnostic] = {}
    for one in diagnostics:
        told.setdefault((one.span.source.path, one.span.start, one.span.end, one.rule, one.message), one)
    return tuple(told[key] for key in sorted(told))


class CompileError(Exception):
    """What the author has to mend: at least one diagnostic that is an error."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = in_order(diagnostics)
        super().__init__("; ".join(f"{one.rule} {one.span.place}: {one.message}" for one in self.diagnostics))
