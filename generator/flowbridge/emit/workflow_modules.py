"""The modules of a workflow's package that are lists: its models, schemas, activities and HTTP operations."""

from __future__ import annotations

from dataclasses import dataclass
from keyword import iskeyword

from flowbridge.emit.annotations import annotation
from flowbridge.emit.code import Code, code, docstring, literal, quoted
from flowbridge.emit.form_fields import fields_constant, form_fields
from flowbridge.emit.imports import imports, used
from flowbridge.emit.layout import Bracket, Doc, Joined, call, keyword, lines
from flowbridge.emit.schema import Schema, json_schema, object_schema
from flowbridge.emit.templates import render
from flowbridge.emit.waits import form_schema
from flowbridge.emit.wire import INSTANCE_ID, answer_body_schema, answer_schema
from flowbridge.plan.nodes import ActivityFunction, BranchFunction, Child, Model
from flowbridge.plan.plan import WorkflowPlan


@dataclass(frozen=True)
class _Models:
    docstring: Code
    imports: Code
    models: tuple[Code, ...]


@dataclass(frozen=True)
class _Schemas:
    docstring: Code
    imports: Code
    schemas: tuple[Code, ...]


@dataclass(frozen=True)
class _ActivityFunction:
    signature: Code
    summary: Code
    call: Code


@dataclass(frozen=True)
class _Activities:
    docstring: Code
    imports: Code
    activities: tuple[_ActivityFunction, ...]


def models_module(workflow: WorkflowPlan) -> str:
    """`models.py`: a TypedDict for every object type, and for what each fan-out's steps read from outside."""
    models = [_model(one, workflow.models) for one in workflow.models]
    models += [_scope_model(one, workflow.models) for one in workflow.children]
    typing = used("\n".join(models), ["Literal", "TypedDict"])
    runtime = used("\n".join(models), ["ApprovalResult", "FanOutResult"])
    values = _Models(
        docstring=docstring(f"The types of {workflow.name}, as they go over the wire; what was left out is None.", 0),
        imports=imports({"typing": typing}, {"runtime.values": runtime}),
        models=tuple(models),
    )
    return render("app/workflow/models.py.jinja", values)


def _model(model: Model, models: tuple[Model, ...]) -> Code:
    fields = [(one.name, annotation(one.read_type, models)) for one in model.type.fields]
    return _typed_dict(model.name, model.description, fields)


def _scope_model(child: Child, models: tuple[Model, ...]) -> Code:
    fields = [(one.name, annotation(one.type, models)) for one in child.captured]
    step = child.label if isinstance(child, BranchFunction) else child.step
    return _typed_dict(child.scope_model, f"What the steps of {step} read from outside.", fields)


def _typed_dict(name: str, description: str, fields: list[tuple[str, str]]) -> Code:
    if any(iskeyword(field) for field, _ in fields):
        # A field named like a word of Python can only be declared in the functional form.
        pairs = tuple(Joined((quoted(field) + ": ", quoted(kind))) for field, kind in fields)
        return Code("\n".join(lines(call("TypedDict", quoted(name), Bracket("{", pairs, "}")), 0, f"{name} = ")))
    body = "".join(f"    {field}: {kind}\n" for field, kind in fields)
    summary = docstring(description, 4)
    return Code(f"class {name}(TypedDict):\n    {summary}\n" + (f"\n{body}" if body else "")).rstrip()


def schemas_module(workflow: WorkflowPlan, *, signed_in: bool = False) -> str:
    """`schemas.py`: the JSON schemas by which the app checks what comes in; who is signed in need not be named."""
    schemas = [("INPUT", object_schema(workflow.input.type.fields))]
    schemas.append(("START", object_schema((*workflow.input.type.fields, INSTANCE_ID))))
    schemas += [(result_schema(one), json_schema(one.output)) for one in workflow.activities if one.output is not None]
    if workflow.config is not None:
        schemas.append(("CONFIG", object_schema(workflow.config.type.fields)))
    schemas += [(answer_schema(one), answer_body_schema(one, signed_in=signed_in)) for one in workflow.approvals]
    schemas += [(form_schema(one.id), object_schema(one.form.fields)) for one in workflow.approvals if one.form]
    schemas += [(one.schema, object_schema(one.payload.type.fields)) for one in workflow.events]
    constants = [_constant(name, schema) for name, schema in schemas]
    forms = [(fields_constant(one.id), form_fields(one.form)) for one in workflow.approvals if one.form is not None]
    constants += [code(literal(fields), before=f"{name}: list[FormField] = ") for name, fields in forms]
    imported = {"runtime.validation": ["Schema"], "runtime.values": ["FormField"] if forms else []}
    values = _Schemas(
        docstring=docstring(f"The JSON schemas of what {workflow.name} takes in: its input, results and answers.", 0),
        imports=imports(imported),
        schemas=tuple(constants),
    )
    return render("app/workflow/schemas.py.jinja", values)


def _constant(name: str, schema: Schema) -> Code:
    return code(literal(schema), before=f"{name}: Schema = ")


def result_schema(activity: ActivityFunction) -> str:
    """The name of the constant that holds the schema of an activity's result."""
    return f"{activity.constant}_RESULT"


def activities_module(workflow: WorkflowPlan) -> str:
    """`activities.py`: each activity as a function of the app, around the person's function."""
    functions = tuple(_activity(one) for one in workflow.activities)
    text = "\n".join(one.signature + "\n" + one.call for one in functions)
    values = _Activities(
        docstring=docstring(
            f"The activities of {workflow.name}: the functions of activities/, each in an envelope.", 0
        ),
        imports=imports(
            {
                **_implementation_imports(workflow),
                "runtime.activity": used(text, ["Envelope", "perform", "perform_async"]),
            },
            {
                ".blueprint": ["bp"],
                ".models": {one.payload.name for one in workflow.activities},
                ".schemas": used(text, [result_schema(one) for one in workflow.activities]),
            },
        ),
        activities=functions,
    )
    return render("app/workflow/activities.py.jinja", values)


def _implementation_imports(workflow: WorkflowPlan) -> dict[str, set[str]]:
    """The modules of the person's functions; one in a package below `activities` goes by its whole name."""
    found: dict[str, set[str]] = {}
    for activity in workflow.activities:
        package, _, name = f"activities.{activity.module}".rstrip(".").rpartition(".")
        alias = _implementation_module(activity)
        found.setdefault(package, set()).add(name if name == alias else f"{name} as {alias}")
    return found


def _implementation_module(activity: ActivityFunction) -> str:
    return activity.module.replace(".", "_") or "activities"


def _activity(activity: ActivityFunction) -> _ActivityFunction:
    word, perform = ("async def", "await perform_async") if activity.is_async else ("def", "perform")
    implementation = f"{_implementation_module(activity)}.{activity.implementation}"
    given: Doc = "payload"
    if activity.parameter is not None:
        given = Bracket("{", (f'{quoted(activity.parameter)}: payload["value"]',), "}")
    arguments: list[Doc] = [implementation, given]
    if activity.errors:
        arguments.append(keyword("errors", literal(activity.errors)))
    if activity.output is not None:
        arguments.append(keyword("result", result_schema(activity)))
    return _ActivityFunction(
        signature=Code(f"{word} {activity.function}(payload: {activity.payload.name}) -> Envelope:"),
        summary=docstring(f"{activity.description} ({activity.place})", 4),
        call=Code("\n".join(lines(call(perform, *arguments), 4, "return "))),
    )
