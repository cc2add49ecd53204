"""What belongs to an app and not to one of its workflows: `app.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Backend = Literal["azure-storage", "dts", "mssql"]


@dataclass(frozen=True)
class AppSettings:
    """The settings of an app; `host` is where it is reached, None for one that each connection names."""

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
