"""One thing that may be written at a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SuggestionKind = Literal[
    "verb", "key", "value", "field", "step", "variable", "function", "type", "activity", "workflow", "error", "retry"
]


@dataclass(frozen=True)
class Suggestion:
    """A text to be written in the place of `[start, end)`.

    `detail` is a few words beside it, `documentation` is Markdown; those of a lower `rank` come first.
    """

    label: str
    kind: SuggestionKind
    start: int
    end: int
    detail: str = ""
    documentation: str = ""
    insert: str = ""
    rank: int = 5
