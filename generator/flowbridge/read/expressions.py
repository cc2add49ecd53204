"""The text of an expression to the model's `Expression`, by Python's own parser and with every place kept.

Python reads the text, and what it gives is walked by `_Walk`, which knows the kinds of the language and refuses the
rest with a cure. Nothing is ever evaluated.
"""

from __future__ import annotations

import ast
from itertools import accumulate
from typing import cast

from flowbridge.model import expression as model
from flowbridge.model.expression import Expression
from flowbridge.model.functions import FUNCTIONS
from flowbridge.read.placed import Placed
from flowbridge.read.python_kinds import COMPARISONS, CURES, OPERATOR_CURES, OPERATORS
from flowbridge.read.python_text import parse_python
from flowbridge.read.scalars import EXACT
from flowbridge.read.templates import outside_quotes
from flowbridge.text.diagnostic import Diagnostic, Report
from flowbridge.text.source import Span

LONGEST = 4_000
DEEPEST = 60


class _RefusedError(Exception):
    """An expression that has been reported."""


def read_expression(placed: Placed, report: Report) -> Expression | None:
    """The expression of a text; None where it was reported as wrong."""
    text = placed.text.replace("\r", " ").replace("\n", " ")
    if len(text) > LONGEST:
        report(
            _finding(
                "E134",
                placed.whole,
                f"the expression has {len(text)} characters, and {LONGEST:,} are allowed",
                "too long",
                "split it with `set` steps, or write an activity",
            )
        )
        return None
    start = len(text) - len(text.lstrip())
    body = text.strip()
    inner = placed.piece(start, start + len(body))
    if not body:
        report(_finding("E130", placed.whole, "the expression is empty", "nothing here"))
        return None
    if (sign := outside_quotes(body, "#")) is not None:
        report(
            _finding(
                "E130",
                inner.span(sign, sign + 1),
                "an expression has no comments",
                "a comment",
                "put the comment into the YAML",
            )
        )
        return None
    tree = parse_python(body, inner, report)
    if tree is None:
        return None
    try:
        return _Walk(inner, body, report).expression(tree, 0)
    except _RefusedError:
        return None


def _finding(rule: str, span: Span, message: str, label: str = "", hint: str | None = None) -> Diagnostic:
    return Diagnostic(rule, span, message, label, hint)


