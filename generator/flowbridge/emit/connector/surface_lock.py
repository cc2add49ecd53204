"""The surface lock: the file in which a build keeps the surface of its connector for the next one.

It is read with suspicion. A lock that a merge has torn would let through what it was made to stop, so that whatever is
not as a build writes it is an error.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import cast

from flowbridge.emit.connector.surface import Known, Surface, surface
from flowbridge.model.types import Json

LOCK = "surface.lock"
FORM = 2
_TOLD = (
    "Made by a build: what flows rely on. A build that would break them fails; keep this file under version control."
)


_TORN = """\
take the file back from version control, as the build that flows use has written it.
If no flow uses the connector yet, build with --break-flows, which writes it anew."""
_OTHER = """\
build what flows use now, before any change to it, once with --break-flows, which writes the lock anew."""


class LockError(Exception):
    """A lock that is not as a build writes it; `at` is the offset in its text where that shows, `hint` the cure."""

    def __init__(self, message: str, at: int = 0, hint: str = _TORN) -> None:
        self.at, self.hint = at, hint
        super().__init__(message)


def lock_text(surface: Surface) -> str:
    """The lock file of a surface."""
    operations = {name: asdict(one) for name, one in surface.items()}
    return json.dumps({"about": _TOLD, "form": FORM, "operations": operations}, indent=2, ensure_ascii=True) + "\n"


def read_lock(text: str) -> Surface:
    """The surface that a lock file records; LockError if it is damaged or of another form."""
    try:
        value = cast(object, json.loads(text, object_pairs_hook=_distinct))
    except json.JSONDecodeError as failure:
        raise LockError(f"it is not JSON: {failure.msg[:1].lower()}{failure.msg[1:]}", failure.pos) from failure
    except RecursionError as failure:
        raise LockError("it is not JSON that a build wrote") from failure
    if not isinstance(value, dict):
        raise LockError("it is not an object")
    whole = cast("dict[str, object]", value)
    if whole.get("form") != FORM or type(whole["form"]) is not int:
        given = f"is {json.dumps(whole['form'])}" if "form" in whole else "is not given"
        raise LockError(
            f"its form {given}, and this version of Flowbridge knows the form {FORM}", place(text, "form"), _OTHER
        )
    operations = whole.get("operations")
    if not isinstance(operations, dict):
        raise LockError("it has no operations", place(text, "operations"))
    return {name: _known(text, name, one) for name, one in cast("dict[str, object]", operations).items()}


def read_definition(text: str) -> Surface:
    """The surface of a definition whose lock is gone; none for one that no build wrote, which no flow relies on."""
    try:
        value = cast(object, json.loads(text))
        return surface(cast("dict[str, Json]", value)) if isinstance(value, dict) else {}
    except (ValueError, LookupError, TypeError, RecursionError):
        return {}


def place(text: str, key: str) -> int:
    """Where a key stands in the text of a lock, such as the id of an operation; the beginning if it does not."""
    return max(0, text.find(f"{json.dumps(key)}:"))


def _known(text: str, name: str, value: object) -> Known:
    if isinstance(value, dict):
        one = cast("dict[str, object]", value)
        method, path, inputs, outputs = (one.get(key) for key in ("method", "path", "inputs", "outputs"))
        if isinstance(method, str) and isinstance(path, str) and _holds(outputs, str) and isinstance(inputs, dict):
            places = cast("dict[str, dict[str, bool]]", inputs)
            if all(_holds(given, bool) for given in places.values()):
                return Known(method, path, places, cast("dict[str, str]", outputs))
    raise LockError(f"the operation {name} is not as a build writes it", place(text, name))


def _holds(value: object, kind: type) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(one, kind) for one in cast("Mapping[str, object]", value).values()
    )


def _distinct(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        raise LockError(f'the key "{next(one for one in names if names.count(one) > 1)}" stands twice')
    return made
