"""Bytes to `Source`, and `Source` to `Document`: what may be wrong with a file before it means anything."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import NoReturn

import yaml

from flowbridge.read.compose import FORBIDDEN, Composer
from flowbridge.read.nodes import Document, MapNode, ScalarNode
from flowbridge.read.yaml_words import explain
from flowbridge.text.diagnostic import CompileError, Diagnostic, EnoughError, Findings
from flowbridge.text.source import Source, Span

LARGEST = 2_000_000
"""Bytes of a workflow file; a workflow is written by people."""

_OTHER_ENCODINGS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


def read_source(path: Path, shown: str) -> Source:
    """The text of a file, under the name that people see; raises `CompileError`, and `OSError` as it comes."""
    with path.open("rb") as file:
        return decode(file.read(LARGEST + 1), shown)


def decode(content: bytes, shown: str) -> Source:
    """The text of a file's bytes: UTF-8, with or without a byte order mark; raises `CompileError`."""
    if len(content) > LARGEST:
        source = Source(shown, content[:200].decode("utf-8", "replace"))
        _fail(
            "E102",
            Span(source, 0, 0),
            f"the file is larger than {LARGEST:,} bytes",
            "a workflow is written by hand",
            hint="keep data out of the workflow: pass it in, or have an activity read it",
        )
    for mark, encoding in _OTHER_ENCODINGS:
        if content.startswith(mark):
            source = Source(
                shown, content[len(mark) :].decode(encoding + "-le" if mark[0] == 0xFF else encoding, "replace")
            )
            _fail("E101", Span(source, 0, 0), f"the file is {encoding}, not UTF-8", hint="save the file as UTF-8")
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        return Source(shown, content.decode("utf-8"))
    except UnicodeDecodeError as error:
        source = Source(shown, content.decode("utf-8", "replace"))
        start = len(content[: error.start].decode("utf-8", "replace"))
        _fail(
            "E101",
            Span(source, start, start + 1),
            f"the byte 0x{content[error.start]:02x} is not UTF-8",
            "this byte",
            hint="save the file as UTF-8",
        )


def parse(source: Source) -> Document:
    """The document of a source; raises `CompileError` with what is not YAML, or not allowed in it."""
    if (bad := FORBIDDEN.search(source.text)) is not None:
        _fail(
            "E112",
            Span(source, bad.start(), bad.end()),
            f"the character U+{ord(bad[0]):04X} may not stand in a file",
            "here",
            hint="remove it; editors often hide it",
        )
    findings = Findings()
    root = None
    try:
        root = Composer(source, findings).document()
    except EnoughError:
        pass
    except yaml.YAMLError as error:
        findings.all.append(explain(error, source))
    if findings.all:
        raise CompileError(findings.all)
    if not isinstance(root, MapNode):
        what = "is empty" if isinstance(root, ScalarNode) and root.value is None else "does not hold a map"
        _fail(
            "E110",
            root.span if root is not None else Span(source, 0, 0),
            f"the file {what}",
            "a workflow is a map of keys",
            hint="begin with `workflow: name_of_it`; `flowbridge new DIR` writes a whole one",
        )
    return Document(source, root)


def _fail(rule: str, span: Span, message: str, label: str = "", *, hint: str | None = None) -> NoReturn:
    raise CompileError([Diagnostic(rule, span, message, label, hint)])
