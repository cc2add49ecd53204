"""Runs a person's function as an activity: the answer is always an envelope, so that no failure is lost on the way.

The engine passes on only the text of an exception, in a form that differs between its backends; an envelope carries the
error's name and message as they are.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import TypedDict, cast

from .errors import MESSAGE_LIMIT, Failure
from .validation import Schema, complete, problems

# A larger value belongs into storage, with its address as the result: every replay reads the whole history again.
RESULT_LIMIT = 1 << 20


class Envelope(TypedDict, total=False):
    """What an activity answers: `ok` with `value`, or not `ok` with `error`."""

    ok: bool
    value: object
    error: Failure


def perform(
    function: Callable[..., object],
    arguments: Mapping[str, object],
    *,
    errors: tuple[str, ...] = (),
    result: Schema | None = None,
) -> Envelope:
    """Calls a function and puts what it returns or raises into an envelope.

    `errors` are the class names that the contract declares; any other exception is an `ActivityFailed`. `result` is the
    schema of the returned value, None for a function whose value is not used.
    """
    try:
        value = function(**arguments)
    except Exception as failure:
        return _failure(function.__name__, failure, errors)
    return _success(value, result)


async def perform_async(
    function: Callable[..., Awaitable[object]],
    arguments: Mapping[str, object],
    *,
    errors: tuple[str, ...] = (),
    result: Schema | None = None,
) -> Envelope:
    """Awaits an async function and puts what it returns or raises into an envelope, as `perform` does."""
    try:
        value = await function(**arguments)
    except Exception as failure:
        return _failure(function.__name__, failure, errors)
    return _success(value, result)


def _failure(name: str, failure: Exception, errors: tuple[str, ...]) -> Envelope:
    logging.getLogger(__name__).warning("%s failed", name, exc_info=failure)
    classes = [one.__name__ for one in type(failure).__mro__]
    code = next((one for one in classes if one in errors), "ActivityFailed")
    text = str(failure) if code != "ActivityFailed" else f"{type(failure).__name__}: {failure}"
    return {"ok": False, "error": {"code": code, "message": text[:MESSAGE_LIMIT]}}


def _success(value: object, schema: Schema | None) -> Envelope:
    if schema is None:
        return {"ok": True, "value": None}
    try:
        text = json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as failure:
        return _invalid(f"the result is not JSON: {failure}")
    if len(text) > RESULT_LIMIT:
        return _invalid(f"the result has {len(text):,} characters, {RESULT_LIMIT:,} are allowed: return a reference")
    plain = json.loads(text)
    if wrong := problems(schema, plain):
        return _invalid(f"the result breaks the contract at {wrong[0]['pointer'] or '/'}: {wrong[0]['message']}")
    if name := _reserved(plain):
        return _invalid(f"the result has a key {name!r}: the engine does not pass on keys that begin with $")
    return {"ok": True, "value": complete(schema, plain)}


def _invalid(message: str) -> Envelope:
    return {"ok": False, "error": {"code": "InvalidResult", "message": message[:MESSAGE_LIMIT]}}


def _reserved(value: object) -> str | None:
    """The first key that begins with a dollar sign, at any depth."""
    if isinstance(value, dict):
        fields = cast(dict[str, object], value)
        return next((n for n in fields if n.startswith("$")), None) or _reserved(list(fields.values()))
    if isinstance(value, list):
        return next((name for one in cast(list[object], value) if (name := _reserved(one))), None)
    return None
