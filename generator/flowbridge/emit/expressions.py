"""Expressions and data as Python: what the author wrote, as the Python that it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from keyword import iskeyword
from typing import assert_never

from flowbridge.emit.code import literal, quoted, string
from flowbridge.emit.f_strings import Insert, f_string
from flowbridge.emit.layout import Bracket, Chain, Doc, Joined, call, flat, keyword
from flowbridge.model.expression import (
    Arithmetic,
    Attribute,
    Compare,
    Comprehension,
    Conditional,
    Constant,
    Construct,
    Expression,
    FunctionCall,
    Index,
    ListOf,
    Logic,
    Name,
    Negate,
    Not,
)
from flowbridge.model.functions import FUNCTIONS
from flowbridge.model.inference import Scope, infer
from flowbridge.model.types import (
    ABSENT,
    ArrayType,
    EnumType,
    IntegerType,
    MapType,
    NumberType,
    ObjectType,
    OptionalType,
    StringType,
    Type,
)
from flowbridge.model.workflow import Computed, Data, Scalar, Sequence, Template, Text
from flowbridge.model.workflow import Mapping as YamlMapping
from flowbridge.text.diagnostic import ignore

# How tightly Python binds what a node is written as; a looser operand gets parentheses.
_CONDITIONAL, _OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _UNARY, _ATOM = range(9)


@dataclass(frozen=True)
class Writer:
    """Writes expressions in one function: `names` maps the YAML's names to Python's, `scope` has their types."""

    names: Mapping[str, str]
    scope: Scope

    # ---- expressions

    def expression(self, node: Expression, binding: int = _CONDITIONAL) -> Doc:
        """An expression, in parentheses if it binds more loosely than `binding` asks for."""
        own, doc = self._written(node)
        return Bracket("(", (_enclosed(doc),), ")", bare=True) if own < binding else doc

    def _written(self, node: Expression) -> tuple[int, Doc]:
        """An expression as a document, and how tightly its outermost operator binds."""
        match node:
            case Constant():
                return _ATOM, literal(node.value)
            case Name():
                return _ATOM, "run.info" if node.name == "run" else self.names[node.name]
            case Attribute():
                return _ATOM, Joined((self.expression(node.target, _ATOM), f"[{quoted(node.name)}]"))
            case Index():
                if isinstance(infer(node.target, self.scope, ignore), MapType):
                    key = Bracket("(", (_enclosed(self.expression(node.index)),), ")", bare=True)
                    return _ATOM, Joined((self.expression(node.target, _ATOM), ".get", key))
                index = Bracket("[", (_enclosed(self.expression(node.index)),), "]", bare=True)
                return _ATOM, Joined((self.expression(node.target, _ATOM), index))
            case ListOf():
                return _ATOM, Bracket("[", tuple(self.expression(item) for item in node.items), "]")
            case Compare():
                left, right = self.expression(node.left, _SUM), self.expression(node.right, _SUM)
                return _COMPARE, Chain((("", left), (f"{node.operator} ", right)))
            case Logic():
                binding = _OR if node.operator == "or" else _AND
                # An `and` within an `or` needs no parentheses, but is easier to read with them, as the linter says.
                parts = [self.expression(operand, _NOT) for operand in node.operands]
                return binding, Chain(_between(parts, f"{node.operator} "))
            case Not():
                return self._not(node)
            case Negate(operand=Negate(operand=twice)):
                return self._written(twice)
            case Negate(operand=Constant(value=int() | float() as value)):
                return _UNARY, literal(-value)
            case Negate():
                return _UNARY, Joined(("-", self.expression(node.operand, _UNARY)))
            case Arithmetic():
                binding = _SUM if node.operator in ("+", "-") else _PRODUCT
                left, right = self.expression(node.left, binding), self.expression(node.right, binding + 1)
                return binding, Chain(_joined(left, f"{node.operator} ", right, node, binding))
            case Conditional():
                then, condition = self.expression(node.then, _OR), self.expression(node.condition, _OR)
                otherwise = self.expression(node.otherwise)
                # A condition in the place of `else` goes on in the same chain, as the formatter has it.
                rest = (("", otherwise),)
                if isinstance(node.otherwise, Conditional) and isinstance(otherwise, Chain):
                    rest = otherwise.operands
                return _CONDITIONAL, Chain((("", then), ("if ", condition), ("else ", rest[0][1]), *rest[1:]))
            case Comprehension():
                return _ATOM, Bracket("[", (self._comprehension(node),), "]", bare=True)
            case FunctionCall():
                return self._function(node)
            case Construct():
                return _ATOM, self._construct(node)
            case _:
                assert_never(node)

    def _not(self, node: Not) -> tuple[int, Doc]:
        """A negation; `in` and `is` have negated forms of their own, which the linter asks for."""
        match node.operand:
            case Compare(operator="in" | "is" as operator) as inner:
                return self._written(replace(inner, operator="not in" if operator == "in" else "is not"))
            case FunctionCall(function="contains", arguments=(container, item), span=span):
                return self._written(Compare(item, "not in", container, span))
            case operand:
                return _NOT, Joined(("not ", self.expression(operand, _NOT)))

    def _comprehension(self, node: Comprehension) -> Chain:
        items = infer(node.items, self.scope, ignore)
        item = items.items if isinstance(items, ArrayType) else items
        inner = Writer({**self.names, node.variable: node.variable}, self.scope.having(node.variable, item))
        parts = [("", inner.expression(node.element)), (f"for {node.variable} in ", self.expression(node.items, _OR))]
        parts += [("if ", inner.expression(condition, _OR)) for condition in node.conditions]
        return Chain(tuple(parts), enclosed=True)

    def _function(self, node: FunctionCall) -> tuple[int, Doc]:
        function = FUNCTIONS[node.function]
        if node.function == "coalesce" and len(node.arguments) > 2:
            # Two at a time, because only then the type of the last decides whether the whole may be missing.
            rest = replace(node, arguments=node.arguments[1:])
            return _ATOM, call("coalesce", self.expression(node.arguments[0]), self.expression(rest))
        binding = _COMPARE if function.compound else _ATOM
        plain_call = _PLAIN_CALL.fullmatch(function.python)
        if plain_call is not None:
            return binding, self._plain_call(plain_call[1], node)
        pieces: list[Doc] = []
        for number, piece in enumerate(_PLACEHOLDER.split(function.python)):
            if number % 2:
                argument = int(piece)
                wanted = _ATOM if argument in function.atoms else _CONDITIONAL
                pieces.append(self.expression(node.arguments[argument], wanted))
            else:
                pieces.append(piece)
        return binding, Joined(tuple(pieces))

    def _plain_call(self, name: str, node: FunctionCall) -> Doc:
        """A call that takes the arguments in their order; a list that is only consumed is a generator."""
        only = node.arguments[0] if len(node.arguments) == 1 else None
        if isinstance(only, Comprehension) and name in _CONSUMERS:
            return Joined((name, Bracket("(", (self._comprehension(only),), ")", bare=True)))
        return call(name, *(self.expression(one) for one in node.arguments))

    def _construct(self, node: Construct) -> Doc:
        kind = self.scope.types[node.type_name]
        given = dict(node.fields)
        fields = [
            (one.name, self.expression(given[one.name]) if one.name in given else _default(one.default))
            for one in kind.fields
        ]
        if all(name.isidentifier() and not iskeyword(name) for name, _ in fields):
            return call(node.type_name, *(keyword(name, value) for name, value in fields))
        return Bracket("{", tuple(Joined((quoted(name) + ": ", value)) for name, value in fields), "}")

    # ---- data

    def data(self, node: Data | None, expected: Type) -> Doc:
        """Data of an expected type; fields that were left out are written with their default, or None."""
        inner = expected.inner if isinstance(expected, OptionalType) else expected
        match node:
            case None:
                return self._object({}, inner) if isinstance(inner, ObjectType) else "None"
            case Scalar():
                value = (
                    float(node.value) if isinstance(inner, NumberType) and isinstance(node.value, int) else node.value
                )
                return literal(value)
            case Computed():
                return self.expression(node.expression)
            case Template():
                return self.text(node)
            case Sequence():
                items = inner.items if isinstance(inner, ArrayType) else inner
                return Bracket("[", tuple(self.data(one, items) for one in node.items), "]")
            case YamlMapping():
                return self._object(dict(node.fields), inner)
            case _:
                assert_never(node)

    def _object(self, given: Mapping[str, Data], expected: Type) -> Doc:
        pairs: list[tuple[str, Doc]] = []
        if isinstance(expected, ObjectType):
            for one in expected.fields:
                value = self.data(given[one.name], one.type) if one.name in given else _default(one.default)
                pairs.append((one.name, value))
        else:
            values = expected.values if isinstance(expected, MapType) else expected
            pairs = [(name, self.data(value, values)) for name, value in given.items()]
        return Bracket("{", tuple(Joined((quoted(name) + ": ", value)) for name, value in pairs), "}")

    def text(self, node: Text | None) -> Doc:
        """Text with expressions in it: one f-string, or a sum of texts where the quotes do not allow one."""
        match node:
            case None:
                return '""'
            case Scalar():
                return string(node.value if isinstance(node.value, str) else str(node.value))
            case Computed():
                return self._as_text(node.expression, _CONDITIONAL)
            case Template():
                parts = [p if isinstance(p, str) else Insert(flat(self._insert(p))) for p in node.parts]
                return f_string(parts) or Chain(
                    _between([string(p) if isinstance(p, str) else self._as_text(p) for p in node.parts], "+ ")
                )

    def _as_text(self, node: Expression, binding: int = _SUM) -> Doc:
        kind = infer(node, self.scope, ignore)
        plain = isinstance(kind, StringType | EnumType)
        return self.expression(node, binding) if plain else call("text", self.expression(node))

    def _insert(self, node: Expression) -> Doc:
        kind = infer(node, self.scope, ignore)
        return self.expression(node) if isinstance(kind, StringType | EnumType | IntegerType) else self._as_text(node)


_CONSUMERS = frozenset({"sum", "any", "all", "sorted"})
_PLAIN_CALL = re.compile(r"([\w.]+)\((?:\{all\}|(?:\{\d\}(?:, )?)*)\)")
_PLACEHOLDER = re.compile(r"\{(\d)\}")


def _default(value: object) -> Doc:
    return "None" if value is ABSENT else literal(value)


def _enclosed(doc: Doc) -> Doc:
    return Chain(doc.operands, enclosed=True) if isinstance(doc, Chain) else doc


def _between(parts: list[Doc], operator: str) -> tuple[tuple[str, Doc], ...]:
    return tuple((operator if number else "", part) for number, part in enumerate(parts))


def _joined(left: Doc, operator: str, right: Doc, node: Arithmetic, binding: int) -> tuple[tuple[str, Doc], ...]:
    """A sum's or product's operands; those of a left operand of the same kind are taken in, as the formatter does."""
    same = isinstance(node.left, Arithmetic) and (_SUM if node.left.operator in ("+", "-") else _PRODUCT) == binding
    before = left.operands if same and isinstance(left, Chain) else (("", left),)
    return (*before, (operator, right))
