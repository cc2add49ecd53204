"""The operation by which a connection is tested: it answers whoever has the key."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import azure.functions as func

from .http import RefusedError, answer
from .sdk import Blueprint, blueprint


def ping(user: Callable[[func.HttpRequest], Awaitable[str]] | None = None) -> Blueprint:
    """A blueprint with that operation; `user` refuses whoever is not signed in."""
    bp = blueprint()

    @bp.route(route="connector/ping", methods=["GET"])
    async def connector_ping(req: func.HttpRequest) -> func.HttpResponse:  # pyright: ignore[reportUnusedFunction]
        """Answers that the app is there, and where."""
        if user is not None:
            try:
                await user(req)
            except RefusedError as refused:
                return refused.answer()
        parts = urlsplit(req.url)
        return answer({"status": "ok", "host": parts.netloc})

    return bp
