"""How something is tried again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal as OneOf

from flowbridge.text.source import Span


@dataclass(frozen=True)
class Retry:
    """How a call is tried again: seconds, and attempts that include the first."""

    max_attempts: int = 1
    initial_delay: float = 1.0
    backoff: float = 1.0
    max_delay: float | None = None
    max_duration: float | None = None
    jitter: OneOf["full", "none"] = "none"
    only_on: tuple[str, ...] = ()
    never_on: tuple[str, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)
