"""The orchestrator module of a workflow: its steps, and the lanes of its fan-outs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flowbridge.emit.annotations import annotation
from flowbridge.emit.code import Code, code, docstring, quoted
from flowbridge.emit.imports import imports, used
from flowbridge.emit.layout import Doc, call, keyword
from flowbridge.emit.statements import BodyWriter, lane_steps, retry_policy
from flowbridge.emit.templates import render
from flowbridge.model.functions import FUNCTIONS
from flowbridge.model.workflow import Retry
from flowbridge.plan.plan import Arm, Branch, CallActivity, LaneFunction, Statement, WorkflowPlan

_NO_YIELD = "    yield from ()  # steps are a generator even where none of them waits"


@dataclass(frozen=True)
class _Lane:
    function: Code
    summary: Code
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
    lanes: tuple[_Lane, ...]


def orchestrator_module(workflow: WorkflowPlan) -> str:
    """`orchestrator.py`: what an expert would write by hand, each step with its place in the YAML."""
    retries = _retry_constants(workflow)
    names = dict(workflow.names)
    main = BodyWriter(names, workflow.models, retries)
    body = _generator(main.body(workflow.body, 4))
    lanes = tuple(_lane(lane, BodyWriter(names, workflow.models, retries, shows=False)) for lane in workflow.lanes)
    output = workflow.output.name if workflow.output else "None"
    constants = tuple(_constants(workflow, retries))
    signature = Code(f"def {workflow.steps_function}(run: Run, input_: {workflow.input.name}) -> Steps[{output}]:")
    text = "\n".join([signature, body, *constants, *(f"{lane.signature}\n{lane.body}" for lane in lanes)])
    values = _Orchestrator(
        docstring=docstring(f"The orchestrator of {workflow.name}, generated from {workflow.place.path}.", 0),
        head=Code("\n\n".join([_imports(workflow, text), *(["\n".join(constants)] if constants else [])])),
        function=Code(workflow.orchestrator),
        summary=docstring(f"{workflow.title.rstrip('.')}: {workflow.description} ({workflow.place})", 4),
        run=code(_run(workflow), 4, "return "),
        steps_signature=signature,
        body=body,
        lanes=lanes,
    )
    return render("app/workflow/orchestrator.py.jinja", values)


def _run(workflow: WorkflowPlan) -> Doc:
    name, version = quoted(workflow.name), str(workflow.version)
    return call("run_workflow", "context", name, version, workflow.steps_function, keyword("announces", "True"))


def _generator(lines: list[str]) -> Code:
    if not any("yield from" in line for line in lines):
        lines = [_NO_YIELD, *lines]
    return Code("\n".join(lines))


def _imports(workflow: WorkflowPlan, text: str) -> Code:
    runtime = {
        "runtime.errors": ["StepError"],
        "runtime.functions": ["text", *(one.runtime for one in FUNCTIONS.values() if one.runtime)],
        "runtime.orchestrate": ["run_workflow", *(["run_lane"] if workflow.lanes else [])],
        "runtime.retry": ["Retry"],
        "runtime.ask": ["ask"],
        "runtime.fan_out": ["Lane"],
        "runtime.run": ["Activity", "Run"],
        "runtime.sdk": ["Context", "Orchestration"],
        "runtime.commands": ["Steps"],
        "runtime.values": ["ApprovalResult", "FanOutResult"],
    }
    always = {"Context", "Orchestration", "run_workflow", "run_lane"}
    needed = {module: [n for n in names if n in always or n in used(text, [n])] for module, names in runtime.items()}
    models = [*(one.name for one in workflow.models), *(lane.scope_model for lane in workflow.lanes)]
    standard = {"datetime": used(text, ["timedelta"]), "typing": used(text, ["Literal"])}
    return imports(standard, needed, {".blueprint": ["bp"], ".models": used(text, models)})


def _constants(workflow: WorkflowPlan, retries: dict[Retry, str]) -> Iterator[Code]:
    for activity in workflow.activities:
        output = annotation(activity.output, workflow.models) if activity.output else "None"
        kind = f"Activity[{activity.payload.name}, {output}]"
        yield code(call(kind, quoted(activity.function)), before=f"{activity.constant} = ")
    for lane in workflow.lanes:
        result = annotation(lane.result, workflow.models) if lane.result else "None"
        kind = f"Lane[{annotation(lane.item, workflow.models)}, {lane.scope_model}, {result}]"
        yield code(call(kind, quoted(lane.function)), before=f"{lane.constant} = ")
    for retry, name in retries.items():
        yield code(retry_policy(retry), before=f"{name} = ")


def _lane(lane: LaneFunction, writer: BodyWriter) -> _Lane:
    models = writer.models
    result = annotation(lane.result, models) if lane.result else "None"
    item = f"{lane.variable}: {annotation(lane.item, models)}"
    scope = f"{'scope' if lane.captured else '_scope'}: {lane.scope_model}"
    return _Lane(
        function=Code(lane.function),
        summary=docstring(f"One lane of {lane.step}: works off its share of the items. ({lane.place})", 4),
        steps_function=Code(lane.steps_function),
        signature=Code(f"def {lane.steps_function}(run: Run, {item}, {scope}) -> Steps[{result}]:"),
        body=_generator(lane_steps(lane, writer)),
    )


def _retry_constants(workflow: WorkflowPlan) -> dict[Retry, str]:
    """The distinct retry policies in the order of their use, each with the name of its constant."""
    found: dict[Retry, str] = {}
    for statement in _all(workflow.body, *(lane.body for lane in workflow.lanes)):
        if isinstance(statement, CallActivity) and statement.retry != Retry() and statement.retry not in found:
            found[statement.retry] = f"RETRY_{len(found) + 1}" if found else "RETRY"
    return found


def _all(*bodies: tuple[Statement, ...]) -> Iterator[Statement]:
    for body in bodies:
        for statement in body:
            yield statement
            if isinstance(statement, Branch):
                arms: tuple[Arm, ...] = statement.arms
                yield from _all(*(arm.body for arm in arms), statement.otherwise)
