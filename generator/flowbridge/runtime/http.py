"""Requests in and answers out: bodies bounded and read as JSON, every error answered in one typed shape."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import NotRequired, TypedDict, cast
from urllib.parse import urlsplit

import azure.functions as func

from .validation import Problem, Schema, problems

BODY_LIMIT = 1 << 20


class ErrorBody(TypedDict):
    """What an operation answers when it refuses: a code to branch on, a message to read, and what is wrong where."""

    code: str
    message: str
    problems: NotRequired[list[Problem]]


class RefusedError(Exception):
    """The operation refuses the request: the HTTP status (4xx or 503) and the typed body."""

    def __init__(self, status: int, code: str, message: str, found: list[Problem] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body: ErrorBody = {"code": code, "message": message}
        if found:
            self.body["problems"] = found

    def answer(self) -> func.HttpResponse:
        """The answer that tells the caller."""
        return answer({"error": self.body}, self.status)


@dataclass(frozen=True)
class Address:
    """Where this app is reached: scheme and host of the request, and the path before the workflow's routes."""

    base: str

    @staticmethod
    def of(request: func.HttpRequest, workflow: str) -> Address:
        """The address under which a request for a workflow's operation came in."""
        parts = urlsplit(request.url)
        before = parts.path.split(f"/{workflow}/", 1)[0]
        return Address(f"{parts.scheme}://{parts.netloc}{before}")


def answer(body: object, status: int = 200) -> func.HttpResponse:
    """A JSON answer."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return func.HttpResponse(
        text.encode(errors="replace"), status_code=status, mimetype="application/json", charset="utf-8"
    )


def read_body(request: func.HttpRequest, schema: Schema) -> dict[str, object]:
    """The request's body as an object that fits the schema; RefusedError 400 or 413 with everything that is wrong.

    A request without a body is one with an empty object.
    """
    raw = request.get_body()
    if len(raw) > BODY_LIMIT:
        raise RefusedError(413, "TooLarge", f"The body has {len(raw):,} bytes; {BODY_LIMIT:,} are allowed.")
    try:
        body: object = json.loads(raw.decode("utf-8") if raw else "{}", parse_constant=_refuse)
        # Half of a surrogate pair is no character, and could never be answered with.
        json.dumps(body, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as failure:
        raise RefusedError(400, "InvalidBody", f"The body is not JSON: {failure}") from None
    if found := problems(schema, body):
        count = "1 problem" if len(found) == 1 else f"{len(found)} problems"
        raise RefusedError(400, "InvalidInput", f"The body has {count}: {_summary(found)}", found)
    return cast(dict[str, object], body)


def _summary(found: list[Problem]) -> str:
    first = "; ".join(f"{one['pointer'] or '/'} {one['message']}" for one in found[:3])
    return first + ("; …" if len(found) > 3 else "")


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is not a JSON number")
