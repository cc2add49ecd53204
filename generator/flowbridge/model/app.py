"""What belongs to an app and not to one of its workflows: `app.yaml`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from flowbridge.text.source import Span

Backend = Literal["azure-storage", "dts", "mssql"]


@dataclass(frozen=True)
class Replacement:
    """A workflow that another one replaces; `served` says whether it is still there."""

    old: str
    new: str
    old_span: Span = field(compare=False, repr=False)
    new_span: Span = field(compare=False, repr=False)
    served: bool = True


@dataclass(frozen=True)
class AppSettings:
    """The settings of an app; `host` is where it is reached, None for one that each connection names.

    `replacements` are the workflows that are deprecated or removed, in the order of the file.
    """

    name: str
    title: str
    description: str
    version: int = 1
    publisher: str | None = None
    brand_color: str = "#1f5f8b"
    host: str | None = None
    backend: Backend = "azure-storage"
    auth: Literal["function-key", "entra"] = "function-key"
    tenant: str | None = None
    client_id: str | None = None
    audience: str | None = None
    callback_hosts: tuple[str, ...] = ()
    replacements: tuple[Replacement, ...] = ()
