"""From the plan to the custom connector: the definition, how a connection is made, an icon and a page for its users.

JSON is ASCII with two spaces of indentation and a newline at the end: Microsoft's client reads it in the encoding of
whatever machine it runs on.
"""

from __future__ import annotations

import json

from flowbridge.emit.artifact import Artifact
from flowbridge.emit.connector import labels
from flowbridge.emit.connector.icon import icon
from flowbridge.emit.connector.lists import ping
from flowbridge.emit.connector.plan import (
    ConnectorOptions,
    ConnectorWorkflow,
    connector_options,
    connector_workflows,
)
from flowbridge.emit.connector.readme import readme
from flowbridge.emit.connector.revisions import operations
from flowbridge.emit.connector.security import security, sign_in
from flowbridge.emit.connector.surface import surface
from flowbridge.emit.connector.surface_lock import LOCK, lock_text
from flowbridge.emit.connector.swagger import Connector, document
from flowbridge.emit.connector.swagger_types import Schema
from flowbridge.model.types import Json
from flowbridge.plan.plan import AppPlan

DEFINITION = "apiDefinition.swagger.json"
DESCRIPTION_SHORTEST, DESCRIPTION_LONGEST = 30, 500

# Neither `environment` nor `connectorId` is known to a build; paconn asks for what is not here.
_SETTINGS: Schema = {
    "apiProperties": "apiProperties.json",
    "apiDefinition": DEFINITION,
    "icon": "icon.png",
    "powerAppsUrl": "https://api.powerapps.com",
    "powerAppsApiVersion": "2016-11-01",
    "flowUrl": "https://api.flow.microsoft.com",
    "flowApiVersion": "2016-11-01",
}


def emit_connector(plan: AppPlan, options: ConnectorOptions | None = None) -> tuple[Artifact, ...]:
    """All files of the connector, with paths relative to it."""
    options = options or connector_options(plan.settings)
    connector = make_connector(connector_workflows(plan), options)
    definition = document(connector)
    made = (
        Artifact.text(DEFINITION, _json(definition)),
        Artifact.text("apiProperties.json", _json(_properties(connector, options))),
        Artifact("icon.png", icon(options.brand_color)),
        Artifact.text("readme.md", readme(connector, options)),
        Artifact.text("settings.json", _json(_SETTINGS)),
        Artifact.text(LOCK, lock_text(surface(definition))),
    )
    return tuple(sorted(made, key=lambda one: one.path))


def make_connector(workflows: tuple[ConnectorWorkflow, ...], options: ConnectorOptions) -> Connector:
    """The connector of an app's workflows as typed data."""
    first = workflows[0]
    name, title = options.name or first.name, options.title or first.title
    version = options.version or max(one.version for one in workflows)
    taken: set[str] = set()
    test = ping(taken)
    signed_in = options.entra is not None
    every = operations(workflows, taken, signed_in=signed_in)
    return Connector(
        title=labels.connector_title(title, name),
        description=_description(first.description if options.description is None else options.description, title),
        version=f"{version}.0.0",
        host=options.host or f"{name.strip('_').replace('_', '-')}.azurewebsites.net",
        operations=(*every, test),
        test=test.id,
        security=security(options),
        name=name,
    )


def _description(told: str, title: str) -> str:
    """The description, made long enough to say what the connector does, and cut where it is too long."""
    told = labels.sentence(told)
    if len(told) < DESCRIPTION_SHORTEST:
        title = labels.cut(labels.plain(title), labels.LABEL_LIMIT)
        told = f"{told} Starts {labels.inside(title)}, tells how it stands and hands over decisions.".strip()
    assert DESCRIPTION_SHORTEST <= len(told) <= DESCRIPTION_LONGEST
    return told


def _properties(connector: Connector, options: ConnectorOptions) -> Schema:
    parameters: dict[str, Json] = {}
    policies: list[Json] = []
    if options.host is None:
        host_tooltip = "It begins with https:// and has no slash at its end."
        host_told = f"The address of the Functions app, such as https://{connector.host}."
        parameters["hostUrl"] = _parameter("string", "Host URL", host_told, host_tooltip, 1)
        policy: Schema = {
            "templateId": "dynamichosturl",
            "title": "Send requests to the connection's Functions app",
            "parameters": {"x-ms-apimTemplateParameter.urlTemplate": "@connectionParameters('hostUrl')"},
        }
        policies.append(policy)
    if options.entra is None:
        key_told = "A function key or host key of the Functions app; every request carries it."
        key_tooltip = "In the Azure portal it is under App keys."
        parameters["api_key"] = _parameter("securestring", "Function key", key_told, key_tooltip, 2)
    else:
        parameters["token"] = sign_in(options.entra)
    properties: Schema = {
        "connectionParameters": parameters,
        "iconBrandColor": options.brand_color,
        "capabilities": ["actions", "triggers"],
        "policyTemplateInstances": policies,
    }
    if options.publisher is not None:
        properties["publisher"] = options.publisher
    return {"properties": properties}


def _parameter(kind: str, name: str, description: str, tooltip: str, place: int) -> Schema:
    # The platform wants `required` as text and `clearText` as a boolean.
    constraints: Schema = {"tabIndex": place, "clearText": kind == "string", "required": "true"}
    shown: Schema = {"displayName": name, "description": description, "tooltip": tooltip, "constraints": constraints}
    return {"type": kind, "uiDefinition": shown}


def _json(value: Schema) -> str:
    return json.dumps(value, indent=2, ensure_ascii=True) + "\n"
