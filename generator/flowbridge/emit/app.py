"""From the plan to the Functions app: one package per workflow, its activities, and the runtime they stand on."""

from __future__ import annotations

import json
from dataclasses import dataclass

from flowbridge.assets import runtime_files
from flowbridge.emit.artifact import Artifact
from flowbridge.emit.code import Code, code, docstring, literal, quoted
from flowbridge.emit.connector_module import connector_module
from flowbridge.emit.connector_plan import ConnectorOptions, Entra, connector_workflow
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
from flowbridge.emit.workflow_modules import activities_module, models_module, operations_module, schemas_module
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
    """All files of the app, with paths relative to it."""
    options = options or ConnectorOptions()
    workflow = plan.workflow
    package = f"workflows/{workflow.name}"
    python = {
        "function_app.py": _function_app(workflow, options),
        f"{package}/__init__.py": _package(workflow),
        f"{package}/blueprint.py": _blueprint(workflow),
        f"{package}/models.py": models_module(workflow),
        f"{package}/schemas.py": schemas_module(workflow, signed_in=options.entra is not None),
        f"{package}/orchestrator.py": orchestrator_module(workflow),
        f"{package}/operations.py": operations_module(workflow, options),
        f"{package}/connector.py": connector_module(connector_workflow(workflow), signed_in=options.entra is not None),
    }
    if options.entra is not None:
        python["signin.py"] = _sign_in(options.entra)
    if workflow.activities:
        python[f"{package}/activities.py"] = activities_module(workflow)
    texts = {
        **python,
        "host.json": _json(host_json(pascal(workflow.name)[:45])),
        "local.settings.json": _json(LOCAL_SETTINGS),
        "requirements.txt": REQUIREMENTS + (SIGN_IN_REQUIREMENTS if options.entra is not None else ""),
        ".funcignore": FUNCIGNORE,
        "pyproject.toml": PYPROJECT,
    }
    copied = [
        (f"runtime/{path}", content) for path, content in runtime_files() if path != "identity.py" or options.entra
    ]
    copied += [(f"activities/{path}", content) for path, content in plan.activity_files]
    made = [Artifact.text(path, text) for path, text in texts.items()]
    return tuple(sorted(made + [Artifact(*one) for one in copied], key=lambda one: one.path))


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _sign_in(entra: Entra) -> str:
    given = call("Entra", keyword("tenant", quoted(entra.tenant)), keyword("audience", quoted(entra.audience)))
    return render("app/signin.py.jinja", _SignIn(code(call("SignIn", given), before="SIGN_IN = ")))


def _function_app(workflow: WorkflowPlan, options: ConnectorOptions) -> str:
    imported = f"from workflows.{workflow.name} import bp as {workflow.name}_bp"
    signed_in = options.entra is not None
    callbacks = call("callbacks", *([literal(options.callback_hosts)] if options.callback_hosts else []))
    test = "ping(SIGN_IN.user)" if signed_in else "ping()"
    values = _FunctionApp(
        docstring=docstring(f"The Functions app of {_titled(workflow)}, generated from {workflow.place.path}.", 0),
        imports=Code(("from signin import SIGN_IN\n" if signed_in else "") + imported),
        # Whoever calls is told by a token then, which the operations themselves check.
        auth_level=Code("ANONYMOUS" if signed_in else "FUNCTION"),
        register=code(call("register", "app", f"{workflow.name}_bp", "support()", callbacks, test)),
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
