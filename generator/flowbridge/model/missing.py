"""Values that may be missing: the one message for their use without a guard, and its cure."""

from __future__ import annotations

from flowbridge.model.assignability import present
from flowbridge.model.expression import Expression
from flowbridge.model.sight import Sight, path_of
from flowbridge.model.types import NullType, OptionalType, Type, UnknownType
from flowbridge.text.diagnostic import Diagnostic, Related, Report


def there(expression: Expression, given: Type, scope: Sight, report: Report) -> Type:
    """The type of a value that must be there; reports one that may be missing."""
    if isinstance(given, NullType):
        report(Diagnostic("E303", expression.span, "None is used as if it were a value", "nothing"))
        return UnknownType()
    if not isinstance(given, OptionalType):
        return given
    path = path_of(expression)
    source = expression.span.source.text[expression.span.start : expression.span.end]
    shown = ".".join(path) if path is not None else source
    skipped = scope.skipped.get(path[0]) if path is not None and len(path) == 1 else None
    if skipped is not None:
        message = f'step "{shown}" may not have run, and its result is used'
        related = (Related(skipped, "it runs only under this condition"),)
    else:
        message, related = f'"{shown}" may be missing, and is used as if it were there', ()
    hint = f"test it first (if: {shown} is not None), or give another value: coalesce({shown}, …)"
    if path is None:
        hint = "give another value with coalesce( …, … ), or name it in a `set` step and test that"
    report(Diagnostic("E303", expression.span, message, "may be missing", hint, related))
    return present(given)
