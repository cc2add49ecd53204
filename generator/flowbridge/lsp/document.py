"""A file that is open in an editor: its text as it is now, and what was last read of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from flowbridge.lsp.cursor import Cursor, Level, cursor
from flowbridge.lsp.lines import Lines, Unit
from flowbridge.lsp.outline import Outline
from flowbridge.lsp.reading import Around, Reading, read
from flowbridge.lsp.scopes import Moved, scope_at
from flowbridge.lsp.things import Things
from flowbridge.model.inference import Scope
from flowbridge.model.workflow import Workflow
from flowbridge.text.source import Source


@dataclass(frozen=True)
class Text:
    """One version of an open file."""

    text: str
    version: int | None = None
    unit: Unit = "utf-16"

    @cached_property
    def lines(self) -> Lines:
        """Its lines."""
        return Lines(self.text, self.unit)

    @cached_property
    def outline(self) -> Outline:
        """Its shape, however broken it is."""
        return Outline(self.lines)


@dataclass
class Document:
    """An open file. `reading` is of the newest text that was read, `good` of the newest of which there is a workflow.

    `path` is None for a file that has no place on a disk; `names` are the workflows beside it, and `seconds` is how
    long the last reading took.
    """

    uri: str
    path: Path | None
    now: Text
    reading: Reading | None = None
    good: Reading | None = None
    names: tuple[str, ...] = field(default=())
    seconds: float = 0.0
    _things: Things | None = None

    @property
    def shown(self) -> str:
        """Its name in findings."""
        return self.path.as_posix() if self.path is not None else self.uri

    def read(self, around: Around) -> Reading:
        """Reads and checks the text as it is now, unless that was done."""
        text = self.now.text
        if self.reading is not None and self.reading.source.text == text and self.reading.around == around:
            return self.reading
        found = read(Source(self.shown, text), around)
        return self.take(found)

    def take(self, found: Reading, things: Things | None = None) -> Reading:
        """Keeps a reading that was made elsewhere."""
        self.reading = found
        if found.workflow is not None:
            self.good, self._things = found, things
        return found

    def mend(self, offset: int, around: Around) -> None:
        """Reads the text without the line of an offset, which is being written, where nothing can be read with it.

        A text that was never whole since it was opened is told about this way.
        """
        lines, text = self.now.lines, self.now.text
        line = lines.line_of(offset)
        start, end = lines.start(line), lines.end(line)
        found = read(Source(self.shown, text[:start] + " " * (end - start) + text[end:]), around)
        if found.workflow is not None:
            self.good, self._things = found, None

    @property
    def workflow(self) -> Workflow | None:
        """The workflow as it was last read."""
        return self.good.workflow if self.good is not None else None

    @property
    def things(self) -> Things | None:
        """The names of the workflow as it was last read."""
        if self._things is None and self.good is not None:
            self._things = Things(self.good)
        return self._things

    def cursor(self, offset: int) -> Cursor | None:
        """What is at an offset of the text as it is now."""
        return cursor(self.now.outline, offset)

    def scope(self, levels: tuple[Level, ...]) -> Scope:
        """The names in sight at a place of the text as it is now."""
        if self.good is None:
            return Scope({}, {})
        return scope_at(self.good, Moved(self.good.source.text, self.now.text), levels)

    def back(self, offset: int) -> int | None:
        """Where a place of the text as it is now was in what was last read; None within what was changed since."""
        if self.good is None:
            return None
        if self.good.source.text == self.now.text:
            return offset
        return Moved(self.good.source.text, self.now.text).back(offset)
