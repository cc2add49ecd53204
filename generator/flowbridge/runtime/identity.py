"""Sign-in through Entra ID: who calls is told by a token, which is checked in full before anything else is done.

A token counts if the tenant's own keys have signed it, for this app, and if it has not expired. The keys are fetched
when they are first needed and kept; an unknown key has them fetched again, but not more often than once a minute.
"""

from __future__ import annotations

import asyncio
import logging
import os
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import aiohttp
import azure.functions as func
import jwt

from .callback import LOCAL_HOST, TEST_CA
from .http import RefusedError
from .operations import Workflow
from .sdk import Client

LOGIN = "https://login.microsoftonline.com"
TEST_ISSUER = "FLOWBRIDGE_ENTRA_TEST_ISSUER"
"""The base address of an issuer of a test; it counts on the local host alone."""

KEYS_KEPT_SECONDS = 86_400.0
FETCH_PAUSE_SECONDS = 60.0
KEYS_LIMIT = 1 << 20
LEEWAY_SECONDS = 60
_TIME = aiohttp.ClientTimeout(total=15, connect=5)

Operation = Callable[[Workflow, func.HttpRequest, Client], Awaitable[func.HttpResponse]]
Decision = Callable[[Workflow, func.HttpRequest, Client, str], Awaitable[func.HttpResponse]]


@dataclass(frozen=True)
class Entra:
    """The tenant whose users may call, and the app that their tokens must be for (its id, or its URI)."""

    tenant: str
    audience: str

    @property
    def base(self) -> str:
        """The issuer's address."""
        test = os.environ.get(TEST_ISSUER) if os.environ.get(LOCAL_HOST) else None
        return test if test and "WEBSITE_INSTANCE_ID" not in os.environ else LOGIN

    @property
    def issuers(self) -> list[str]:
        """Who issues tokens of the tenant, in both versions of their form."""
        return [f"{self.base}/{self.tenant}/v2.0", f"https://sts.windows.net/{self.tenant}/"]

    @property
    def audiences(self) -> list[str]:
        """What a token may be for: the app's URI, or its id alone."""
        return sorted({self.audience, self.audience.removeprefix("api://")})


class SignIn:
    """Checks who calls an operation; one for the whole app, because it keeps the issuer's keys."""

    def __init__(self, entra: Entra) -> None:
        self._entra = entra
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched = float("-inf")
        self._lock: asyncio.Lock | None = None

    def asked(self, operation: Operation) -> Operation:
        """The operation, for whoever is signed in: 401 for anybody else."""

        async def checked(workflow: Workflow, request: func.HttpRequest, client: Client) -> func.HttpResponse:
            try:
                await self.user(request)
            except RefusedError as refused:
                return refused.answer()
            return await operation(workflow, request, client)

        return checked

    def decides(self, operation: Decision) -> Operation:
        """The operation, told who is signed in: 401 for anybody else."""

        async def checked(workflow: Workflow, request: func.HttpRequest, client: Client) -> func.HttpResponse:
            try:
                user = await self.user(request)
            except RefusedError as refused:
                return refused.answer()
            return await operation(workflow, request, client, user)

        return checked

    async def user(self, request: func.HttpRequest) -> str:
        """The name of the user whose token the request carries; RefusedError 401 if it carries none that counts."""
        scheme, _, token = _authorization(request).partition(" ")
        if scheme.casefold() != "bearer" or not token:
            raise RefusedError(401, "NotSignedIn", "The request carries no token: sign in.")
        try:
            claims = await self._claims(token.strip())
        except jwt.PyJWTError as failure:
            # Why is for the log: whoever sends a wrong token needs no help with it.
            logging.getLogger(__name__).warning("a token was refused: %s", type(failure).__name__)
            raise RefusedError(401, "NotSignedIn", "The token does not count here: sign in again.") from None
        found = next((claims[one] for one in ("preferred_username", "upn") if claims.get(one)), None)
        if not isinstance(found, str):
            raise RefusedError(401, "NotSignedIn", "The token names no user.")
        return found

    async def _claims(self, token: str) -> dict[str, Any]:
        header = jwt.get_unverified_header(token)
        key = await self._key(str(header.get("kid", "")))
        return jwt.decode(
            token,
            key.key,
            algorithms=["RS256"],
            audience=self._entra.audiences,
            issuer=self._entra.issuers,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iss", "aud"]},
        )

    async def _key(self, kid: str) -> jwt.PyJWK:
        self._lock = self._lock or asyncio.Lock()
        async with self._lock:
            age = time.monotonic() - self._fetched
            if age > KEYS_KEPT_SECONDS or (kid not in self._keys and age > FETCH_PAUSE_SECONDS):
                self._fetched = time.monotonic()
                try:
                    self._keys = await self._fetch()
                except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as failure:
                    logging.getLogger(__name__).warning("the issuer's keys: %s", type(failure).__name__)
                    if not self._keys:
                        self._fetched = float("-inf")
                        raise RefusedError(503, "IssuerAway", "Who you are cannot be checked now: try again.") from None
        if kid not in self._keys:
            raise jwt.InvalidKeyError("the key is not one of the tenant's")
        return self._keys[kid]

    async def _fetch(self) -> dict[str, jwt.PyJWK]:
        address = f"{self._entra.base}/{self._entra.tenant}/discovery/v2.0/keys"
        context = ssl.create_default_context()
        if self._entra.base != LOGIN and (authority := os.environ.get(TEST_CA)):
            context.load_verify_locations(authority)
        async with (
            aiohttp.ClientSession(timeout=_TIME, connector=aiohttp.TCPConnector(ssl=context)) as session,
            session.get(address, allow_redirects=False) as answer,
        ):
            answer.raise_for_status()
            content = await answer.content.read(KEYS_LIMIT)
        found = jwt.PyJWKSet.from_json(content.decode())
        return {str(one.key_id): one for one in found.keys if one.key_id}


def _authorization(request: func.HttpRequest) -> str:
    headers = cast(Mapping[str, str], request.headers)  # pyright: ignore[reportUnknownMemberType]
    return headers.get("authorization") or headers.get("Authorization") or ""
