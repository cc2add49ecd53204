"""From the plan to the Functions app: one package per workflow, its activities, and the runtime they stand on."""

from __future__ import annotations

import json
from dataclasses import dataclass

from flowbridge.assets import runtime_files
from flowbridge.emit.artifact import Artifact
from flowbridge.emit.code import Code, code, docstring, literal, quoted
from flowbridge.emit.connector.plan import ConnectorOptions, Entra, connector_options, connector_workflow
from flowbridge.emit.connector_module import connector_module
from flowbridge.emit.imports import imports
from flowbridge.emit.layout import call, keyword
from flowbridge.emit.settings import (
    FUNCIGNORE,
    LOCAL_SETTINGS,
    PYPROJECT,
    REQUIREMENTS,
    SIGN_IN_REQUIREMENTS,
    host_json,
)
from flowbridge.emit.templates import render
from flowbridge.emit.workflow_modules import activities_module, models_module, schemas_module
from flowbridge.emit.workflow_operations import operations_module
from flowbridge.emit.workflow_orchestrator import orchestrator_module
from flowbridge.plan.identifiers import pascal
from flowbridge.plan.plan import AppPlan, WorkflowPlan


@dataclass(frozen=True)
class _FunctionApp:
    docstring: Code
    imports: Code
    auth_level: Code
    register: Code


@dataclass(frozen=True)
class _SignIn:
    sign_in: Code


@dataclass(frozen=True)
class _Package:
    docstring: Code
    modules: Code
    exports: Code


@dataclass(frozen=True)
class _Module:
    docstring: Code


def emit_app(plan: AppPlan, options: ConnectorOptions | None = None) -> tuple[Artifact, ...]:
    """All files of the app, with paths relative to it; `options` stand in for those of the settings."""
    options = options or connector_options(plan.settings)
    texts = {
        "function_app.py": _function_app(plan, options),
        "host.json": _json(host_json(pascal(plan.settings.name)[:45], plan.settings.backend)),
        "local.settings.json": _json(LOCAL_SETTINGS),
        "requirements.txt": REQUIREMENTS + (SIGN_IN_REQUIREMENTS if options.entra is not None else ""),
        ".funcignore": FUNCIGNORE,
        "pyproject.toml": PYPROJECT,
    }
    for workflow in plan.workflows:
        texts |= _workflow_package(workflow, options)
    if options.entra is not None:
        texts["signin.py"] = _sign_in(options.entra)
    runtime = [one for one in runtime_files() if one[0] != "identity.py" or options.entra is not None]
    copied = [(f"runtime/{path}", content) for path, content in runtime]
    copied += [(f"activities/{path}", content) for path, content in plan.activity_files]
    made = [Artifact.text(path, text) for path, text in texts.items()]
    return tuple(sorted(made + [Artifact(*one) for one in copied], key=lambda one: one.path))


def _workflow_package(workflow: WorkflowPlan, options: ConnectorOptions) -> dict[str, str]:
    signed_in = options.entra is not None
    package = f"workflows/{workflow.name}"
    texts = {
        f"{package}/__init__.py": _package(workflow),
        f"{package}/blueprint.py": _blueprint(workflow),
        f"{package}/models.py": models_module(workflow),
        f"{package}/schemas.py": schemas_module(workflow, signed_in=signed_in),
        f"{package}/orchestrator.py": orchestrator_module(workflow),
        f"{package}/operations.py": operations_module(workflow, options),
        f"{package}/connector.py": connector_module(connector_workflow(workflow), signed_in=signed_in),
    }
    if workflow.activities:
        texts[f"{package}/activities.py"] = activities_module(workflow)
    return texts


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _sign_in(entra: Entra) -> str:
    given = call("Entra", keyword("tenant", quoted(entra.tenant)), keyword("audience", quoted(entra.audience)))
    return render("app/signin.py.jinja", _SignIn(code(call("SignIn", given), before="SIGN_IN = ")))


def _function_app(plan: AppPlan, options: ConnectorOptions) -> str:
    origin = ", ".join(workflow.place.path for workflow in plan.workflows)
    blueprints = [(workflow.name, f"{workflow.name}_bp") for workflow in plan.workflows]
    own = {f"workflows.{name}": [f"bp as {alias}"] for name, alias in blueprints}
    own |= {f"workflows.{name}.operations": [f"WORKFLOW as {name.upper()}_WORKFLOW"] for name, _ in blueprints}
    runtime = ("callbacks", "ping", "support")
    support: dict[str, list[str]] = {"runtime.sdk": ["register"], **{f"runtime.{one}": [one] for one in runtime}}
    signed_in = options.entra is not None
    if signed_in:
        own["signin"] = ["SIGN_IN"]
    callbacks = call("callbacks", *(f"{name.upper()}_WORKFLOW" for name, _ in blueprints))
    test = "ping(SIGN_IN.user)" if signed_in else "ping()"
    values = _FunctionApp(
        docstring=docstring(f"The Functions app of {plan.settings.title.rstrip('.')}, generated from {origin}.", 0),
        imports=imports({**support, **own}),
        # Whoever calls is told by a token then, which the operations themselves check.
        auth_level=Code("ANONYMOUS" if signed_in else "FUNCTION"),
        register=code(call("register", "app", *(alias for _, alias in blueprints), "support()", callbacks, test)),
    )
    return render("app/function_app.py.jinja", values)


def _package(workflow: WorkflowPlan) -> str:
    told = docstring(f"{_titled(workflow)}: {workflow.description}", 0)
    modules = [*(["activities"] if workflow.activities else []), "connector", "operations", "orchestrator"]
    exports = code(literal(sorted([*modules, "bp"])), before="__all__ = ")
    return render("app/workflow/__init__.py.jinja", _Package(told, Code(", ".join(modules)), exports))


def _blueprint(workflow: WorkflowPlan) -> str:
    told = docstring(f"The blueprint that the functions of {workflow.name} are registered with.", 0)
    return render("app/workflow/blueprint.py.jinja", _Module(told))


def _titled(workflow: WorkflowPlan) -> str:
    return workflow.title.rstrip(".")
