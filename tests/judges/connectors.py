"""The connectors that are judged: of every example, of every golden case, and of apps whose settings change them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from flowbridge.compiler import compile_app

ROOT = Path(__file__).resolve().parents[2]
WORKFLOW = """\
workflow: pay_invoice
version: 1
title: Pay an invoice
description: Pays an invoice once a person has approved it.
input:
  amount: {type: number, title: Amount, description: What is to be paid.}
steps:
  - id: sign_off
    approval:
      title: Invoice of ${input.amount}
      details: Somebody wants it to be paid.
      approvers: [ada@example.com]
      timeout: 3d
"""
APP = """\
app: invoices
version: 3
title: Invoices
description: Pays the invoices of the house, each of them once a person has approved it.
publisher: Contoso
"""
SETTINGS = {
    "signed_in": """\
auth:
  entra:
    tenant: 9188040d-6c67-4c5b-b112-36a304b66dad
    client_id: 11111111-2222-3333-4444-555555555555
    audience: api://invoices
""",
    "fixed_host": "host: contoso-invoices.azurewebsites.net\nbrand_color: '#7a1f8b'\n",
    "both": """\
host: contoso-invoices.azurewebsites.net
auth:
  entra: {tenant: 9188040d-6c67-4c5b-b112-36a304b66dad, client_id: 11111111-2222-3333-4444-555555555555}
""",
}


def _specs() -> dict[str, Path]:
    spec, golden = ROOT / "spec", ROOT / "tests" / "golden"
    files = {f"spec/{path.name}": path for path in spec.glob("*.yaml")}
    folders = {f"examples/{path.name}": path for path in (spec / "examples").iterdir() if path.is_dir()}
    cases = {f"golden/{path.parent.name}": path for path in golden.glob("*/workflow.yaml")}
    return dict(sorted({**files, **folders, **cases}.items()))


SPECS = _specs()
NAMES = (*SPECS, *(f"settings/{name}" for name in SETTINGS))
"""The names of all connectors."""


@cache
def connector(name: str) -> Mapping[str, bytes]:
    """The files of one connector."""
    if name in SPECS:
        return {one.path: one.content for one in compile_app(SPECS[name]).connector}
    with TemporaryDirectory() as folder:
        (Path(folder) / "app.yaml").write_text(APP + SETTINGS[name.removeprefix("settings/")], encoding="utf-8")
        (Path(folder) / "pay_invoice.yaml").write_text(WORKFLOW, encoding="utf-8")
        return {one.path: one.content for one in compile_app(Path(folder)).connector}
