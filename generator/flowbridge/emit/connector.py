"""From the plan to the custom connector: the definition, how a connection is made, an icon and a page for its users.

JSON is ASCII with two spaces of indentation and a newline at the end: Microsoft's client reads it in the encoding of
whatever machine it runs on.
"""

from __future__ import annotations

import json

from flowbridge.emit import labels
from flowbridge.emit.artifact import Artifact
from flowbridge.emit.connector_operations import workflow_operations
from flowbridge.emit.connector_readme import readme
from flowbridge.emit.icon import icon
from flowbridge.emit.swagger import Connector, document
from flowbridge.emit.swagger_types import Schema
from flowbridge.plan.plan import AppPlan

DESCRIPTION_SHORTEST, DESCRIPTION_LONGEST = 30, 500

# Neither `environment` nor `connectorId` is known to a build; paconn asks for what is not here.
_SETTINGS: Schema = {
    "apiProperties": "apiProperties.json",
    "apiDefinition": "apiDefinition.swagger.json",
    "icon": "icon.png",
    "powerAppsUrl": "https://api.powerapps.com",
    "powerAppsApiVersion": "2016-11-01",
    "flowUrl": "https://api.flow.microsoft.com",
    "flowApiVersion": "2016-11-01",
}


def emit_connector(plan: AppPlan) -> tuple[Artifact, ...]:
    """All files of the connector, with paths relative to it."""
    connector = _connector(plan)
    made = (
        Artifact.text("apiDefinition.swagger.json", _json(document(connector))),
        Artifact.text("apiProperties.json", _json(_properties(connector, plan.settings.brand_color))),
        Artifact("icon.png", icon(plan.settings.brand_color)),
        Artifact.text("readme.md", readme(connector)),
        Artifact.text("settings.json", _json(_SETTINGS)),
    )
    return tuple(sorted(made, key=lambda one: one.path))


def _connector(plan: AppPlan) -> Connector:
    return Connector(
        title=labels.connector_title(plan.settings.title, plan.settings.name),
        description=_description(plan),
        version=f"{plan.settings.version}.0.0",
        host=plan.settings.host or f"{plan.settings.name.strip('_').replace('_', '-')}.azurewebsites.net",
        operations=tuple(one for workflow in plan.workflows for one in workflow_operations(workflow)),
    )


def _description(plan: AppPlan) -> str:
    """The app's description, made long enough to say what the connector does, and cut where it is too long."""
    told = labels.sentence(plan.settings.description)
    if len(told) < DESCRIPTION_SHORTEST:
        title = labels.cut(labels.plain(plan.settings.title), labels.LABEL_LIMIT)
        told = f"{told} Starts {labels.inside(title)}, tells how it stands and hands over decisions.".strip()
    assert DESCRIPTION_SHORTEST <= len(told) <= DESCRIPTION_LONGEST
    return told


def _properties(connector: Connector, brand_color: str) -> Schema:
    host_tooltip = "It begins with https:// and has no slash at its end."
    host = _parameter(
        "string", "Host URL", f"The address of the Functions app, such as https://{connector.host}.", host_tooltip, 1
    )
    key_told = "A function key or host key of the Functions app; every request carries it."
    key = _parameter("securestring", "Function key", key_told, "In the Azure portal it is under App keys.", 2)
    policy: Schema = {
        "templateId": "dynamichosturl",
        "title": "Send requests to the connection's Functions app",
        "parameters": {"x-ms-apimTemplateParameter.urlTemplate": "@connectionParameters('hostUrl')"},
    }
    return {
        "properties": {
            "connectionParameters": {"hostUrl": host, "api_key": key},
            "iconBrandColor": brand_color,
            "capabilities": ["actions"],
            "policyTemplateInstances": [policy],
        }
    }


def _parameter(kind: str, name: str, description: str, tooltip: str, place: int) -> Schema:
    # The platform wants `required` as text and `clearText` as a boolean.
    constraints: Schema = {"tabIndex": place, "clearText": kind == "string", "required": "true"}
    shown: Schema = {"displayName": name, "description": description, "tooltip": tooltip, "constraints": constraints}
    return {"type": kind, "uiDefinition": shown}


def _json(value: Schema) -> str:
    return json.dumps(value, indent=2, ensure_ascii=True) + "\n"
