"""The files that are open in an editor, and the reading of them in the background.

A text is read and checked in a thread of its own, a moment after its last change. Requests are answered from what was
read last, so that none waits for a long file; a short one is read on the spot.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from flowbridge.lsp.document import Document, Text
from flowbridge.lsp.folder import Folders
from flowbridge.lsp.lines import Unit
from flowbridge.lsp.reading import Around, Reading, read, read_settings
from flowbridge.lsp.things import Things
from flowbridge.text.source import Source

DELAY_SECONDS = 0.1
LONGEST_DELAY_SECONDS = 1.0
SHORT = 16_000
"""Characters of a text that is read while a request waits."""

_OURS = re.compile(r"(?m)^workflow[ \t]*:[ \t]*[^\s#{\[]|^#[ \t]*yaml-language-server:.*\bworkflow\.schema\.json")
_APP = "app.yaml"
_APP_KEY = re.compile(r"(?m)^app[ \t]*:")

Publish = Callable[[Document, Reading | None], None]


@dataclass
class Session:
    """What a client has open. `publish` is called with each reading, and with None for a file that is not ours."""

    publish: Publish
    failed: Callable[[BaseException], None]
    documents: dict[str, Document] = field(default_factory=dict[str, Document])
    folders: Folders = field(default_factory=Folders)
    _timers: dict[str, asyncio.TimerHandle] = field(default_factory=dict[str, asyncio.TimerHandle])
    _worker: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(max_workers=1, thread_name_prefix="flowbridge-read")
    )

    def change(self, uri: str, path: Path | None, text: str, version: int | None, unit: Unit) -> None:
        """Takes the newest text of a file, and has it read in a moment."""
        now = Text(text.removeprefix("\ufeff"), version, unit)
        document = self.documents.get(uri)
        if document is None:
            self.documents[uri] = Document(uri, path, now)
        else:
            document.now = now
        self._soon(uri)

    def close(self, uri: str) -> Document | None:
        """Forgets a file."""
        timer = self._timers.pop(uri, None)
        if timer is not None:
            timer.cancel()
        return self.documents.pop(uri, None)

    def again(self) -> None:
        """Has everything that is open read again: a file beside it has changed."""
        for uri in self.documents:
            self._soon(uri)

    def stop(self) -> None:
        """Ends the reading."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        self._worker.shutdown(wait=False, cancel_futures=True)

    def fresh(self, document: Document, offset: int | None = None, *, whole: bool = False) -> Document:
        """The document as it is now where it is short or must be read `whole`, else as it was read last.

        `offset` is the place that is asked about.
        """
        if is_ours(document) and not is_settings(document) and (whole or self._is_short(document)):
            around = self._around(document, self._opened())
            document.read(around)
            if document.good is None and offset is not None and not whole:
                document.mend(offset, around)
        if document.path is not None and not document.names:
            document.names = tuple(self.folders.of(document.path).names(self._opened()))
        return document

    def _is_short(self, document: Document) -> bool:
        stale = document.good is None or document.good.source.text != document.now.text
        return stale and len(document.now.text) <= SHORT

    # ---- in the background

    def _soon(self, uri: str) -> None:
        timer = self._timers.pop(uri, None)
        if timer is not None:
            timer.cancel()
        # A long file is read once its author pauses: reading takes time from the answers to what is typed.
        delay = min(max(DELAY_SECONDS, self.documents[uri].seconds), LONGEST_DELAY_SECONDS)
        self._timers[uri] = asyncio.get_running_loop().call_later(delay, self._start, uri)

    def _start(self, uri: str) -> None:
        self._timers.pop(uri, None)
        document = self.documents.get(uri)
        if document is None:
            return
        if not is_ours(document):
            self.publish(document, None)
            return
        now, opened, loop = document.now, self._opened(), asyncio.get_running_loop()
        work = loop.run_in_executor(self._worker, self._read, document, now, opened)
        work.add_done_callback(lambda done: self._done(uri, now, done))

    def _read(self, document: Document, now: Text, opened: dict[Path, str]) -> tuple[Reading, Things | None, list[str]]:
        """Reads a text, and looks up what requests will ask for; runs in the worker's thread."""
        source = Source(document.shown, now.text)
        if is_settings(document):
            return read_settings(source), None, []
        begun = time.perf_counter()
        around = self._around(document, opened)
        reading = read(source, around)
        things = Things(reading)
        things.prepare()
        document.seconds = time.perf_counter() - begun
        names = [*self.folders.of(document.path).names(opened)] if document.path is not None else []
        return reading, things, names

    def _done(self, uri: str, now: Text, done: asyncio.Future[tuple[Reading, Things | None, list[str]]]) -> None:
        if done.cancelled():
            return
        problem = done.exception()
        if problem is not None:
            self.failed(problem)
            return
        document = self.documents.get(uri)
        if document is None or document.now is not now:
            return
        reading, things, names = done.result()
        document.names = tuple(names)
        document.take(reading, things)
        self.publish(document, reading)

    # ---- what is around a file

    def _opened(self) -> dict[Path, str]:
        return {one.path: one.now.text for one in self.documents.values() if one.path is not None}

    def _around(self, document: Document, opened: dict[Path, str]) -> Around:
        return self.folders.around(document.now.text, document.path, opened)


def is_settings(document: Document) -> bool:
    """Whether a file holds the settings of an app."""
    return document.path is not None and document.path.name == _APP


def is_ours(document: Document) -> bool:
    """Whether a file is a workflow or the settings of an app; other YAML is left alone."""
    text = document.now.text
    return (_APP_KEY if is_settings(document) else _OURS).search(text) is not None


def may_become_ours(document: Document) -> bool:
    """Whether a workflow may be on its way in a file: it has nothing in it yet but half a word."""
    outline = document.now.outline
    return is_ours(document) or not outline.root.entries