class _Walk:
    """Python's tree to the model's; raises `_RefusedError` after a report that leaves nothing to go on with."""

    def __init__(self, placed: Placed, text: str, report: Report) -> None:
        self._placed = placed
        self._report = report
        self._text = text
        self._characters: list[int] | None = None
        if not text.isascii():
            sizes = [len(one.encode("utf-8", "surrogatepass")) for one in text]
            ends = list(accumulate(sizes, initial=0))
            self._characters = [0] * (ends[-1] + 1)
            for index, byte in enumerate(ends):
                self._characters[byte] = index

    def expression(self, node: ast.expr, depth: int) -> Expression:
        if depth > DEEPEST:
            raise self._refuse(
                "E134", node, "the expression is nested too deeply", "too deep", "split it with `set` steps"
            )
        span = self._span(node)
        match node:
            case ast.Constant():
                return self._constant(node, span)
            case ast.Name():
                return self._name(node, span)
            case ast.Attribute():
                return self._attribute(node, span, depth)
            case ast.Subscript():
                return self._index(node, span, depth)
            case ast.List():
                return model.ListOf(tuple(self.expression(one, depth + 1) for one in node.elts), span)
            case ast.Compare():
                return self._compare(node, span, depth)
            case ast.BoolOp():
                operands = tuple(self.expression(one, depth + 1) for one in node.values)
                return model.Logic("and" if isinstance(node.op, ast.And) else "or", operands, span)
            case ast.UnaryOp():
                return self._unary(node, span, depth)
            case ast.BinOp():
                return self._arithmetic(node, span, depth)
            case ast.IfExp():
                condition, then, otherwise = (
                    self.expression(one, depth + 1) for one in (node.test, node.body, node.orelse)
                )
                return model.Conditional(condition, then, otherwise, span)
            case ast.ListComp():
                return self._comprehension(node, span, depth)
            case ast.Call():
                return self._call(node, span, depth)
            case ast.GeneratorExp():
                raise self._refuse(
                    "E131",
                    node,
                    "a comprehension without brackets stands alone",
                    "no list",
                    "put it into brackets: [x for x in items]",
                )
            case _:
                what, hint = CURES.get(type(node), ("this", "see `flowbridge explain E131` for what there is"))
                raise self._refuse("E131", node, f"{what} is not part of the language", "not an expression here", hint)

    # ---- places

    def _offset(self, byte: int) -> int:
        if self._characters is None:
            return byte
        return self._characters[min(byte, len(self._characters) - 1)]

    def _range(self, node: ast.expr | ast.keyword) -> tuple[int, int]:
        return self._offset(node.col_offset), self._offset(node.end_col_offset or node.col_offset)

    def _span(self, node: ast.expr | ast.keyword) -> Span:
        return self._placed.span(*self._range(node))

    def _refuse(self, rule: str, node: ast.expr, message: str, label: str, hint: str | None = None) -> _RefusedError:
        return self._refuse_at(rule, self._span(node), message, label, hint)

    def _refuse_at(self, rule: str, span: Span, message: str, label: str, hint: str | None = None) -> _RefusedError:
        self._report(_finding(rule, span, message, label, hint))
        return _RefusedError()

    # ---- kinds

    def _constant(self, node: ast.Constant, span: Span) -> Expression:
        value = cast("object", node.value)
        if value is None or isinstance(value, bool):
            return model.Constant(value, span)
        if isinstance(value, str):
            start, _ = self._range(node)
            opening = self._text[start : start + 4].lstrip("rRuU")
            if opening.startswith(("'''", '"""')):
                raise self._refuse("E131", node, "a text in three quotes", "three quotes", "use one quote on each side")
            if any("\ud800" <= one <= "\udfff" or one == "\0" for one in value):
                raise self._refuse("E112", node, "a character that may not stand in a text", "written as an escape")
            return model.Constant(value, span)
        if isinstance(value, int | float):
            if value != value or abs(value) > (EXACT if isinstance(value, int) else 1.7976931348623157e308):
                raise self._refuse("E113", node, "a number that cannot be carried exactly", "this number")
            return model.Constant(value, span)
        raise self._refuse("E131", node, "only texts, numbers, True, False and None are constants", "not a constant")

    def _name(self, node: ast.Name, span: Span) -> Expression:
        if node.id in ("true", "false", "null", "none"):
            right = {"true": "True", "false": "False"}.get(node.id, "None")
            raise self._refuse(
                "E130", node, f'"{node.id}" is written {right} in an expression', "not a name", f"write {right}"
            )
        return model.Name(node.id, span)

    def _attribute(self, node: ast.Attribute, span: Span, depth: int) -> Expression:
        start, end = self._range(node)
        name_span = self._placed.span(max(start, end - len(node.attr)), end)
        if node.attr.startswith("_"):
            raise self._refuse_at(
                "E131", name_span, f'a field may not begin with an underscore: "{node.attr}"', "not a field"
            )
        return model.Attribute(self.expression(node.value, depth + 1), node.attr, span, name_span)

    def _index(self, node: ast.Subscript, span: Span, depth: int) -> Expression:
        return model.Index(self.expression(node.value, depth + 1), self.expression(node.slice, depth + 1), span)

    def _compare(self, node: ast.Compare, span: Span, depth: int) -> Expression:
        operands = [self.expression(one, depth + 1) for one in (node.left, *node.comparators)]
        single = [
            model.Compare(left, COMPARISONS[type(operator)], right, self._between(left, right, span))
            for left, operator, right in zip(operands[:-1], node.ops, operands[1:], strict=True)
        ]
        if len(single) == 1:
            return model.Compare(single[0].left, single[0].operator, single[0].right, span)
        return model.Logic("and", tuple(single), span)

    @staticmethod
    def _between(left: Expression, right: Expression, whole: Span) -> Span:
        return Span(whole.source, left.span.start, right.span.end)

    def _unary(self, node: ast.UnaryOp, span: Span, depth: int) -> Expression:
        match node.op:
            case ast.Not():
                return model.Not(self.expression(node.operand, depth + 1), span)
            case ast.USub():
                return model.Negate(self.expression(node.operand, depth + 1), span)
            case _:
                sign = "~" if isinstance(node.op, ast.Invert) else "+"
                raise self._refuse(
                    "E131", node, f'"{sign}" before a value is not part of the language', "not an operator"
                )

    def _arithmetic(self, node: ast.BinOp, span: Span, depth: int) -> Expression:
        operator = OPERATORS.get(type(node.op))
        if operator is None:
            hint = OPERATOR_CURES.get(type(node.op))
            raise self._refuse("E131", node, "this operator is not part of the language", "known: + - * / // %", hint)
        left, right = self.expression(node.left, depth + 1), self.expression(node.right, depth + 1)
        return model.Arithmetic(left, operator, right, span)

    def _comprehension(self, node: ast.ListComp | ast.GeneratorExp, span: Span, depth: int) -> Expression:
        if len(node.generators) != 1:
            raise self._refuse(
                "E131",
                node,
                "a comprehension has one `for`",
                "two of them",
                "make the inner list in a `set` step before",
            )
        part = node.generators[0]
        if part.is_async or not isinstance(part.target, ast.Name):
            raise self._refuse(
                "E131",
                part.target,
                "a comprehension has one variable",
                "not one name",
                "write `for x in items` and read x.name",
            )
        return model.Comprehension(
            self.expression(node.elt, depth + 1),
            part.target.id,
            self.expression(part.iter, depth + 1),
            tuple(self.expression(one, depth + 1) for one in part.ifs),
            span,
        )

    def _call(self, node: ast.Call, span: Span, depth: int) -> Expression:
        if not isinstance(node.func, ast.Name):
            raise self._refuse("E131", node.func, self._method_words(node), "not a function", self._method_cure(node))
        name, name_span = node.func.id, self._span(node.func)
        if name[:1].isupper() and name.isidentifier():
            return self._construct(node, name, span, name_span, depth)
        if node.keywords:
            raise self._refuse_at(
                "E131",
                self._span(node.keywords[0]),
                f"{name} takes its arguments by position",
                "a name for an argument",
                "leave the name out",
            )
        arguments = tuple(
            self._comprehension(one, self._span(one), depth + 1)
            if isinstance(one, ast.GeneratorExp)
            else self.expression(one, depth + 1)
            for one in node.args
        )
        return model.FunctionCall(name, arguments, span, name_span)

    def _construct(self, node: ast.Call, name: str, span: Span, name_span: Span, depth: int) -> Expression:
        if node.args:
            raise self._refuse(
                "E131", node.args[0], f"{name} takes its fields by name", "which field?", f"write {name}(field=value)"
            )
        if (star := next((one for one in node.keywords if one.arg is None), None)) is not None:
            raise self._refuse_at("E131", self._span(star), "a star is not part of the language", "not a field")
        fields = tuple((one.arg or "", self.expression(one.value, depth + 1)) for one in node.keywords)
        return model.Construct(name, fields, span, name_span)

    def _method_words(self, node: ast.Call) -> str:
        if isinstance(node.func, ast.Attribute):
            return f'values have no methods: "{node.func.attr}" cannot be called on one'
        return "only functions of the language can be called"

    def _method_cure(self, node: ast.Call) -> str | None:
        if isinstance(node.func, ast.Attribute) and node.func.attr in FUNCTIONS:
            target = self._text[slice(*self._range(node.func.value))]
            shown = target if len(target) <= 30 else "x"
            rest = ", …" if node.args else ""
            return f"write {node.func.attr}({shown}{rest})"
        return "an activity can do what no function does"
