"""Annotations of Python functions, as far as they are plain: names of aliases and of classes are not resolved."""

from __future__ import annotations

import ast
from collections.abc import Callable

from flowbridge.model.activities import Annotation
from flowbridge.text.source import Span

_SAME = {
    **{name: name for name in ("str", "int", "float", "bool", "list", "dict", "None", "object", "Any")},
    **dict.fromkeys(("List", "Sequence", "Iterable", "Collection", "MutableSequence"), "list"),
    **dict.fromkeys(("Dict", "Mapping", "MutableMapping"), "dict"),
}
_DEEPEST = 20

Place = Callable[[ast.expr], Span]


def annotation(node: ast.expr, place: Place, depth: int = 0) -> Annotation:
    """The annotation that an expression is."""
    span = place(node)
    unknown = Annotation("?", (), span)
    if depth > _DEEPEST:
        return unknown
    match node:
        case ast.Constant(value=None):
            return Annotation("None", (), span)
        case ast.Constant(value=str(text)):
            return _quoted(text, span, depth)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return Annotation(_SAME.get(name, "?"), (), span)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            both = (annotation(left, place, depth + 1), annotation(right, place, depth + 1))
            return Annotation("|", both, span)
        case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=inner):
            return _generic(name, inner, place, depth, span)
        case _:
            return unknown


def _quoted(text: str, span: Span, depth: int) -> Annotation:
    """An annotation in quotes; its parts are shown at the whole of it."""
    try:
        inner = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Annotation("?", (), span)
    return annotation(inner, lambda _: span, depth + 1)


def _generic(name: str, inner: ast.expr, place: Place, depth: int, span: Span) -> Annotation:
    parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    if name == "Optional":
        return Annotation("|", (annotation(inner, place, depth + 1), Annotation("None", (), span)), span)
    if name == "Annotated":
        return annotation(parts[0], place, depth + 1)
    if (
        name == "Literal"
        and parts
        and all(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in parts)
    ):
        return Annotation("str", (), span)
    if name == "Union":
        return Annotation("|", tuple(annotation(one, place, depth + 1) for one in parts), span)
    known = _SAME.get(name, "?")
    if known not in ("list", "dict"):
        return Annotation("?", (), span)
    return Annotation(known, tuple(annotation(one, place, depth + 1) for one in parts), span)
