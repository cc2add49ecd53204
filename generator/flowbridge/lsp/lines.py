"""Offsets into a text and the positions of the protocol: a line, and a column in the units that the client counts."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Literal

Unit = Literal["utf-8", "utf-16", "utf-32"]

_BREAK = re.compile("\r\n|\n|\r")


class Lines:
    """The lines of a text as the protocol tells them apart: after `\\n`, `\\r\\n` or `\\r`.

    Positions are `(line, column)`, both from 0. What lies outside of the text is taken for the nearest place in it.
    """

    def __init__(self, text: str, unit: Unit = "utf-16") -> None:
        self.text = text
        self._unit = unit
        breaks = [one.span() for one in _BREAK.finditer(text)]
        self._starts = [0, *(end for _, end in breaks)]
        self._ends = [*(start for start, _ in breaks), len(text)]

    def __len__(self) -> int:
        return len(self._starts)

    def line_of(self, offset: int) -> int:
        """The line of an offset."""
        return bisect_right(self._starts, max(0, min(offset, len(self.text)))) - 1

    def start(self, line: int) -> int:
        """The offset of a line's first character."""
        return self._starts[max(0, min(line, len(self._starts) - 1))]

    def end(self, line: int) -> int:
        """The offset of a line's end, without what breaks it."""
        return self._ends[max(0, min(line, len(self._ends) - 1))]

    def position(self, offset: int) -> tuple[int, int]:
        """The position of an offset; one within a line break is at its beginning."""
        offset = max(0, min(offset, len(self.text)))
        line = self.line_of(offset)
        return line, self._width(self.text[self._starts[line] : min(offset, self._ends[line])])

    def offset(self, line: int, column: int) -> int:
        """The offset of a position; one within a character is at its beginning."""
        if line < 0:
            return 0
        if line >= len(self._starts):
            return len(self.text)
        start, end = self._starts[line], self._ends[line]
        text = self.text[start:end]
        if self._unit == "utf-32" or text.isascii():
            return min(start + max(0, column), end)
        left = column
        for index, character in enumerate(text):
            left -= self._width(character)
            if left < 0:
                return start + index
        return end

    def _width(self, text: str) -> int:
        if self._unit == "utf-32" or text.isascii():
            return len(text)
        if self._unit == "utf-8":
            return len(text.encode("utf-8", "surrogatepass"))
        return len(text) + sum(character > "\uffff" for character in text)
