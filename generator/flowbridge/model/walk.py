"""The walk itself: from a scope through a step to the scope after it, kind by kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from flowbridge.model.assignability import MOST_PARTS, describe, is_too_large, optional
from flowbridge.model.data import data_type, text_type
from flowbridge.model.inference import UNKNOWN, Scope, condition, infer
from flowbridge.model.missing import there
from flowbridge.model.results import branches_type, error_type, fan_out_type
from flowbridge.model.sight import Hider, Known
from flowbridge.model.structure import always_leaves, every_step, leaves_if_run
from flowbridge.model.types import ArrayType, ObjectType, Type, UnknownType
from flowbridge.model.walk_parts import WalkParts
from flowbridge.model.workflow import (
    Approval,
    Block,
    Call,
    Catch,
    Data,
    ForEach,
    Parallel,
    Raise,
    Repeat,
    Return,
    RunWorkflow,
    Set,
    Status,
    Step,
    Switch,
    Wait,
    WaitFor,
)
from flowbridge.text.diagnostic import Diagnostic
from flowbridge.text.source import Span
from flowbridge.text.suggest import one_of


class Walk(WalkParts):
    """Walks steps; each function gives the scope after what it walked."""

    def steps(self, steps: Iterable[Step], scope: Scope) -> Scope:
        """Walks steps one after another."""
        for step in steps:
            scope = self.step(step, scope)
        return scope

    def step(self, step: Step, before: Scope) -> Scope:
        """Walks one step, with what is around it."""
        self.facts.before[id(step)] = before
        guard = step.common.condition
        inside = before
        if guard is not None:
            condition(guard, before, self.report, '"if"')
            inside = before.narrowed(guard, True)
        self.facts.inside[id(step)] = inside
        if step.common.status is not None:
            text_type(step.common.status, inside, self.report)
        after = self._around(step, inside)
        if guard is None:
            return after
        outside = _outside(before, after, guard.span)
        return outside.narrowed(guard, False) if leaves_if_run(step) else outside

    def _around(self, step: Step, inside: Scope) -> Scope:
        """The step with its value, its `compensate`, its `catch` and its `finally`."""
        after = self._kind(step, inside)
        result = self.facts.results.get(id(step))
        if step.common.id is not None and result is not None:
            after = after.having(step.common.id, result)
        undo = step.common.compensate
        if undo is not None:
            self.facts.undoing[id(step)] = after
            self.call(undo.activity, undo.activity_span or undo.span, undo.arguments, after)
        if step.common.catches:
            after = self._caught(step, inside, after)
        if step.common.finally_:
            self.steps(step.common.finally_, inside.entering((id(step), "finally")))
        return after

    def _caught(self, step: Step, inside: Scope, after: Scope) -> Scope:
        """What a step names may be missing once its error was caught, unless no catch goes on."""
        failed = self._failed(step, inside)
        ends = [(one, self.steps(one.steps, self._catching(one, failed))) for one in step.common.catches]
        going_on = [(one, end) for one, end in ends if not always_leaves(one.steps)]
        if not going_on:
            return after
        scope = _outside(inside, after, going_on[0][0].span)
        for one, end in going_on:
            names = {name: given for name, given in end.names.items() if name != one.variable}
            scope = _outside(scope, replace(end, names=names), one.span)
        return replace(scope, known=inside.known, within=inside.within)

    def _failed(self, step: Step, inside: Scope) -> Scope:
        """The scope of a catch: nothing that the step names has come to be."""
        hider = Hider("failed", step.common.id or "it", (id(step), "failed"))
        body = replace(step, common=replace(step.common, catches=(), finally_=()))
        names = [one.common.id for one in every_step((body,)) if one.common.id is not None]
        gone = {name: Known(found.span, hider, found.has_result) for name in names if (found := inside.known.get(name))}
        return replace(inside, known={**inside.known, **gone}) if gone else inside

    def _catching(self, catch: Catch, scope: Scope) -> Scope:
        if catch.variable is None:
            return scope
        code = catch.on[0] if len(catch.on) == 1 else None
        details = self.workflow.error_type(code) if code is not None else None
        # What an activity or another workflow raises under this name comes without the fields.
        elsewhere = self.runs or any(code in one.errors for one in self.workflow.activities)
        return scope.having(catch.variable, error_type(details, not elsewhere))

    # ---- kinds

    def _kind(self, step: Step, scope: Scope) -> Scope:
        match step:
            case Call():
                activity = self.call(step.activity, step.activity_span, step.arguments, scope)
                self._results(step, UNKNOWN if activity is None else activity.output)
            case RunWorkflow():
                other = self.run(step, scope)
                self._results(step, UNKNOWN if other is None else other.output)
            case ForEach():
                self._for_each(step, scope)
            case Parallel():
                self._parallel(step, scope)
            case Repeat():
                self._repeat(step, scope)
            case Switch():
                return self._switch(step, scope)
            case Block():
                return replace(self.steps(step.steps, scope), within=scope.within)
            case Wait():
                self.wait(step, scope)
            case WaitFor():
                self._results(step, self.wait_for(step, scope))
                if step.on_timeout is not None:
                    self.step(step.on_timeout, scope)
            case Approval():
                self._approval(step, scope)
            case Set():
                self._results(step, data_type(step.value, scope, None, self.report, "the value"))
            case Status():
                text_type(step.message, scope, self.report)
            case Raise():
                self.raises(step, scope)
            case Return():
                self._return(step, scope)
            case _:
                assert_never(step)
        return scope

    def _results(self, step: Step, result: Type | None) -> None:
        if result is None:
            return
        if is_too_large(result):
            words = f"the result of this step has more than {MOST_PARTS:,} fields, or is nested too deeply"
            span = step.common.id_span or step.common.span
            self.report(Diagnostic("E123", span, words, "too large", "keep data in files, and pass their paths"))
            result = UNKNOWN
        self.facts.results[id(step)] = result

    def _for_each(self, step: ForEach, scope: Scope) -> None:
        items = there(step.items, infer(step.items, scope, self.report), scope, self.report)
        inner: Type = UNKNOWN
        if isinstance(items, ArrayType):
            inner = ArrayType(items.items) if step.batch_size is not None else items.items
        elif not isinstance(items, UnknownType):
            words = f"for_each wants a list, not {describe(items)}"
            hint = _list_hint(items)
            self.report(Diagnostic("E306", step.items.span, words, f"this is {describe(items)}", hint))
        end = self.steps(step.steps, scope.having(step.variable, inner).entering(id(step)))
        self.facts.end[id(step)] = end
        self._results(step, fan_out_type(step, inner, self._output(step.output, end)))

    def _output(self, output: Data | None, scope: Scope) -> Type | None:
        return data_type(output, scope, None, self.report, "the output") if output is not None else None

    def _parallel(self, step: Parallel, scope: Scope) -> None:
        outputs: list[tuple[str, Type]] = []
        ends = self.facts.branches.setdefault(id(step), [])
        for branch in step.branches:
            end = self.steps(branch.steps, scope.entering((id(step), branch.name)))
            ends.append(end)
            given = self._output(branch.output, end)
            if given is not None:
                outputs.append((branch.name, given))
        self._results(step, branches_type(outputs, step.wins is None))

    def _repeat(self, step: Repeat, scope: Scope) -> None:
        end = self.steps(step.steps, scope.entering(id(step)))
        condition(step.until, end, self.report, '"until"')
        # The output is looked at once `until` holds.
        end = end.narrowed(step.until, True)
        self.facts.end[id(step)] = end
        self._results(step, self._output(step.output, end))

    def _switch(self, step: Switch, scope: Scope) -> Scope:
        scopes: list[Scope] = []
        self.facts.cases[id(step)] = scopes
        added = scope
        after = scope
        leading = True
        rest = scope
        for case in step.cases:
            scopes.append(rest)
            condition(case.when, rest, self.report, '"when"')
            end = self.steps(case.steps, rest.narrowed(case.when, True))
            added = _outside(added, end, case.when.span)
            leading = leading and always_leaves(case.steps)
            rest = rest.narrowed(case.when, False)
            after = rest if leading else after
        if step.default is not None:
            end = self.steps(step.default, rest)
            added = _outside(added, end, step.cases[-1].when.span if step.cases else step.common.span)
        return replace(added, sure=after.sure)

    def _approval(self, step: Approval, scope: Scope) -> None:
        given, refused = self.approval(step, scope)
        if step.on_timeout is not None:
            self.step(step.on_timeout, scope)
        if step.on_rejected is not None:
            answered = scope.having(step.common.id, refused) if step.common.id is not None else scope
            self.step(step.on_rejected, answered)
        self._results(step, given)

    def _return(self, step: Return, scope: Scope) -> None:
        output = self.workflow.output
        if step.value is None:
            if output is not None and any(one.required for one in output.fields):
                names = one_of([f'"{one.name}"' for one in output.fields if one.required])
                words = "the workflow has an output, and this returns nothing"
                self.report(Diagnostic("E312", step.common.span, words, "no value", f"return {names}"))
        elif output is None:
            words = "the workflow has no output, and this returns one"
            self.report(Diagnostic("E312", step.value.span, words, "a value", "declare `output`, or return nothing"))
            data_type(step.value, scope, None, self.report)
        else:
            data_type(step.value, scope, output, self.report, "the output")


def _list_hint(items: Type) -> str | None:
    lists = (
        [one.name for one in items.fields if isinstance(one.type, ArrayType)] if isinstance(items, ObjectType) else []
    )
    return f"its {one_of([f'`{one}`' for one in lists])} is a list" if lists else None


def _outside(before: Scope, after: Scope, span: Span) -> Scope:
    """The scope before, with the names that were added under a condition, which may have no value."""
    scope = before
    for name, given in after.names.items():
        if name not in before.names:
            scope = scope.having(name, optional(given), after.skipped.get(name, span))
    return scope
