"""What the names of a workflow mean: each thing that has a name, and every place where it is named."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, assert_never

from flowbridge.lsp.reading import Reading
from flowbridge.lsp.roots import Root, Variable, roots
from flowbridge.model.assignability import present
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
from flowbridge.model.inference import Scope, infer
from flowbridge.model.structure import every_step
from flowbridge.model.types import Field, ObjectType, Type
from flowbridge.model.workflow import Call, ForEach, Raise, RunWorkflow, Step, Workflow
from flowbridge.text.source import Span

Kind = Literal["step", "variable", "value", "field", "function", "type", "activity", "workflow", "error"]


@dataclass(frozen=True)
class Thing:
    """What a name at a place means: `span` is that place, `home` where the thing is declared in the same file.

    `type` is its type there; `field`, `step` and `variable` tell more of what it is.
    """

    kind: Kind
    name: str
    span: Span
    home: Span | None = None
    type: Type | None = None
    field: Field | None = None
    step: Step | None = None
    variable: Variable | None = None


class Things:
    """The names of a reading; made when first asked for, and the same for as long as the text is."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self.by_id: dict[str, Step] = {}
        workflow = reading.workflow
        for step in every_step(workflow.all_steps) if workflow is not None else ():
            if step.common.id is not None:
                self.by_id.setdefault(step.common.id, step)

    @cached_property
    def roots(self) -> tuple[Root, ...]:
        """The expressions in the order of their places."""
        analysis = self._reading.analysis
        found = roots(analysis) if analysis is not None else ()
        return tuple(sorted(found, key=lambda one: (one.expression.span.start, one.expression.span.end)))

    @cached_property
    def _starts(self) -> list[int]:
        return [one.expression.span.start for one in self.roots]

    @cached_property
    def marks(self) -> tuple[Thing, ...]:
        """What is named outside of expressions, in the order of its places."""
        workflow = self._reading.workflow
        found = [*self._marks(workflow)] if workflow is not None else []
        return tuple(sorted(found, key=lambda one: one.span.start))

    def prepare(self) -> None:
        """Makes everything now that is made when it is first asked for."""
        _ = self._reading.steps, self.marks, self._starts

    def at(self, offset: int) -> Thing | None:
        """The thing that is named at an offset."""
        for one in self.marks:
            if one.span.start <= offset <= one.span.end:
                return one
        # Expressions do not overlap; the last that begins before the place is the one that may hold it.
        number = bisect_right(self._starts, offset) - 1
        for root in reversed(self.roots[max(0, number - 1) : number + 1]):
            if root.expression.span.end >= offset:
                found = [one for one in named(root) if one.span.start <= offset <= one.span.end]
                if found:
                    return self._whole(min(found, key=lambda one: one.span.end - one.span.start))
        return None

    def uses(self, name: str) -> Iterator[Thing]:
        """Every place in an expression where a step, a variable or a value of this name is read or declared."""
        for root in self.roots:
            if name in root.expression.span.source.text[root.expression.span.start : root.expression.span.end]:
                for one in named(root, only=name):
                    yield self._whole(one)

    def declared(self, kind: Kind, name: str) -> Span | None:
        """Where a type, an activity, an error or a step is declared."""
        workflow = self._reading.workflow
        if workflow is None:
            return None
        match kind:
            case "type":
                return dict(workflow.type_spans).get(name)
            case "activity":
                found = workflow.activity(name)
                return found.span if found is not None else None
            case "error":
                return dict(zip(workflow.errors, workflow.error_spans, strict=False)).get(name)
            case "workflow":
                return workflow.name_span if name == workflow.name else None
            case _:
                step = self.by_id.get(name)
                return step.common.id_span if step is not None else None

    def _whole(self, thing: Thing) -> Thing:
        """A name of an expression with what it means: a variable, a step, or a value of the language."""
        match thing.kind:
            case "value":
                step = self.by_id.get(thing.name)
                if step is None:
                    return thing
                return Thing("step", thing.name, thing.span, step.common.id_span, thing.type, step=step)
            case "type":
                return Thing("type", thing.name, thing.span, self.declared("type", thing.name), thing.type)
            case _:
                return thing

    def _marks(self, workflow: Workflow) -> Iterator[Thing]:
        analysis = self._reading.analysis
        for name, span in workflow.type_spans:
            yield Thing("type", name, span, span, next((one for one in workflow.types if one.name == name), None))
        for name, span in zip(workflow.errors, workflow.error_spans, strict=False):
            yield Thing("error", name, span, span)
        for activity in workflow.activities:
            yield Thing("activity", activity.name, activity.span, activity.span)
            for name, span in zip(activity.errors, activity.error_spans, strict=False):
                yield Thing("error", name, span, self.declared("error", name))
        for step in every_step(workflow.all_steps):
            result = analysis.result(step) if analysis is not None else None
            if step.common.id is not None and step.common.id_span is not None:
                yield Thing("step", step.common.id, step.common.id_span, step.common.id_span, result, step=step)
            yield from self._of_step(step)

    def _of_step(self, step: Step) -> Iterator[Thing]:
        match step:
            case Call():
                yield Thing("activity", step.activity, step.activity_span, self.declared("activity", step.activity))
            case RunWorkflow():
                home = self.declared("workflow", step.workflow)
                yield Thing("workflow", step.workflow, step.workflow_span, home)
            case Raise():
                yield Thing("error", step.error, step.error_span, self.declared("error", step.error))
            case ForEach():
                variable = Variable("for_each", step.variable, step.variable_span)
                yield Thing("variable", step.variable, step.variable_span, step.variable_span, variable=variable)
            case _:
                pass
        undo = step.common.compensate
        if undo is not None and undo.activity_span is not None:
            yield Thing("activity", undo.activity, undo.activity_span, self.declared("activity", undo.activity))
        for catch in step.common.catches:
            for name, span in zip(catch.on, catch.on_spans, strict=False):
                yield Thing("error", name, span, self.declared("error", name))
            if catch.variable is not None and catch.variable_span is not None:
                variable = Variable("catch", catch.variable, catch.variable_span)
                yield Thing("variable", catch.variable, variable.span, variable.span, variable=variable)


