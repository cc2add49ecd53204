"""Names, fields and items: what an expression reads, and why it cannot."""

from __future__ import annotations

from flowbridge.model.assignability import assignable, describe, optional, plain
from flowbridge.model.expression import Attribute, Index, Name
from flowbridge.model.fitting import wrong_type
from flowbridge.model.missing import there
from flowbridge.model.results import COUNTS
from flowbridge.model.sight import Hider, Known, Sight, path_of
from flowbridge.model.types import (
    ArrayType,
    EnumType,
    IntegerType,
    MapType,
    ObjectType,
    Type,
    UnknownType,
)
from flowbridge.text.diagnostic import Diagnostic, Related, Report
from flowbridge.text.suggest import did_you_mean, one_of

UNKNOWN = UnknownType()


def read_name(expression: Name, scope: Sight, report: Report) -> Type:
    """The type of a name."""
    given = scope.names.get(expression.name)
    if given is not None:
        return scope.seen(expression, given)
    name, known = expression.name, scope.known.get(expression.name)
    if known is None:
        hint = did_you_mean(name, scope.names) or f"in sight are {one_of([*scope.names])}"
        words = "no step or variable has this name"
        if name == "config":
            words, hint = "no `config` is declared", "declare the settings: `config: {name: type}`"
        report(Diagnostic("E203", expression.span, f'"{name}" is not defined', words, hint))
    else:
        report(_out_of_sight(expression, known, scope))
    return UNKNOWN


def _out_of_sight(expression: Name, known: Known, scope: Sight) -> Diagnostic:
    name, here = expression.name, (Related(known.span, "its step"),)
    if not known.has_result:
        hint = "declare its `output`; a status, a wait, a switch and a block have none"
        return Diagnostic("E310", expression.span, f'step "{name}" has no result', "nothing to read", hint, here)
    if known.hider.key in scope.within:
        words, hint = f'step "{name}" has not run yet', "a step sees the steps before it"
        return Diagnostic("E213", expression.span, words, "no result here", hint, here)
    words, label, hint = _hidden(known.hider)
    return Diagnostic("E214", expression.span, f'step "{name}" {words}', label, hint, here)


def _hidden(hider: Hider) -> tuple[str, str, str]:
    """Why a name cannot be read: words, label and hint."""
    name = hider.name
    match hider.kind:
        case "for_each":
            hint = f'give it out through `output` of the for_each, and read "{name}.results"'
            return f'runs once for each item of "{name}"', "which item's?", hint
        case "repeat":
            hint = f'give it out through `output` of the repeat, and read "{name}"'
            return f'runs in each turn of "{name}"', "which turn's?", hint
        case "parallel":
            hint = f'give it out through `output` of the branch, and read "{name}.{hider.branch}"'
            return f'runs in the branch "{hider.branch}" of "{name}"', "not in sight", hint
        case "finally":
            return "runs in a `finally`, and is not seen outside of it", "not in sight", "do it in a step of its own"
        case "failed":
            return "has failed here, or may not have run", "no result here", "an error has `code`, `message` and `step`"
        case "steps":
            hint = "here are only `input`, `run` and `config`; pass on what is needed before the end"
            return "may not have run when the workflow ends", "not in sight", hint
        case "on_failure":
            return "runs only after the workflow has failed", "not in sight", "only steps of `on_failure` see it"


def read_field(expression: Attribute, target: Type, scope: Sight, report: Report) -> Type:
    """The type of a field of a value."""
    target = there(expression.target, target, scope, report)
    if isinstance(target, UnknownType):
        return UNKNOWN
    name = expression.name
    if not isinstance(target, ObjectType):
        hint = None
        if isinstance(target, ArrayType):
            hint = f"a list has items: [x.{name} for x in …], or first(…)"
        elif isinstance(target, MapType):
            hint = f'write ["{name}"]'
        words = f'{describe(target)} has no field "{name}"'
        report(Diagnostic("E210", expression.name_span, words, "no such field", hint))
        return UNKNOWN
    field = target.field(name)
    if field is None:
        report(_no_field(expression, target))
        return UNKNOWN
    return scope.seen(expression, field.read_type)


def _no_field(expression: Attribute, target: ObjectType) -> Diagnostic:
    name, names = expression.name, [one.name for one in target.fields]
    root = path_of(expression.target)
    owner = f'"{".".join(root)}"' if root is not None else describe(target)
    words, hint = f'{owner} has no field "{name}"', did_you_mean(name, names) or f"it has {one_of(names)}"
    if set(COUNTS) <= set(names) and name in ("errors", "results"):
        words = f'{owner} has no "{name}"'
        hint = "it has no `output`: write what each item gives"
        if name == "errors":
            hint = "without `tolerated_failures` the first failure fails the step, and there are no errors to read"
    return Diagnostic("E210", expression.name_span, words, "no such field", hint)


def read_item(expression: Index, target: Type, index: Type, scope: Sight, report: Report) -> Type:
    """The type of an item of a list, or of a value of a map, which may be missing."""
    target = there(expression.target, target, scope, report)
    index = there(expression.index, index, scope, report)
    match target:
        case UnknownType():
            return UNKNOWN
        case ArrayType(items=items):
            if not isinstance(index, IntegerType | UnknownType):
                wrong_type("a position in a list", expression.index, index, "a whole number", report)
            return items
        case MapType(values=values):
            if not assignable(plain(index), plain(EnumType(()))):
                wrong_type("a key of a map", expression.index, index, "a text", report)
            return optional(values)
        case _:
            hint = "write .name for a field" if isinstance(target, ObjectType) else None
            words = f"{describe(target)} has no items to pick"
            report(Diagnostic("E305", expression.span, words, "neither list nor map", hint))
            return UNKNOWN
