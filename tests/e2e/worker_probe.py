"""Runs in a Python 3.13 with Microsoft's worker runtime: indexes an app, calls its functions, prints what came of it.

`python worker_probe.py APP_DIR < jobs.json > results.json`; a job has a `function` and its `inputs`, each with a type.
The runtime takes its message classes from whoever embeds it; here they are plain namespaces.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import sys
import uuid
from types import SimpleNamespace
from typing import Any, cast

runtime: Any = importlib.import_module("azure_functions_runtime")
native: Any = importlib.import_module("azure_functions_runtime.native_invocation")
Datum: Any = importlib.import_module("azure_functions_runtime.bindings.datumdef").Datum


ENUMS = {"Success": 1, "Failure": 0, "in_": 0, "out": 1, "inout": 2, "undefined": 0}


class Messages:
    """The messages of the host's protocol, each a namespace of its fields."""

    def __getattr__(self, name: str) -> Any:
        return type(name, (SimpleNamespace,), dict(ENUMS))


def datum(given: dict[str, Any]) -> Any:
    """A value as the host hands it over."""
    if given["type"] != "http":
        return Datum(given["value"], given["type"])
    parts: dict[str, Any] = {key: Datum(given[key], "string") for key in ("method", "url")}
    return Datum(
        {**parts, "headers": {}, "query": {}, "params": {}, "body": Datum(given["body"].encode(), "bytes")}, "http"
    )


def shown(answer: Any) -> Any:
    """What a function gave, as text; an HTTP answer as its status and body."""
    if answer is None:
        return None
    if answer.type != "http":
        return answer.value
    parts = cast(dict[str, Any], answer.value)
    return {"status": int(parts["status_code"].value), "body": bytes(parts["body"].value).decode()}


async def main(app: str, jobs: list[dict[str, Any]]) -> dict[str, Any]:
    """Does what the host's proxy does: init, metadata, then one invocation a job."""
    runtime.start_threadpool_executor()
    messages = Messages()
    init = SimpleNamespace(capabilities={}, function_app_directory=app)
    request = SimpleNamespace(
        request=SimpleNamespace(worker_init_request=init, functions_metadata_request=SimpleNamespace()),
        properties={"host": "127.0.0.1", "protos": messages},
    )
    started = await runtime.worker_init_request(request)
    if started.result.status != 1:
        return {"failed": repr(started.result.exception)}
    metadata = await runtime.functions_metadata_request(request)
    functions: list[dict[str, Any]] = [
        {"name": one.name, "bindings": [json.loads(text) for text in one.raw_bindings]}
        for one in metadata.function_metadata_results
    ]
    results: list[dict[str, Any]] = []
    for job in jobs:
        function = str(uuid.uuid5(namespace=uuid.NAMESPACE_OID, name=job["function"]))
        inputs = [(name, datum(one)) for name, one in cast(dict[str, Any], job["inputs"]).items()]
        ok, answer, _, error, _ = await native.invocation_request_native(str(uuid.uuid4()), function, inputs, {})
        results.append({"ok": ok, "value": shown(answer), "error": error})
    return {"functions": functions, "results": results}


if __name__ == "__main__":
    folder = sys.argv[1]
    os.chdir(folder)
    sys.path.insert(0, folder)
    found = asyncio.run(main(folder, json.load(sys.stdin)))
    sys.stdout = sys.__stdout__
    print("\n" + json.dumps(found), flush=True)
    os._exit(0)
