"""Calls back: the only place that sends anything to an address that came from outside.

Such an address is a secret of the flow that waits behind it, and a way to make this app call anything. So it is https
with an allowed host, it is called without following redirects, never at an address that is not public, with bounded
time and size; and it is never logged, answered or shown.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import os
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

ALLOWED_HOSTS = (
    "*.logic.azure.com",
    "*.logic.azure.us",
    "*.logic.azure.cn",
    "*.api.powerplatform.com",
    "*.api.powerplatform.us",
    "*.api.gov.powerplatform.microsoft.us",
    "*.api.high.powerplatform.microsoft.us",
    "*.api.appsplatform.us",
    "*.api.powerplatform.partner.microsoftonline.cn",
)
"""The host names under which flows and logic apps are called back; `*.` stands for all below."""

URL_LIMIT = 8_000
BODY_LIMIT = 10 << 20
LONGEST_PAUSE = 3_600.0
TEST_CA = "FLOWBRIDGE_CALLBACK_TEST_CA"
"""The path of a certificate authority: with it, on the local host alone, callbacks may go to `localhost`, too."""
LOCAL_HOST = "FLOWBRIDGE_LOCAL_HOST"
_TIME = aiohttp.ClientTimeout(total=60, connect=15)

Told = Literal["delivered", "gone", "refused", "later"]


@dataclass(frozen=True)
class Answer:
    """What came of a call: taken, nobody there any more, not wanted, or to be tried again (`after` seconds at least).

    `why` is for people and holds nothing of the address.
    """

    told: Told
    why: str
    after: float = 0.0


def problem(url: str, hosts: Sequence[str] = ()) -> str | None:
    """Why an address may not be called, or None; `hosts` are allowed beside those of flows and logic apps."""
    if len(url) > URL_LIMIT:
        return f"is longer than {URL_LIMIT:,} characters"
    if any(ord(one) <= 32 or ord(one) == 127 for one in url) or "\\" in url:
        return "has characters that no address may have"
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return "is not an address"
    if parts.scheme != "https" or not host:
        return "is not an https address"
    if parts.username is not None or parts.password is not None or parts.fragment:
        return "has a user, a password or a fragment"
    local = host == "localhost" and _test_ca() is not None
    if port not in (None, 443) and not local:
        return "has a port other than 443"
    if _is_number(host):
        return "has numbers in place of a host name"
    if local or any(_ends(host, one) for one in (*ALLOWED_HOSTS, *hosts)):
        return None
    return "leads to a host that this app may not call back"


async def post(url: str, body: object, hosts: Sequence[str] = ()) -> Answer:
    """Sends a JSON body to an address, once."""
    if wrong := problem(url, hosts):
        return Answer("refused", f"the address {wrong}")
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    if len(content) > BODY_LIMIT:
        return Answer("refused", f"the body has {len(content):,} bytes")
    resolver = _PublicResolver(local=_test_ca() is not None and urlsplit(url).hostname == "localhost")
    connector = aiohttp.TCPConnector(resolver=resolver, ssl=_trust(_test_ca()), use_dns_cache=False, force_close=True)
    try:
        async with (
            aiohttp.ClientSession(connector=connector, timeout=_TIME, cookie_jar=aiohttp.DummyCookieJar()) as session,
            session.post(
                url, data=content, headers={"Content-Type": "application/json"}, allow_redirects=False
            ) as answer,
        ):
            return _read(answer.status, answer.headers.get("Retry-After", ""))
    except _NotPublicError:
        return Answer("refused", "the host's address is not public")
    except (aiohttp.ClientError, TimeoutError, OSError) as failure:
        # Its text may hold the address.
        return Answer("later", type(failure).__name__)


def _read(status: int, retry_after: str) -> Answer:
    if 200 <= status < 300:
        return Answer("delivered", f"{status}")
    if status in (404, 410):
        return Answer("gone", f"{status}")
    if status in (408, 429) or status >= 500:
        seconds = float(retry_after) if retry_after.isdecimal() and len(retry_after) < 7 else 0.0
        return Answer("later", f"{status}", min(seconds, LONGEST_PAUSE))
    return Answer("refused", f"{status}")


def _ends(host: str, suffix: str) -> bool:
    """Whether a host is allowed by a name: by itself, or by being below one that begins with `*.`."""
    name = suffix.casefold()
    return host.casefold().endswith(name[1:]) if name.startswith("*.") else host.casefold() == name


def _is_number(host: str) -> bool:
    """Whether a host is an address in numbers: such a one is not looked up, and so never seen to lead inside."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _test_ca() -> str | None:
    """The certificate authority of a test; None anywhere but on the local host."""
    return os.environ.get(TEST_CA) if os.environ.get(LOCAL_HOST) and "WEBSITE_INSTANCE_ID" not in os.environ else None


@cache
def _trust(authority: str | None) -> ssl.SSLContext:
    """The authorities that are trusted, and one more of a test; they are read once, for that takes its time."""
    context = ssl.create_default_context()
    if authority is not None:
        context.load_verify_locations(authority)
    return context


class _NotPublicError(Exception):
    """A host name that leads to an address inside."""


class _PublicResolver(AbstractResolver):
    """Resolves names to public addresses only; what it has checked is what is connected to."""

    def __init__(self, *, local: bool) -> None:
        self._local = local

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses of a host; raises if one of them is not public."""
        loop = asyncio.get_running_loop()
        infos = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family)
        results: list[ResolveResult] = []
        for kind, _, proto, _, address in infos:
            text = str(address[0])
            if not (_is_public(text) or (self._local and ipaddress.ip_address(text).is_loopback)):
                raise _NotPublicError
            results.append(
                ResolveResult(
                    hostname=host, host=text, port=port, family=kind, proto=proto, flags=socket.AI_NUMERICHOST
                )
            )
        return results

    async def close(self) -> None:
        """Holds nothing."""


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        # Addresses that carry one of IPv4 inside lead where that one leads.
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inner is None and address in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return inner.is_global and not inner.is_multicast
    return address.is_global and not address.is_multicast
