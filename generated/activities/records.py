"""Reads the records of a data source: a CSV or JSON-lines file, by path or URL."""

from __future__ import annotations

import csv
import io
import json
import urllib.error
import urllib.request
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TextIO, cast
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 60.0

Record = dict[str, str]


class SourceUnavailable(Exception):
    """The data source cannot be read now; it may be later."""


class SourceMalformed(ValueError):
    """The data source can be read, but not understood."""


def read_records(source: str) -> Iterator[Record]:
    """The records of a source in order, each a map of texts; SourceUnavailable or SourceMalformed."""
    with _opened(source) as text:
        try:
            yield from _json_lines(text) if _is_json(source) else _csv(text)
        except UnicodeDecodeError as failure:
            raise SourceMalformed(f"{source} is not UTF-8 text: {failure.reason}") from failure


def _is_json(source: str) -> bool:
    return urlsplit(source).path.lower().endswith((".jsonl", ".ndjson", ".json"))


@contextmanager
def _opened(source: str) -> Generator[TextIO]:
    try:
        if urlsplit(source).scheme in ("http", "https"):
            with urllib.request.urlopen(source, timeout=TIMEOUT_SECONDS) as reply:
                yield io.TextIOWrapper(cast(IO[bytes], reply), encoding="utf-8-sig", newline="")
        else:
            with Path(source).open(encoding="utf-8-sig", newline="") as text:
                yield text
    except (OSError, urllib.error.URLError) as failure:
        raise SourceUnavailable(f"{source}: {failure}") from failure


def _csv(text: TextIO) -> Iterator[Record]:
    reader = csv.DictReader(text)
    try:
        for row in reader:
            yield {str(name): value or "" for name, value in row.items() if isinstance(value, str | None)}
    except csv.Error as failure:
        raise SourceMalformed(f"line {reader.line_num}: {failure}") from failure


def _json_lines(text: TextIO) -> Iterator[Record]:
    for number, line in enumerate(text, start=1):
        if not line.strip():
            continue
        try:
            value: object = json.loads(line)
        except ValueError as failure:
            raise SourceMalformed(f"line {number} is not JSON: {failure}") from failure
        if not isinstance(value, dict):
            raise SourceMalformed(f"line {number} is not a JSON object")
        fields = cast(dict[str, object], value)
        yield {name: "" if one is None else str(one) for name, one in fields.items()}
