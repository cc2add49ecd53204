"""The operation by which a connection is tested: it answers whoever has the key."""

from __future__ import annotations

from urllib.parse import urlsplit

import azure.functions as func

from .http import answer
from .sdk import Blueprint, blueprint


def ping() -> Blueprint:
    """A blueprint with that operation."""
    bp = blueprint()

    @bp.route(route="connector/ping", methods=["GET"])
    def connector_ping(req: func.HttpRequest) -> func.HttpResponse:  # pyright: ignore[reportUnusedFunction]
        """Answers that the app is there, and where."""
        parts = urlsplit(req.url)
        return answer({"status": "ok", "host": parts.netloc})

    return bp
