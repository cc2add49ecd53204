"""The orchestrator module of a workflow: its steps, and the lanes of its fan-outs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flowbridge.emit import child_statements
from flowbridge.emit.annotations import annotation
from flowbridge.emit.code import Code, code, docstring, literal, quoted
from flowbridge.emit.imports import imports, used
from flowbridge.emit.layout import Doc, call, keyword, lines
from flowbridge.emit.lines import duration
from flowbridge.emit.statements import BodyWriter, child_steps, retry_policy
from flowbridge.emit.templates import render
from flowbridge.emit.waits import form_schema
from flowbridge.model.functions import FUNCTIONS
from flowbridge.model.workflow import Retry
from flowbridge.plan.nodes import (
    Afterwards,
    Branch,
    BranchFunction,
    CallActivity,
    Child,
    Guarded,
    LaneFunction,
    LoopFunction,
    Statement,
    Tries,
)
from flowbridge.plan.plan import WorkflowPlan

_NO_YIELD = "    yield from ()  # steps are a generator even where none of them waits"


@dataclass(frozen=True)
class _Child:
    function: Code
    summary: Code
    runs: Code
    steps_function: Code
    signature: Code
    body: Code


@dataclass(frozen=True)
class _Orchestrator:
    docstring: Code
    head: Code
    function: Code
    summary: Code
    run: Code
    steps_signature: Code
    body: Code
    endings: tuple[Code, ...]
    children: tuple[_Child, ...]


def orchestrator_module(workflow: WorkflowPlan) -> str:
    """`orchestrator.py`: what an expert would write by hand, each step with its place in the YAML."""
    retries = _retry_constants(workflow)
    names = dict(workflow.names)
    main = BodyWriter(names, workflow.models, retries)
    quiet = BodyWriter(names, workflow.models, retries, shows=False)
    body = _steps_body(workflow, main)
    children = tuple(_child(one, quiet if isinstance(one, LaneFunction) else main) for one in workflow.children)
    endings = tuple(_endings(workflow, main))
    constants = tuple(_constants(workflow, main))
    output = workflow.output.name if workflow.output else "None"
    signature = Code(f"def {workflow.steps_function}({_given(workflow)}) -> Steps[{output}]:")
    run = Code("\n".join(lines(_run(workflow), 4, "return ")))
    parts = [signature, body, run, *constants, *endings, *(f"{one.signature}\n{one.body}" for one in children)]
    text = "\n".join([*parts, *(one.runs for one in children)])
    values = _Orchestrator(
        docstring=docstring(f"The orchestrator of {workflow.name}, generated from {workflow.place.path}.", 0),
        head=Code("\n\n".join([_imports(workflow, text), *(["\n".join(constants)] if constants else [])])),
        function=Code(workflow.orchestrator),
        summary=docstring(f"{workflow.title.rstrip('.')}: {workflow.description} ({workflow.place})", 4),
        run=run,
        steps_signature=signature,
        body=body,
        endings=endings,
        children=children,
    )
    return render("app/workflow/orchestrator.py.jinja", values)


def _given(workflow: WorkflowPlan) -> str:
    """The parameters of the workflow's steps; a name that nothing reads is marked so."""
    given = f"run: Run, input_: {workflow.input.name}"
    return f"{given}, config: {workflow.config.name}" if workflow.config else given


def _run(workflow: WorkflowPlan) -> Doc:
    """The call that runs the workflow's steps."""
    arguments: list[Doc] = ["context", quoted(workflow.name), literal(workflow.version), workflow.steps_function]
    if workflow.config is not None:
        arguments.append(keyword("config", "CONFIG"))
    if workflow.timeout is not None:
        arguments.append(keyword("timeout", duration(workflow.timeout)))
    if workflow.on_failure:
        arguments.append(keyword("on_failure", "_on_failure"))
    if workflow.cleanup:
        arguments.append(keyword("cleanup", "_cleanup"))
    arguments.append(keyword("announces", "True"))
    return call("run_workflow", *arguments)


def _steps_body(workflow: WorkflowPlan, writer: BodyWriter) -> Code:
    return _generator(writer.body(workflow.body, 4))


def _endings(workflow: WorkflowPlan, writer: BodyWriter) -> Iterator[Code]:
    """The steps after a failure, and those after any end."""
    if workflow.on_failure:
        signature = f"def _on_failure({_given(workflow)}, error: ErrorValue) -> Steps[None]:"
        yield Code(f"\n\n{signature}\n{_generator(writer.body(workflow.on_failure, 4))}")
    if workflow.cleanup:
        signature = f"def _cleanup({_given(workflow)}) -> Steps[None]:"
        yield Code(f"\n\n{signature}\n{_generator(writer.body(workflow.cleanup, 4))}")


