"""What may be written in an expression: names in sight, the fields of a value, functions and types."""

from __future__ import annotations

from collections.abc import Iterator

from flowbridge.lsp.holes import Piece, chain_before, comprehensions
from flowbridge.lsp.suggestion import Suggestion
from flowbridge.lsp.things import Things
from flowbridge.lsp.told import about_field, about_function, about_step, about_type
from flowbridge.model.assignability import describe, present
from flowbridge.model.expression import Expression
from flowbridge.model.functions import FUNCTIONS
from flowbridge.model.inference import Scope, infer
from flowbridge.model.types import ArrayType, ObjectType, Type, UnknownType
from flowbridge.read.expressions import read_expression
from flowbridge.read.placed import Placed
from flowbridge.text.diagnostic import ignore
from flowbridge.text.source import Source, Span

_WORDS = {
    "input": "what the instance was started with",
    "config": "the settings",
    "run": "the instance",
    "error": "the error that failed the workflow",
    "payload": "what the event brings",
}
_OPERATORS = ("and", "or", "not", "in", "is", "if", "else", "for", "True", "False", "None")


def suggest_in_expression(
    text: str, piece: Piece, offset: int, scope: Scope, things: Things | None
) -> Iterator[Suggestion]:
    """What may be written at an offset of the expression `piece`; nothing within a quoted text."""
    chain = chain_before(text, piece.start, offset)
    if chain is None:
        return
    end = _word_end(text, offset, max(piece.end, offset))
    scope = with_variables(text[piece.start : piece.end], scope)
    if chain.target is not None:
        yield from _fields(type_of(chain.target, scope), chain.start, end)
        return
    for name, given in scope.names.items():
        step = things.by_id.get(name) if things is not None and name not in _WORDS else None
        kind = "step" if step is not None else "variable"
        words = about_step(step) if step is not None else _WORDS.get(name, "")
        yield Suggestion(name, kind, chain.start, end, describe(given), words, rank=1)
    for function in FUNCTIONS.values():
        insert = f"{function.name}()" if not function.parameters else f"{function.name}("
        if text[end : end + 1] == "(":
            insert = function.name
        yield Suggestion(
            function.name, "function", chain.start, end, function.signature, about_function(function), insert, rank=3
        )
    for name, given in scope.types.items():
        yield Suggestion(name, "type", chain.start, end, "makes one", about_type(given), f"{name}(", rank=4)
    for word in _OPERATORS:
        yield Suggestion(word, "value", chain.start, end, rank=6)


def type_of(target: str, scope: Scope) -> Type:
    """The type of an expression that is given as text; `UnknownType` for one that cannot be read."""
    expression = _expression(target)
    return infer(expression, scope) if expression is not None else UnknownType()


def with_variables(expression: str, scope: Scope) -> Scope:
    """A scope with the variables of an expression's comprehensions, whether the expression is whole or not."""
    for name, items in comprehensions(expression):
        given = present(type_of(items, scope))
        scope = scope.having(name, given.items if isinstance(given, ArrayType) else UnknownType())
    return scope


def _expression(text: str) -> Expression | None:
    span = Span(Source("", text), 0, len(text))
    return read_expression(Placed(text, span, tuple(range(len(text) + 1))), ignore)


def _fields(given: Type, start: int, end: int) -> Iterator[Suggestion]:
    given = present(given)
    if not isinstance(given, ObjectType):
        return
    for field in given.fields:
        yield Suggestion(field.name, "field", start, end, describe(field.read_type), about_field(field), rank=1)


def _word_end(text: str, at: int, end: int) -> int:
    while at < end and (text[at].isalnum() or text[at] == "_"):
        at += 1
    return at
