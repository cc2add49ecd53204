"""The connector's page for its users, in Markdown, under the headings that Microsoft asks of a connector's readme."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flowbridge.emit.connector.plan import ConnectorOptions
from flowbridge.emit.connector.swagger import Connector, Operation
from flowbridge.emit.connector.swagger_types import Schema
from flowbridge.model.types import Json

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|&~$])")

_HOST = """\
- **Host URL**: the address of the Functions app, such as `https://{host}`, without a slash at its end. One connector \
serves many environments: each connection names its own app.
"""
_KEY = """\
- **Function key**: a function key or host key of that app. In the Azure portal it is under *App keys*; it travels in \
the header `x-functions-key` and is never part of an answer.
"""
_SIGN_IN = """\
- **Sign in** with your account of the organisation, through Entra ID. What you decide is recorded under that account, \
and only who is asked for an approval can decide it.
"""

_LEAVE = """\
Flows that use these keep working; a new flow takes what stands beside them. They may be removed in a later version.
"""

_FIXED = """\
## Getting Started

1. Add **{run}** to a flow that shall go on with the result: it sleeps until the instance has ended, and gives the \
output or the error, typed.
2. Add **{start}** to a flow that shall not wait. It answers at once; keep the **Instance ID**, which every other \
action takes.
3. Begin a flow with one of the triggers to be told of approvals and ends, whoever started the instance. An event that \
is told twice has the same **Event ID**.
4. Ask **{status}** when you want to know how an instance stands. Branch on **Runtime Status**: the output is there \
once it is `Completed`, and the error once it is `Failed`, `Terminated` or `Canceled`.

## Known Issues and Limitations

- What does not apply to an instance is absent from its status: no output before the end, no error without a failure.
- A workflow that fails is not a failed action: the status, the wait and the trigger tell the error.
- A flow is called back under the addresses of Power Automate and Logic Apps only, and for a day if it does not answer.
- An action that is refused answers with 400, 404, 409, 410 or 413 and says why; the platform does not repeat it. \
After 429 or a status from 500 on it does, up to eight times: give **Instance ID** a value of your own, so that a \
repeated start finds the instance that is there.
- A flow with a custom connector needs a premium licence.

## Frequently Asked Questions

### How do I keep a flow from starting the workflow twice?

Give **Instance ID** a value of your own, such as the number of the order. The same ID with the same input answers \
with the instance that is there; with another input it is refused with 409.

## Deployment Instructions

1. Deploy the Functions app.
2. Install Microsoft's client with `pip install paconn` and sign in with `paconn login`.
3. In this folder, run `paconn create --settings settings.json`. It asks for the environment, and offers to write the \
connector's ID into `settings.json`: decline, and keep the ID that it prints, because this folder is made by a build.
4. Create a connection.

For a new version, run `paconn update` with `--api-def`, `--api-prop`, `--icon`, `--env` and `--cid` (the kept ID). \
Importing only the definition through the portal loses the host URL: it is part of `apiProperties.json`.
"""


def readme(connector: Connector, options: ConnectorOptions) -> str:
    """The page as Markdown: no HTML, and whatever an author wrote is text."""
    current = [one for one in connector.operations if not one.deprecated]
    status = next((one for one in current if one.method == "get"), current[0])
    run = next((one for one in current if one.notification is not None), current[0])
    owner = options.publisher or f"the owner of {connector.title}"
    parts = [
        f"# {_text(connector.title)}\n\n{_text(connector.description)}\n",
        f"## Publisher: {_text(owner)}\n\nVersion {connector.version}.\n",
        "## Prerequisites\n\n- The Functions app of this workflow, deployed and reached over HTTPS.\n"
        "- A Power Platform environment, and the right to create custom connectors in it.\n",
        "## Supported Operations\n",
        *(_operation(one) for one in connector.operations if one.visibility != "internal"),
        "## Obtaining Credentials\n\nA connection takes:\n",
        (_HOST.format(host=connector.host) if options.host is None else "") + (_SIGN_IN if options.entra else _KEY),
        *_deprecated(connector),
        _FIXED.format(run=_text(run.summary), start=_text(current[0].summary), status=_text(status.summary)),
    ]
    return "\n".join(parts)


def _deprecated(connector: Connector) -> Iterator[str]:
    """Which operations flows should leave, and what they should use; nothing where none is deprecated."""
    shown = {one.id: one.summary for one in connector.operations}
    rows: list[tuple[str, ...]] = []
    for one in connector.operations:
        if one.deprecated and one.visibility != "internal":
            newer = one.annotation.replacement if one.annotation is not None else None
            rows.append((_text(one.summary), "nothing" if newer is None else _text(shown[newer])))
    if rows:
        lines = _table(("Deprecated", "Use instead"), rows)
        yield "\n".join(["## Deprecated Operations\n", _LEAVE, *lines])


def _operation(one: Operation) -> str:
    inputs = [(f"`{parameter.name}`", parameter.label, "text", "yes") for parameter in one.parameters]
    body = one.body.schema if one.body is not None else {}
    inputs += [(f"`{query.name}`", query.label, _kind(query.schema), "no") for query in one.queries]
    inputs += [(f"`{path}`", label, kind, "yes" if needed else "no") for path, label, kind, needed in _rows(body)]
    given = one.notification.schema if one.notification is not None else one.result or {}
    outputs = [(f"`{path}`", label, kind) for path, label, kind, _ in _rows(given)]
    lines = [
        f"### {_text(one.summary)}\n",
        f"{_text(one.description)}\n",
        *_table(("Input", "Label", "Type", "Required"), inputs),
        *_table(("Output", "Label", "Type"), outputs),
    ]
    return "\n".join(lines)


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    if not rows:
        return []
    shown = [head, tuple("---" for _ in head), *rows]
    return [*("| " + " | ".join(row) + " |" for row in shown), ""]


def _rows(schema: Schema, before: str = "", needed: bool = True) -> Iterator[tuple[str, str, str, bool]]:
    """The properties of an object and of the objects inside it: path, label, type, and whether it is always there."""
    required = schema.get("required")
    for name, one in _object(schema.get("properties")).items():
        inner = _object(one)
        if inner.get("x-ms-visibility") == "internal":
            continue
        always = needed and isinstance(required, list) and name in required
        yield f"{before}{name}", _text(str(inner.get("x-ms-summary", ""))), _kind(inner), always
        path = f"{before}{name}"
        while inner.get("type") == "array":
            inner, path = _object(inner.get("items")), f"{path}[]"
        yield from _rows(inner, f"{path}.", always)


def _kind(schema: Schema) -> str:
    """What a value is, in a maker's words."""
    if "enum" in schema:
        values = schema["enum"]
        return "one of " + ", ".join(_text(str(one)) for one in values) if isinstance(values, list) else "text"
    kinds = {"string": "text", "integer": "whole number", "boolean": "true or false", "array": "list"}
    told = str(schema.get("format", schema["type"])) if schema["type"] == "string" else str(schema["type"])
    return kinds.get(told, told)


def _object(value: Json) -> Schema:
    return value if isinstance(value, dict) else {}


def _text(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