def _generator(body: list[str]) -> Code:
    if not any("yield from" in line for line in body):
        body = [_NO_YIELD, *body]
    return Code("\n".join(body))


# Where each name of the runtime is found; only those that the code uses are imported.
_RUNTIME = {
    "runtime.ask": ["Escalation", "ask"],
    "runtime.branch": ["Branch", "Loop"],
    "runtime.collect": ["Reader", "collect"],
    "runtime.commands": ["Steps"],
    "runtime.errors": ["ErrorValue", "StepError", "as_step_error"],
    "runtime.fan_out": ["Lane", "in_batches"],
    "runtime.loop": ["Turn"],
    "runtime.orchestrate": ["run_branch", "run_lane", "run_loop", "run_workflow"],
    "runtime.retry": ["Retry"],
    "runtime.run": ["Activity", "Run"],
    "runtime.sdk": ["Context", "Orchestration"],
    "runtime.values": ["ApprovalResponse", "ApprovalResult", "FanOutResult"],
}


def _imports(workflow: WorkflowPlan, text: str) -> Code:
    functions = ["text", *(one.runtime for one in FUNCTIONS.values() if one.runtime)]
    always = {"Context", "Orchestration", "run_workflow"}
    table = {**_RUNTIME, "runtime.functions": functions}
    needed = {module: [n for n in names if n in always or n in used(text, [n])] for module, names in table.items()}
    models = [*(one.name for one in workflow.models), *(one.scope_model for one in workflow.children)]
    schemas = [one.schema for one in workflow.events] + [form_schema(one.id) for one in workflow.approvals]
    standard = {"datetime": used(text, ["timedelta"]), "typing": used(text, ["Literal", "cast"])}
    own = {".blueprint": ["bp"], ".models": used(text, models), ".schemas": used(text, [*schemas, "CONFIG"])}
    return imports(standard, needed, own)


def _constants(workflow: WorkflowPlan, writer: BodyWriter) -> Iterator[Code]:
    for activity in workflow.activities:
        output = annotation(activity.output, workflow.models) if activity.output else "None"
        kind = f"Activity[{activity.payload.name}, {output}]"
        yield code(call(kind, quoted(activity.function)), before=f"{activity.constant} = ")
    for one in workflow.children:
        name, made = child_statements.constant(one, writer)
        yield code(made, before=f"{name} = ")
    for retry, name in writer.retries.items():
        yield code(retry_policy(retry), before=f"{name} = ")


_RUNS = {LaneFunction: "run_lane", BranchFunction: "run_branch", LoopFunction: "run_loop"}
_TOLD = {
    LaneFunction: "One lane of {0}: works off its share of the items.",
    BranchFunction: "{0}, as a child of its own.",
    LoopFunction: "The loop of {0}: goes on as new after some turns.",
}


def _child(one: Child, writer: BodyWriter) -> _Child:
    step = one.label if isinstance(one, BranchFunction) else one.step
    parameters = child_statements.parameters(one, writer)
    result = child_statements.gives(one, writer)
    return _Child(
        function=Code(one.function),
        summary=docstring(f"{_TOLD[type(one)].format(step)} ({one.place})", 4),
        runs=Code(f"{_RUNS[type(one)]}(context, {one.steps_function})"),
        steps_function=Code(one.steps_function),
        signature=Code(f"def {one.steps_function}(run: Run, {parameters}) -> Steps[{result}]:"),
        body=_generator(child_steps(one, writer)),
    )


def _retry_constants(workflow: WorkflowPlan) -> dict[Retry, str]:
    """The distinct retry policies in the order of their use, each with the name of its constant."""
    found: dict[Retry, str] = {}
    bodies = (workflow.body, *(one.body for one in workflow.children), workflow.on_failure, workflow.cleanup)
    for statement in _all(*bodies):
        retry = statement.retry if isinstance(statement, CallActivity | Tries) else Retry()
        if retry != Retry() and retry not in found:
            found[retry] = f"RETRY_{len(found) + 1}" if found else "RETRY"
    return found


def _all(*bodies: tuple[Statement, ...]) -> Iterator[Statement]:
    for body in bodies:
        for statement in body:
            yield statement
            match statement:
                case Branch():
                    yield from _all(*(arm.body for arm in statement.arms), statement.otherwise)
                case Guarded():
                    yield from _all(statement.body, *(one.body for one in statement.handlers))
                case Afterwards():
                    yield from _all(statement.body, statement.cleanup)
                case Tries():
                    yield from _all(statement.body)
                case _:
                    pass
