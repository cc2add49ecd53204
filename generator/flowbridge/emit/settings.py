"""The files of the app that are the same for every workflow: settings of the host, the tools and the package list."""

from __future__ import annotations

from flowbridge.model.app import Backend

_PROVIDERS: dict[Backend, dict[str, object]] = {
    "azure-storage": {"type": "AzureStorage", "maxQueuePollingInterval": "00:00:05"},
    "dts": {"type": "azureManaged", "connectionStringName": "DURABLE_TASK_SCHEDULER_CONNECTION_STRING"},
    "mssql": {"type": "mssql", "connectionStringName": "SQLDB_Connection"},
}


def host_json(hub: str, backend: Backend) -> dict[str, object]:
    """host.json; it can hold no comments, so each setting's reason stands here and in the app's README.

    * `extensionBundle`: the first bundle whose durable extension knows the versions of orchestrators.
    * `hubName`: named after the workflow, so that two apps that share a storage account do not share a hub; a slot sets
      its own by the app setting `AzureFunctionsJobHost__extensions__durableTask__hubName`.
    * `maxConcurrent…`: bounded, because a Python worker runs everything in one process; by default it is ten a core.
    * `maxQueuePollingInterval`: an event for an idle app waits for the next poll, 30 seconds by default, which a person
      who approves would feel.
    * `storageProvider`: the backend that `app.yaml` names, the storage account of the app unless told.
    * `tracing`: operators see a run as one trace.
    """
    return {
        "version": "2.0",
        "logging": {
            "logLevel": {"default": "Information", "Host.Triggers.DurableTask": "Information"},
            "applicationInsights": {"samplingSettings": {"isEnabled": True, "excludedTypes": "Request;Exception"}},
        },
        "extensionBundle": {"id": "Microsoft.Azure.Functions.ExtensionBundle", "version": "[4.26.0, 5.0.0)"},
        "extensions": {
            "http": {"routePrefix": "api"},
            "durableTask": {
                "hubName": hub,
                "maxConcurrentOrchestratorFunctions": 10,
                "maxConcurrentActivityFunctions": 10,
                "storageProvider": _PROVIDERS[backend],
                "tracing": {"distributedTracingEnabled": True, "version": "V2"},
            },
        },
    }


LOCAL_SETTINGS = {
    "IsEncrypted": False,
    "Values": {
        "AzureWebJobsStorage": "UseDevelopmentStorage=true",
        "FUNCTIONS_WORKER_RUNTIME": "python",
        "AzureWebJobsFeatureFlags": "EnableWorkerIndexing",
    },
}

REQUIREMENTS = """\
aiohttp>=3.10,<4
azure-functions>=1.23,<3
azure-functions-durable>=1.7,<2
jsonschema>=4.23,<5
"""

SIGN_IN_REQUIREMENTS = """\
pyjwt[crypto]>=2.10,<3
"""

FUNCIGNORE = """\
.git*
.venv
.vscode
__pycache__
local.settings.json
pyproject.toml
"""

PYPROJECT = """\
[tool.ruff]
line-length = 120
target-version = "py311"

[tool.ruff.lint]
select = ["E", "F", "W", "I", "UP", "B", "C4", "RET", "PIE", "RUF"]
# Typographic characters are meant; and expressions are the author's, also where a shorter one would say the same.
ignore = [
  "RUF001", "RUF002", "RUF003",
  "C414", "C416", "E712", "RUF015", "RUF034", "RUF046", "RUF057", "RUF060", "UP018",
]

[tool.pyright]
include = ["."]
pythonVersion = "3.11"
typeCheckingMode = "strict"
"""
