"""How a connection proves who it is: with a function key, or with a person's sign-in through Entra ID."""

from __future__ import annotations

from flowbridge.emit.connector.plan import ConnectorOptions, Entra
from flowbridge.emit.connector.swagger_types import Schema

LOGIN = "https://login.microsoftonline.com"


def security(options: ConnectorOptions) -> tuple[str, Schema]:
    """The security definition of the document, with its name."""
    if options.entra is None:
        return "FunctionKey", {"type": "apiKey", "name": "x-functions-key", "in": "header"}
    base = f"{LOGIN}/{options.entra.tenant}/oauth2"
    scope = f"{options.entra.audience}/.default"
    return "EntraId", {
        "type": "oauth2",
        "flow": "accessCode",
        "authorizationUrl": f"{base}/authorize",
        "tokenUrl": f"{base}/token",
        "scopes": {scope: "Use the workflows as the signed-in user"},
    }


def sign_in(entra: Entra) -> Schema:
    """The connection parameter by which a maker signs in; the client's secret is given when the connector is made."""
    return {
        "type": "oauthSetting",
        "oAuthSettings": {
            "identityProvider": "aad",
            "clientId": entra.client_id,
            "scopes": [],
            "redirectMode": "Global",
            "redirectUrl": "https://global.consent.azure-apim.net/redirect",
            "properties": {"IsFirstParty": "False", "AzureActiveDirectoryResourceId": entra.audience},
            "customParameters": {
                "loginUri": {"value": LOGIN},
                "tenantId": {"value": entra.tenant},
                "resourceUri": {"value": entra.audience},
            },
        },
        "uiDefinition": {
            "displayName": "Sign in",
            "description": "Sign in with your account of the organisation; what you decide is recorded under it.",
            "tooltip": "Sign in with Entra ID.",
            "constraints": {"required": "true", "hidden": "false"},
        },
    }
