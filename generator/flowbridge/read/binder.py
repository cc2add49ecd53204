"""What every part of `bind` stands on: the findings, the declared types, and the readers of single values.

The schema has already been walked. A value of the wrong kind has been reported there, so the readers give None for it
and say nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from flowbridge.model import workflow as model
from flowbridge.model.durations import parse_duration
from flowbridge.model.expression import Constant, Expression
from flowbridge.model.types import Type
from flowbridge.model.workflow import Data, Retry, Text
from flowbridge.read.expressions import read_expression
from flowbridge.read.nodes import ListNode, MapNode, Node, ScalarNode, shorten
from flowbridge.read.placed import place
from flowbridge.read.templates import Hole, holds_template, split
from flowbridge.text.diagnostic import Diagnostic, Findings, Related
from flowbridge.text.source import Span


@dataclass
class Binder:
    """Collects findings while a document becomes a workflow; `faulty` are the nodes that the schema refused."""

    faulty: frozenset[int]
    findings: Findings
    types: dict[str, Type] = field(default_factory=dict[str, Type])
    retries: dict[str, Retry] = field(default_factory=dict[str, Retry])
    used_retries: set[str] = field(default_factory=set[str])

    def report(
        self,
        rule: str,
        span: Span,
        message: str,
        label: str = "",
        hint: str | None = None,
        related: tuple[Related, ...] = (),
    ) -> None:
        """Adds a finding."""
        self.findings.report(Diagnostic(rule, span, message, label, hint, related))

    # ---- plain values

    def string(self, node: Node | None) -> str | None:
        """A text as it was written."""
        if isinstance(node, ScalarNode) and isinstance(node.value, str) and id(node) not in self.faulty:
            return node.value
        return None

    def integer(self, node: Node | None) -> int | None:
        """A whole number."""
        number = self.number(node)
        return int(number) if number is not None and float(number).is_integer() else None

    def number(self, node: Node | None) -> int | float | None:
        """A number."""
        if isinstance(node, ScalarNode) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
            return node.value if id(node) not in self.faulty else None
        return None

    def boolean(self, node: Node | None) -> bool | None:
        """True or false."""
        return node.value if isinstance(node, ScalarNode) and isinstance(node.value, bool) else None

    def strings(self, node: Node | None) -> tuple[tuple[str, Span], ...]:
        """A list of texts with their places."""
        if not isinstance(node, ListNode):
            return ()
        found = ((self.string(one), one.span) for one in node.items)
        return tuple((text, span) for text, span in found if text is not None)

    def duration(self, node: Node | None) -> float | None:
        """Seconds."""
        text = self.string(node)
        if text is None or node is None:
            return None
        seconds = parse_duration(text)
        if seconds is None:
            self.report("E140", node.span, f'"{shorten(text)}" is longer than a century', "too long")
        return seconds

    # ---- expressions and data

    def condition(self, node: Node | None) -> Expression | None:
        """A bare expression: the value of `if`, `when` or `in`."""
        if isinstance(node, ScalarNode) and isinstance(node.value, bool):
            return Constant(node.value, node.span)
        if self.string(node) is None or not isinstance(node, ScalarNode):
            return None
        placed = place(node)
        if (sign := node.text.find("${")) >= 0:
            self.report(
                "E133",
                placed.span(sign, sign + 2),
                "a condition is an expression already",
                "not needed here",
                "write the expression without ${ }",
            )
            return None
        return read_expression(placed, self.findings.report)

    def text(self, node: Node | None) -> Text | None:
        """A text with `${ … }` in it."""
        if self.string(node) is None or not isinstance(node, ScalarNode):
            return None
        return self._scalar(node)

    def data(self, node: Node) -> Data:
        """Any YAML, with `${ … }` in its texts; what was reported stands as None."""
        match node:
            case ScalarNode():
                return self._scalar(node) or model.Scalar(None, node.span)
            case ListNode():
                return model.Sequence(tuple(self.data(one) for one in node.items), node.span)
            case MapNode():
                fields = tuple((one.key, self.data(one.value)) for one in node.entries)
                return model.Mapping(fields, node.span, tuple(one.key_span for one in node.entries))

    def _scalar(self, node: ScalarNode) -> Text | None:
        if not isinstance(node.value, str) or not holds_template(node.value):
            return model.Scalar(node.value, node.span)
        parts = split(place(node), self.findings.report)
        if parts is None:
            return None
        bound: list[str | Expression] = []
        for part in parts:
            if isinstance(part, str):
                bound.append(part)
            elif (found := read_expression(part.inner, self.findings.report)) is not None:
                bound.append(found)
            else:
                return None
        if len(bound) == 1 and isinstance(parts[0], Hole) and not isinstance(bound[0], str):
            return model.Computed(bound[0], node.span)
        if all(isinstance(one, str) for one in bound):
            return model.Scalar("".join(one for one in bound if isinstance(one, str)), node.span)
        return model.Template(tuple(bound), node.span)
