"""Promises with the semantics of .NET tasks on DTFx's scheduler: continuations run inline, in order."""

from collections.abc import Callable
from typing import Any


class Promise:
    """A .NET Task: done once, with a value or an error, and its continuations run inline."""

    __slots__ = ("_then", "done", "error", "value")

    def __init__(self) -> None:
        self.done = False
        self.value: Any = None
        self.error: str | None = None
        self._then: list[Callable[[], None]] = []

    def complete(self, value: Any = None, error: str | None = None) -> None:
        """End this promise; a second end is ignored."""
        if self.done:
            return
        self.done, self.value, self.error = True, value, error
        then, self._then = self._then, []
        for call in then:
            call()

    def then(self, call: Callable[[], None]) -> None:
        """Run `call` when this is done, at once if it is."""
        if self.done:
            call()
        else:
            self._then.append(call)


def when_all(parts: list[Promise]) -> Promise:
    """Done when every part is, whether or not one failed."""
    whole, left = Promise(), len(parts)

    def one() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            whole.complete(error=next((p.error for p in parts if p.error is not None), None))

    if not parts:
        whole.complete()
    for part in parts:
        part.then(one)
    return whole


def when_any(parts: list[Promise]) -> Promise:
    """Done with the first part."""
    whole = Promise()
    for part in parts:
        part.then(whole.complete)
        if whole.done:
            break
    return whole
