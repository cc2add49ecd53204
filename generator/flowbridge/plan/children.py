"""Steps that run as children of their own: fan-outs, branches, loops, and what has a timeout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from flowbridge.model.data import data_type
from flowbridge.model.inference import Scope, infer
from flowbridge.model.structure import every_step
from flowbridge.model.types import ArrayType, ObjectType, OptionalType, Type, UnknownType
from flowbridge.model.workflow import Block, Data, ForEach, Parallel, ParallelBranch, Repeat, RunWorkflow, Step, Switch
from flowbridge.plan.identifiers import constant, pascal
from flowbridge.plan.names_read import in_data, in_expression, in_steps
from flowbridge.plan.naming import Naming
from flowbridge.plan.nodes import (
    BranchFunction,
    Captured,
    Finish,
    Header,
    LaneFunction,
    LoopFunction,
    RunBranches,
    RunChild,
    RunLanes,
    RunLoop,
    RunWithin,
    Statement,
)
from flowbridge.text.diagnostic import ignore


class ChildLowering:
    """Lowers the steps that become orchestrations of their own; `body` is given by who lowers steps in general."""

    def __init__(self, naming: Naming) -> None:
        self._naming = naming
        self._analysis = naming.analysis

    def body(self, steps: tuple[Step, ...]) -> tuple[Statement, ...]:
        """The statements of steps."""
        raise NotImplementedError

    # ---- for_each

    def for_each(self, step: ForEach) -> RunLanes:
        """A fan-out and its lane."""
        naming = self._naming
        header = naming.inside(step)
        name = naming.step_name(step)
        items = infer(step.items, header.scope, ignore)
        item = items.items if isinstance(items, ArrayType) else UnknownType()
        result, output = self._output(step.output, self._analysis.end(step), name)
        lane = LaneFunction(
            function=naming.function(name),
            constant=constant(f"{name}_lane"),
            steps_function=f"_{name}_item",
            step=name,
            variable=naming.named(step.variable),
            item=ArrayType(item) if step.batch_size else item,
            result=result,
            scope_model=naming.scope_model(name),
            captured=naming.captured({*in_steps(step.steps), *in_data(step.output)}, header.scope, step.common.span),
            body=self.body(step.steps),
            output=output,
            compensates=self._compensates(step.steps),
            place=header.place,
        )
        naming.children.append(lane)
        return RunLanes(
            replace(header, step=name),
            naming.variable(step),
            lane,
            step.items,
            step.max_concurrency,
            step.tolerated_failures,
            step.batch_size,
        )

    def _output(self, output: Data | None, scope: Scope, name: str) -> tuple[Type | None, Finish | None]:
        """The type of what inner steps give, named if it has to be, and the statement that gives it."""
        if output is None:
            return None, None
        kind = data_type(output, scope)
        self._naming.models.take(kind, f"{pascal(name)}Result", f"What {name} gives.")
        header = Header(self._naming.place(output.span), "", f"what {name} gives", None, scope)
        return kind, Finish(header, output, kind)

    # ---- parallel

    def parallel(self, step: Parallel) -> RunBranches:
        """Branches side by side."""
        naming = self._naming
        header = naming.inside(step)
        name = naming.step_name(step)
        ends = self._analysis.branch_ends(step)
        branches = tuple(self._branch(step, branch, end, name) for branch, end in zip(step.branches, ends, strict=True))
        result = self._analysis.result(step) or ObjectType(())
        if naming.variable(step) is not None:
            naming.models.take(result, f"{pascal(name)}Value", f"What the branches of {name} give.")
        return RunBranches(replace(header, step=name), naming.variable(step), branches, step.wins, result)

    def _branch(self, step: Parallel, branch: ParallelBranch, end: Scope, name: str) -> BranchFunction:
        naming = self._naming
        scope = self._analysis.inside(step)
        own = f"{name}_{branch.name}"
        result, output = self._output(branch.output, end, own)
        made = BranchFunction(
            function=naming.function(own),
            constant=constant(f"{own}_branch"),
            steps_function=f"_{own}",
            label=branch.name,
            result=result,
            scope_model=naming.scope_model(own),
            captured=naming.captured({*in_steps(branch.steps), *in_data(branch.output)}, scope, branch.span),
            body=self.body(branch.steps),
            output=output,
            exports=(),
            compensates=self._compensates(branch.steps),
            place=naming.place(branch.span),
        )
        naming.children.append(made)
        return made

    # ---- timeout

    def within(self, step: Step, inner: tuple[Statement, ...]) -> Iterator[Statement]:
        """A step that has a timeout: it runs as a child, and gives back what it names."""
        naming = self._naming
        seconds = step.common.timeout or 0.0
        header = naming.inside(step)
        name = naming.step_name(step)
        exports = tuple(self._exports((step,)))
        fields = tuple((one.name, one.type) for one in exports)
        branch = BranchFunction(
            function=naming.function(f"{name}_within"),
            constant=constant(f"{name}_within"),
            steps_function=f"_{name}_within",
            label=name,
            result=naming.models.exports(f"{pascal(name)}Exports", fields, name) if exports else None,
            scope_model=naming.scope_model(f"{name}_within"),
            captured=naming.captured(in_steps((_unguarded(step),)), header.scope, step.common.span),
            body=inner,
            output=None,
            exports=exports,
            compensates=self._compensates((step,)),
            place=header.place,
        )
        naming.children.append(branch)
        yield RunWithin(replace(header, step=name), branch, seconds, f"{name}_exports")

    def _exports(self, steps: tuple[Step, ...], maybe: bool = False) -> Iterator[Captured]:
        """What steps name for those after them."""
        for step in steps:
            name, result = step.common.id, self._analysis.result(step)
            if name is not None and name in self._naming.read and result is not None:
                kind = OptionalType(result) if maybe and not isinstance(result, OptionalType) else result
                yield Captured(name, self._naming.named(name), kind)
            for caught in step.common.catches:
                yield from self._exports(caught.steps, True)
            if isinstance(step, Block):
                for one in step.steps:
                    loose = one.common.condition is not None or bool(one.common.catches)
                    yield from self._exports((one,), maybe or loose)
            elif isinstance(step, Switch):
                for case in step.cases:
                    yield from self._exports(case.steps, True)
                yield from self._exports(step.default or (), True)

    # ---- repeat

    def repeat(self, step: Repeat) -> RunLoop:
        """A loop and its turn."""
        naming = self._naming
        header = naming.inside(step)
        name = naming.step_name(step)
        end = self._analysis.end(step)
        result, output = self._output(step.output, end, name)
        read = {*in_steps(step.steps), *in_expression(step.until), *in_data(step.output)}
        loop = LoopFunction(
            function=naming.function(name),
            constant=constant(f"{name}_loop"),
            steps_function=f"_{name}_turn",
            step=name,
            result=result,
            scope_model=naming.scope_model(name),
            captured=naming.captured(read, header.scope, step.common.span),
            body=self.body(step.steps),
            until=step.until,
            output=output,
            end=end,
            every=step.every,
            max_turns=step.max_times,
            compensates=self._compensates(step.steps),
            place=header.place,
        )
        naming.children.append(loop)
        return RunLoop(replace(header, step=name), naming.variable(step), loop, step.common.timeout)

    # ---- run

    def _compensates(self, steps: Iterable[Step], seen: frozenset[str] = frozenset()) -> bool:
        """Whether steps, or a workflow that they run, register calls that undo them; `seen` ends a circle of runs."""
        for one in every_step(steps):
            if one.common.compensate is not None:
                return True
            if isinstance(one, RunWorkflow) and one.workflow not in seen:
                other = self._naming.others[one.workflow]
                if self._compensates(other.all_steps, seen | {one.workflow}):
                    return True
        return False

    def run(self, step: RunWorkflow) -> RunChild:
        """Another workflow."""
        naming = self._naming
        other = naming.others[step.workflow]
        result = self._analysis.result(step)
        if result is not None and naming.variable(step) is not None:
            naming.models.take(result, f"{pascal(step.workflow)}Output", f"What {step.workflow} gives.")
        header = replace(naming.inside(step), step=naming.step_name(step))
        return RunChild(
            header,
            naming.variable(step),
            other.name,
            step.arguments,
            other.input,
            result,
            self._compensates(other.all_steps, frozenset({other.name})),
        )


def _unguarded(step: Step) -> Step:
    """The step as the child sees it: what it reads in its own fields, without its condition."""
    return replace(step, common=replace(step.common, condition=None, catches=(), finally_=()))
