"""A text together with where each of its characters stands in the source."""

from __future__ import annotations

from dataclasses import dataclass

from flowbridge.read.nodes import ScalarNode
from flowbridge.read.scalars import offsets
from flowbridge.text.source import Span


@dataclass(frozen=True)
class Placed:
    """A piece of a scalar's text. `places` holds one more offset than the text has characters: its end.

    `places` is None where the source spells the text in a way that cannot be followed; every part of it is then
    shown at the whole scalar.
    """

    text: str
    whole: Span
    places: tuple[int, ...] | None

    def span(self, start: int, end: int) -> Span:
        """The place of `text[start:end]`; an empty piece gets one character where there is one."""
        if self.places is None:
            return self.whole
        last = len(self.places) - 1
        start = max(0, min(start, last))
        end = max(start, min(end, last))
        return Span(self.whole.source, self.places[start], max(self.places[end], self.places[start]))

    def piece(self, start: int, end: int) -> Placed:
        """A part of it, whose whole is that part."""
        places = self.places[start : end + 1] if self.places is not None else None
        return Placed(self.text[start:end], self.span(start, end), places)


def place(node: ScalarNode) -> Placed:
    """The text of a scalar with its places."""
    return Placed(node.text, node.span, offsets(node))
