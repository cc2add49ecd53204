"""What the Functions host hands to a function beside its trigger: the durable client's JSON and the context."""

import json
import threading
from typing import Any
from urllib.parse import quote

from azure.functions import Context

MANAGEMENT = "/runtime/webhooks/durabletask"
RPC = "/durabletask/"
CONNECTION = "AzureWebJobsStorage"
PLACEHOLDER = "INSTANCEID"
_OPERATIONS = {
    "statusQueryGetUri": ("", ""),
    "sendEventPostUri": ("/raiseEvent/{eventName}", ""),
    "terminatePostUri": ("/terminate", "reason={text}&"),
    "rewindPostUri": ("/rewind", "reason={text}&"),
    "purgeHistoryDeleteUri": ("", ""),
    "restartPostUri": ("/restart", ""),
    "suspendPostUri": ("/suspend", "reason={text}&"),
    "resumePostUri": ("/resume", "reason={text}&"),
}


def management_urls(origin: str, hub: str, instance: str, key: str) -> dict[str, str]:
    """The addresses of one instance; `origin` is http://host:port."""
    common = f"taskHub={hub}&connection={CONNECTION}&code={quote(key, safe='')}"
    base = f"{origin}{MANAGEMENT}/instances/{quote(instance, safe='')}"
    return {"id": instance, **{n: f"{base}{path}?{more}{common}" for n, (path, more) in _OPERATIONS.items()}}


def client_binding(origin: str, hub: str, key: str) -> str:
    """The durableClient binding's JSON text."""
    unquoted, key = key, quote(key, safe="")
    common = f"taskHub={hub}&connection={CONNECTION}&code={key}"
    start = f"{origin}{MANAGEMENT}/orchestrators/{{functionName}}[/{{instanceId}}]"
    urls = management_urls(origin, hub, PLACEHOLDER, unquoted)
    content: dict[str, Any] = {
        "taskHubName": hub,
        "connectionName": CONNECTION,
        "creationUrls": {
            "createNewInstancePostUri": f"{start}?code={key}",
            "createAndWaitOnNewInstancePostUri": f"{start}?timeout={{timeoutInSeconds}}"
            f"&pollingInterval={{intervalInSeconds}}&code={key}",
        },
        "managementUrls": urls,
        "baseUrl": f"{origin}{MANAGEMENT}",
        "requiredQueryStringParameters": common.rpartition("&")[2],
        "rpcBaseUrl": f"{origin}{RPC}",
    }
    return json.dumps(content)


class _TraceContext:
    trace_state = ""
    trace_parent = ""
    attributes: dict[str, str] = {}  # noqa: RUF012 - the worker's is a shared empty mapping, too


class _RetryContext:
    retry_count = 0
    max_retry_count = 0
    exception = None


class InvocationContext(Context):
    """The `context` a function may ask for."""

    def __init__(self, function: str, invocation: str) -> None:
        self._function = function
        self._invocation = invocation
        self._local = threading.local()
        self._local.invocation_id = invocation

    @property
    def invocation_id(self) -> str:
        return self._invocation

    @property
    def thread_local_storage(self) -> Any:
        return self._local

    @property
    def function_name(self) -> str:
        return self._function

    @property
    def function_directory(self) -> str:
        return ""

    @property
    def trace_context(self) -> Any:
        return _TraceContext()

    @property
    def retry_context(self) -> Any:
        return _RetryContext()
