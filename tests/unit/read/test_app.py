"""`app.yaml`: what it says, and what is wrong with one."""

from __future__ import annotations

import json
from typing import Any, cast

import jsonschema
import pytest

from flowbridge.assets import text
from flowbridge.model.app import AppSettings, Replacement
from flowbridge.read.app import read_app
from flowbridge.read.document import parse
from flowbridge.read.nodes import node_value
from flowbridge.text.source import Source, Span

SCHEMA = cast("dict[str, Any]", json.loads(text("spec", "app.schema.json")))
NOWHERE = Span(Source("", ""), 0, 0)
CLIENT = "0f8fad5b-d9cb-469f-a165-70867728950e"
TENANT = "9188040d-6c67-4c5b-b112-36a304b66dad"

WHOLE = f"""app: invoices
version: 3
title: Invoices
description: Approves and pays invoices.
publisher: Contoso
brand_color: '#1F5f8b'
host: contoso-invoices.azurewebsites.net
backend: mssql
auth:
  entra: {{tenant: {TENANT}, client_id: {CLIENT}}}
callback_hosts: [hooks.contoso.com, '*.contoso.net']
deprecated: {{pay: pay_v2}}
removed: {{ask: ask_v2}}
"""


def is_valid(source: str) -> bool:
    """Whether a general validator takes a file."""
    value = node_value(parse(Source("app.yaml", source)).root)
    validator: Any = jsonschema.Draft202012Validator(SCHEMA)
    return bool(validator.is_valid(value))


def test_everything_that_it_may_say() -> None:
    settings, found = read_app(Source("app.yaml", WHOLE))
    assert found == ()
    assert is_valid(WHOLE)
    assert settings == AppSettings(
        name="invoices",
        title="Invoices",
        description="Approves and pays invoices.",
        version=3,
        publisher="Contoso",
        brand_color="#1F5f8b",
        host="contoso-invoices.azurewebsites.net",
        backend="mssql",
        auth="entra",
        tenant=TENANT,
        client_id=CLIENT,
        audience=f"api://{CLIENT}",
        callback_hosts=("hooks.contoso.com", "*.contoso.net"),
        replacements=(
            Replacement("pay", "pay_v2", NOWHERE, NOWHERE),
            Replacement("ask", "ask_v2", NOWHERE, NOWHERE, served=False),
        ),
    )
    assert settings is not None
    places = [(one.old_span.line, one.old_span.column, one.new_span.column) for one in settings.replacements]
    assert places == [(12, 14, 19), (13, 11, 16)]


def test_the_least_that_it_may_say() -> None:
    settings, found = read_app(Source("app.yaml", "app: my_invoices\n"))
    assert found == ()
    assert settings == AppSettings("my_invoices", "My invoices", "")


def test_an_audience_of_its_own() -> None:
    source = WHOLE.replace(f"client_id: {CLIENT}", f"client_id: {CLIENT}, audience: 'api://invoices'")
    settings, _ = read_app(Source("app.yaml", source))
    assert settings is not None
    assert settings.audience == "api://invoices"


@pytest.mark.parametrize(
    ("source", "rule", "line"),
    [
        ("title: x\n", "E121", 1),
        ("app: Invoices\n", "E201", 1),
        ("app: a\nbackend: sqlite\n", "E123", 2),
        ("app: a\nbackned: dts\n", "E120", 2),
        ("app: a\nversion: 0\n", "E123", 2),
        ("app: a\nbrand_color: blue\n", "E123", 2),
        ("app: a\nhost: https://contoso.com\n", "E123", 2),
        ("app: a\nhost: contoso.com/api\n", "E123", 2),
        ("app: a\nauth: none\n", "E123", 2),
        (f"app: a\nauth: {{entra: {{tenant: {TENANT}}}}}\n", "E121", 2),
        (f"app: a\nauth: {{entra: {{tenant: contoso.com, client_id: {CLIENT}}}}}\n", "E123", 2),
        (f"app: a\nauth: {{entra: {{tenant: 'a b', client_id: {CLIENT}}}}}\n", "E123", 2),
        (f"app: a\nauth: {{entra: {{tenant: {TENANT}, client_id: mine}}}}\n", "E123", 2),
        ("app: a\ncallback_hosts: ['*']\n", "E123", 2),
        ("app: a\ncallback_hosts: ['10.0.0.1']\n", "E123", 2),
        ("app: a\ncallback_hosts: ['http://x.y']\n", "E123", 2),
        ("app: a\ndeprecated: [b]\n", "E122", 2),
        ("app: a\ndeprecated: {order: OrderV2}\n", "E201", 2),
        ("app: a\ndeprecated: {Order: order_v2}\n", "E201", 2),
        ("app: a\nremoved: {order: 2}\n", "E201", 2),
        ("app: a\ndeprecated: {order: b, order: c}\n", "E104", 2),
        ("app: a\napp: b\n", "E104", 2),
        ("", "E110", 1),
    ],
)
def test_one_message_for_one_mistake(source: str, rule: str, line: int) -> None:
    settings, found = read_app(Source("app.yaml", source))
    assert settings is None
    assert [(one.rule, one.span.line) for one in found] == [(rule, line)]
    if rule not in ("E104", "E110"):
        assert not is_valid(source)


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)  # pyright: ignore[reportUnknownMemberType]
