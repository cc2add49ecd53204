"""What an orchestrator answers to one episode, and the fault a strict host finds in it."""

import json
from dataclasses import dataclass, field
from typing import Any

Action = dict[str, Any]

CALL_ACTIVITY, CALL_ACTIVITY_RETRY, CALL_CHILD, CALL_CHILD_RETRY, CONTINUE_AS_NEW = 0, 1, 2, 3, 4
CREATE_TIMER, WAIT_EVENT, CALL_HTTP = 5, 6, 8
WHEN_ANY, WHEN_ALL = 11, 12
SDK_ID = "_sdkId"  # beside an action: the id the SDK counted for it

STATUS_LIMIT_KB = 16


@dataclass(frozen=True, slots=True)
class Fault:
    """A pattern that hangs or lies on Azure: its code in the table of `strict`, and what happened here."""

    code: str
    text: str


@dataclass(slots=True)
class Answer:
    """The state an orchestrator returned: every action since the start, and how it stands.

    `error` is set when it raised; `raised` too when the SDK could not even say what state it was in.
    `added` counts the actions that are new since the answer before, None when that is unknown;
    `cancelled` tells that an earlier timer was cancelled meanwhile.
    """

    actions: list[Action]
    done: bool = False
    output: Any = None
    error: str | None = None
    raised: bool = False
    custom_status: Any = None
    added: int | None = None
    cancelled: bool = False
    faults: list[Fault] = field(default_factory=list[Fault])

    def finished(self) -> bool:
        """The orchestrator returned, raised or continued as new."""
        return self.done or self.error is not None

    def refusal(self, limit: int | None = None) -> str | None:
        """Why the extension cannot take this answer at all, in its words: a $ref, or a status that is too large.

        `limit` is in characters of JSON; without it the extension's own rounding decides.
        """
        for value, path in ((self.custom_status, "customStatus"), (self.output, "output")):
            found = reference_error(value)
            if found is not None:
                return f"{found} Path '{path}.{_key_after_reference(value)}'."
        if self.custom_status is None:
            return None
        text = json.dumps(self.custom_status, separators=(",", ":"), ensure_ascii=False)
        size = len(text.encode("utf-16-le", "surrogatepass"))
        if size // 1024 > STATUS_LIMIT_KB or (limit is not None and size // 2 > limit):
            return (
                f"The UTF-16 size of the JSON-serialized payload must not exceed {STATUS_LIMIT_KB} KB. "
                f"The current payload size is {size // 1024} KB."
            )
        return None


def reference_error(value: Any) -> str | None:
    """Newtonsoft's complaint about an object whose `$ref` is text and not alone."""
    if _key_after_reference(value) is None:
        return None
    return (
        "Additional content found in JSON reference object. A JSON reference object should only have a $ref property."
    )


def _key_after_reference(value: Any) -> str | None:
    """The key that follows a leading `$ref`; only `$type` and `$id` may come before it."""
    if not isinstance(value, dict):
        return None
    pairs: list[tuple[str, Any]] = list(value.items())  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    for place, (key, item) in enumerate(pairs):
        if key == "$ref":
            return pairs[place + 1][0] if isinstance(item, str) and place + 1 < len(pairs) else None
        if key not in ("$type", "$id"):
            return None
    return None


def activity_reference_error(text: str) -> str | None:
    """The complaint about an activity's result, given its JSON text, with the place in it."""
    if '"$ref"' not in text:
        return None
    value = json.loads(text)
    key = _key_after_reference(value)
    if key is None:
        return None
    mark = json.dumps(key) + ":"
    place = text.find(mark, text.find('"$ref"')) + len(mark)
    return f"{reference_error(value)} Path '{key}', line 1, position {place}."
