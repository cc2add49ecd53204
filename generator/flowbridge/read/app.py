"""`app.yaml` to `AppSettings`: what belongs to an app and not to one of its workflows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import cast

from flowbridge.model.app import AppSettings, Backend, Replacement
from flowbridge.read.binder import Binder
from flowbridge.read.document import parse
from flowbridge.read.nodes import MapNode
from flowbridge.read.schema import check_against
from flowbridge.read.shapes import app_shape
from flowbridge.text.diagnostic import CompileError, Diagnostic, EnoughError, Findings, in_order
from flowbridge.text.source import Source


def read_app(source: Source) -> tuple[AppSettings | None, tuple[Diagnostic, ...]]:
    """The settings that a source holds, and what was found; None where something found is an error."""
    try:
        document = parse(source)
    except CompileError as error:
        return None, error.diagnostics
    findings = Findings()
    faulty = frozenset[int]()
    with suppress(EnoughError):
        faulty = check_against(app_shape(), "the app", document, findings)
    found = in_order(findings.all)
    if any(one.severity == "error" for one in found):
        return None, found
    return _settings(Binder(faulty, findings), document.root), found


def _settings(binder: Binder, root: MapNode) -> AppSettings:
    name = binder.string(root.get("app")) or ""
    signing = root.get("auth")
    entra = signing.get("entra") if isinstance(signing, MapNode) else None
    registered = entra if isinstance(entra, MapNode) else MapNode((), root.span)
    client = binder.string(registered.get("client_id"))
    audience = binder.string(registered.get("audience"))
    return AppSettings(
        name=name,
        title=binder.string(root.get("title")) or name.replace("_", " ").strip().capitalize(),
        description=binder.string(root.get("description")) or "",
        version=binder.integer(root.get("version")) or 1,
        publisher=binder.string(root.get("publisher")),
        brand_color=binder.string(root.get("brand_color")) or AppSettings.brand_color,
        host=binder.string(root.get("host")),
        backend=cast("Backend", binder.string(root.get("backend")) or AppSettings.backend),
        auth="entra" if entra is not None else "function-key",
        tenant=binder.string(registered.get("tenant")),
        client_id=client,
        audience=audience or (f"api://{client}" if client is not None else None),
        callback_hosts=tuple(host for host, _ in binder.strings(root.get("callback_hosts"))),
        replacements=(*_replacements(binder, root, "deprecated"), *_replacements(binder, root, "removed")),
    )


def _replacements(binder: Binder, root: MapNode, key: str) -> Iterator[Replacement]:
    """What is replaced by what, as it is written under a key."""
    node = root.get(key)
    for one in node.entries if isinstance(node, MapNode) else ():
        new = binder.string(one.value)
        if new is not None:
            yield Replacement(one.key, new, one.key_span, one.value.span, served=key == "deprecated")