# ---- in expressions


def named(root: Root, *, only: str | None = None) -> Iterator[Thing]:
    """Everything that an expression names; of `only` a name that is given, and not the fields of things."""
    yield from _named(root.expression, root.scope, dict(root.variables), only)


def _named(
    expression: Expression, scope: Scope, variables: Mapping[str, Variable], only: str | None
) -> Iterator[Thing]:
    match expression:
        case Constant():
            return
        case Name(name=name, span=span):
            if only is None or only == name:
                yield _value(name, span, scope, variables)
        case Attribute():
            yield from _named(expression.target, scope, variables, only)
            if only is None:
                yield _field(expression, scope)
        case Comprehension():
            yield from _comprehension(expression, scope, variables, only)
        case FunctionCall():
            if only is None:
                yield Thing("function", expression.function, expression.name_span)
            for one in expression.arguments:
                yield from _named(one, scope, variables, only)
        case Construct():
            if only is None:
                yield from _construct(expression, scope)
            for _, one in expression.fields:
                yield from _named(one, scope, variables, only)
        case _:
            for one in _parts(expression):
                yield from _named(one, scope, variables, only)


def _parts(
    expression: Index | ListOf | Compare | Logic | Not | Negate | Arithmetic | Conditional,
) -> tuple[Expression, ...]:
    match expression:
        case Index(target=target, index=index):
            return (target, index)
        case ListOf(items=items):
            return items
        case Logic(operands=operands):
            return operands
        case Not(operand=operand) | Negate(operand=operand):
            return (operand,)
        case Compare(left=left, right=right) | Arithmetic(left=left, right=right):
            return (left, right)
        case Conditional(condition=condition, then=then, otherwise=otherwise):
            return (then, condition, otherwise)
        case _:
            assert_never(expression)


def _value(name: str, span: Span, scope: Scope, variables: Mapping[str, Variable]) -> Thing:
    variable = variables.get(name)
    kind: Kind = "variable" if variable is not None else "value"
    home = variable.span if variable is not None else None
    given = scope.names.get(name)
    return Thing(kind, name, span, home, scope.seen(Name(name, span), given) if given is not None else None,
                 variable=variable)  # fmt: skip


def _field(expression: Attribute, scope: Scope) -> Thing:
    owner = present(infer(expression.target, scope))
    field = owner.field(expression.name) if isinstance(owner, ObjectType) else None
    home = field.span if field is not None else None
    return Thing("field", expression.name, expression.name_span, home, infer(expression, scope), field)


def _comprehension(
    expression: Comprehension, scope: Scope, variables: Mapping[str, Variable], only: str | None
) -> Iterator[Thing]:
    yield from _named(expression.items, scope, variables, only)
    inner = scope.inside(expression)
    span = variable_span(expression)
    if span is not None:
        variables = {**variables, expression.variable: Variable("comprehension", expression.variable, span)}
        if only is None or only == expression.variable:
            yield _value(expression.variable, span, inner, variables)
    else:
        variables = {name: one for name, one in variables.items() if name != expression.variable}
    for one in (expression.element, *expression.conditions):
        yield from _named(one, inner, variables, only)


def variable_span(expression: Comprehension) -> Span | None:
    """Where a comprehension names its variable; None where its places cannot be told."""
    source, start, end = expression.span.source, expression.element.span.end, expression.items.span.start
    found = re.search(rf"\bfor\s+({re.escape(expression.variable)})\s+in\b", source.text[start:end])
    return Span(source, start + found.start(1), start + found.end(1)) if found is not None else None


def _construct(expression: Construct, scope: Scope) -> Iterator[Thing]:
    wanted = scope.types.get(expression.type_name)
    yield Thing("type", expression.type_name, expression.name_span, None, wanted)
    for name, value in expression.fields:
        source = value.span.source
        before = source.text[expression.span.start : value.span.start]
        found = re.search(rf"\b{re.escape(name)}\s*=\s*\(*\s*$", before)
        field = wanted.field(name) if wanted is not None else None
        if found is not None and field is not None:
            start = expression.span.start + found.start()
            yield Thing("field", name, Span(source, start, start + len(name)), field.span, field.type, field)
