"""The language server as an editor meets it: a real client of the protocol drives `flowbridge lsp` over its pipes."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.lsp.client import LanguageClient

LIMIT_SECONDS = 30.0

HELLO = """\
workflow: hello
version: 1
input: {name: string}
output: {greeting: string}
activities:
  write: {input: {name: string}, output: {text: string, letters: integer}, idempotent: true}
steps:
  - id: written
    title: Write 🎉
    call: write
    with: {name: '${input.name}'}
  - if: written.letters > 3
    status: 🎉🎉 ${written.text} for ${input.name}
  - return: {greeting: '${written.text}'}
"""
PYTHON = '''\
"""Writes greetings."""


def write(name: str) -> dict[str, object]:
    return {"text": name, "letters": len(name)}
'''


@dataclass
class Editor:
    """A client with one file open, and what the server has told it."""

    client: LanguageClient
    path: Path
    text: str = ""
    version: int = 0
    told: asyncio.Queue[lsp.PublishDiagnosticsParams] = field(
        default_factory=lambda: asyncio.Queue[lsp.PublishDiagnosticsParams]()
    )
    logged: list[str] = field(default_factory=list[str])

    @property
    def document(self) -> lsp.TextDocumentIdentifier:
        """The file, as requests name it."""
        return lsp.TextDocumentIdentifier(self.path.as_uri())

    def open(self, text: str) -> None:
        """Opens the file with a text, which need not be the one on the disk."""
        self.text, self.version = text, 1
        item = lsp.TextDocumentItem(self.path.as_uri(), "yaml", self.version, text)
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))

    def type(self, text: str) -> None:
        """Changes the whole text."""
        self.text, self.version = text, self.version + 1
        change = lsp.TextDocumentContentChangeWholeDocument(text)
        named = lsp.VersionedTextDocumentIdentifier(self.version, self.path.as_uri())
        self.client.text_document_did_change(lsp.DidChangeTextDocumentParams(named, [change]))

    async def findings(self) -> list[lsp.Diagnostic]:
        """The findings on the newest version."""
        while True:
            found = await asyncio.wait_for(self.told.get(), LIMIT_SECONDS)
            if found.uri == self.path.as_uri() and found.version == self.version:
                return list(found.diagnostics)

    def place(self, after: str) -> lsp.Position:
        """The position behind the first such words, in units of UTF-16."""
        before = self.text[: self.text.index(after) + len(after)]
        line = before.rpartition("\n")[2]
        return lsp.Position(before.count("\n"), len(line.encode("utf-16-le")) // 2)

    def words(self, where: lsp.Range) -> str:
        """The text of a range on one line."""
        line = self.text.split("\n")[where.start.line].encode("utf-16-le")
        return line[where.start.character * 2 : where.end.character * 2].decode("utf-16-le")

    async def labels(self, after: str) -> set[str]:
        """What the server would write behind some words."""
        answer = await self.client.text_document_completion_async(
            lsp.CompletionParams(self.document, self.place(after))
        )
        assert isinstance(answer, lsp.CompletionList)
        return {one.label for one in answer.items}


Script = Callable[[Editor], Awaitable[None]]
Play = Callable[[Script], None]


async def _start(client: LanguageClient, *flags: str) -> asyncio.subprocess.Process:
    """Starts the server in a process of its own, with the modules of this one."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(one for one in sys.path if one)}
    command = (sys.executable, "-m", "flowbridge", "lsp", *flags)
    await client.start_io(*command, env=environment)  # pyright: ignore[reportUnknownMemberType]
    process = client._server  # pyright: ignore[reportPrivateUsage]
    assert process is not None
    return process


async def _session(path: Path, script: Script, encodings: list[lsp.PositionEncodingKind] | None) -> None:
    client = LanguageClient("test", "1")
    editor = Editor(client, path)

    @client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)  # pyright: ignore[reportUntypedFunctionDecorator]
    def _(params: lsp.PublishDiagnosticsParams) -> None:
        editor.told.put_nowait(params)

    @client.feature(lsp.WINDOW_LOG_MESSAGE)  # pyright: ignore[reportUntypedFunctionDecorator]
    def _(params: lsp.LogMessageParams) -> None:
        editor.logged.append(params.message)

    process = await _start(client)
    try:
        general = lsp.GeneralClientCapabilities(position_encodings=encodings) if encodings else None
        answer = await client.initialize_async(
            lsp.InitializeParams(capabilities=lsp.ClientCapabilities(general=general))
        )
        assert answer.server_info is not None
        assert answer.server_info.name == "flowbridge"
        client.initialized(lsp.InitializedParams())
        await asyncio.wait_for(script(editor), LIMIT_SECONDS * 2)
        await client.shutdown_async(None)
        client.exit(None)
        assert await asyncio.wait_for(process.wait(), LIMIT_SECONDS) == 0
        assert process.stderr is not None
        assert await process.stderr.read() == b""
        assert editor.logged == []
    finally:
        if process.returncode is None:
            process.kill()
        await client.stop()


def _run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """Plays a script with an editor that has a folder of its own, from the handshake to the exit code."""
    (tmp_path / "activities").mkdir()
    (tmp_path / "activities" / "writing.py").write_text(PYTHON, encoding="utf-8")
    path = tmp_path / "hello.yaml"
    path.write_text(HELLO, encoding="utf-8")
    return lambda script: _run(_session(path, script, None))


def test_a_mistake_is_shown_where_it_is_and_goes_when_it_is_mended(play: Play) -> None:
    async def script(editor: Editor) -> None:
        editor.open(HELLO)
        assert await editor.findings() == []
        editor.type(HELLO.replace("🎉🎉 ${written.text}", "🎉🎉 ${writen.text}"))
        found = await editor.findings()
        assert [one.code for one in found] == ["E203"]
        assert editor.words(found[0].range) == "writen"
        assert found[0].range.start == lsp.Position(12, 19)
        assert found[0].severity == lsp.DiagnosticSeverity.Error
        assert found[0].source == "flowbridge"
        assert 'did you mean "written"?' in found[0].message
        assert found[0].code_description is not None
        assert found[0].code_description.href.endswith("/spec/ERRORS.md#e203-unknown-name")
        editor.type(HELLO)
        assert await editor.findings() == []

    play(script)


def test_findings_point_to_what_belongs_to_them(play: Play) -> None:
    async def script(editor: Editor) -> None:
        editor.open(HELLO.replace("  - if: written", "  - id: written\n    set: 1\n  - if: written"))
        twice = next(one for one in await editor.findings() if one.code == "E204")
        assert twice.related_information
        assert twice.related_information[0].location.range.start == lsp.Position(7, 8)
        editor.type(HELLO.replace("input: {name: string}, output: {text", "input: {whom: string}, output: {text"))
        drift = next(one for one in await editor.findings() if one.code == "E453")
        assert editor.words(drift.range) == "write"
        assert drift.related_information
        assert drift.related_information[0].location.uri.endswith("/activities/writing.py")
        assert drift.related_information[0].location.range == lsp.Range(lsp.Position(3, 4), lsp.Position(3, 9))

    play(script)


def test_completion_while_a_line_is_half_written(play: Play) -> None:
    async def script(editor: Editor) -> None:
        editor.open(HELLO)
        await editor.findings()
        editor.type(HELLO + "  - status: ${written.")
        assert await editor.labels("status: ${written.") == {"text", "letters"}
        editor.type(HELLO + "  - id: more\n    call: ")
        assert await editor.labels("more\n    call: ") == {"write"}
        editor.type(HELLO + "  - call: write\n    with: {name: 'x${inp")
        found = await editor.labels("'x${inp")
        assert {"input", "written", "len"} <= found
        editor.type(HELLO + "  - ")
        assert {"call", "for_each", "approval", "id", "if"} <= await editor.labels(
            "  - return: {greeting: '${written.text}'}\n  - "
        )

    play(script)


def test_hover_definition_and_symbols(play: Play, tmp_path: Path) -> None:
    async def script(editor: Editor) -> None:
        editor.open(HELLO)
        client = editor.client
        told = await client.text_document_hover_async(lsp.HoverParams(editor.document, editor.place("🎉🎉 ${writ")))
        assert told is not None
        assert told.range is not None
        assert editor.words(told.range) == "written"
        assert isinstance(told.contents, lsp.MarkupContent)
        assert "`letters`: integer" in told.contents.value
        home = await client.text_document_definition_async(
            lsp.DefinitionParams(editor.document, editor.place("call: wri"))
        )
        assert isinstance(home, lsp.Location)
        assert home.uri == (tmp_path / "activities" / "writing.py").as_uri()
        assert home.range == lsp.Range(lsp.Position(3, 4), lsp.Position(3, 9))
        step = await client.text_document_definition_async(
            lsp.DefinitionParams(editor.document, editor.place("🎉🎉 ${writ"))
        )
        assert isinstance(step, lsp.Location)
        assert step.uri == editor.path.as_uri()
        assert editor.words(step.range) == "written"
        assert step.range.start.line == 7
        tree = await client.text_document_document_symbol_async(lsp.DocumentSymbolParams(editor.document))
        assert tree is not None
        assert [one.name for one in tree] == ["written", "status", "return"]

    play(script)


def test_a_step_is_renamed_in_every_expression(play: Play) -> None:
    async def script(editor: Editor) -> None:
        editor.open(HELLO)
        where = editor.place("🎉🎉 ${writ")
        ready = await editor.client.text_document_prepare_rename_async(lsp.PrepareRenameParams(editor.document, where))
        assert isinstance(ready, lsp.PrepareRenamePlaceholder)
        assert ready.placeholder == "written"
        answer = await editor.client.text_document_rename_async(lsp.RenameParams(editor.document, where, "letter"))
        assert answer is not None
        assert answer.changes is not None
        edits = answer.changes[editor.path.as_uri()]
        assert [editor.words(one.range) for one in edits] == ["written"] * 4
        assert {one.new_text for one in edits} == {"letter"}
        for name, words in (("input", "means something else"), ("Bad name", "begins with a small letter")):
            with pytest.raises(JsonRpcException) as refused:
                await editor.client.text_document_rename_async(lsp.RenameParams(editor.document, where, name))
            assert words in refused.value.message
        with pytest.raises(JsonRpcException, match="the language itself"):
            await editor.client.text_document_prepare_rename_async(
                lsp.PrepareRenameParams(editor.document, editor.place("for ${inp"))
            )

    play(script)


def test_python_that_changes_on_the_disk_is_read_again(play: Play, tmp_path: Path) -> None:
    async def script(editor: Editor) -> None:
        editor.open(HELLO)
        assert await editor.findings() == []
        module = tmp_path / "activities" / "writing.py"
        module.write_text(PYTHON.replace("def write(", "def compose("), encoding="utf-8")
        event = lsp.FileEvent(module.as_uri(), lsp.FileChangeType.Changed)
        editor.client.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams([event]))
        assert [one.code for one in await editor.findings()] == ["E451"]

    play(script)


def test_what_is_strange_is_answered_all_the_same(play: Play, tmp_path: Path) -> None:
    async def script(editor: Editor) -> None:
        client = editor.client
        nowhere = lsp.TextDocumentIdentifier((tmp_path / "never_opened.yaml").as_uri())
        far = lsp.Position(10_000, 10_000)
        assert await client.text_document_hover_async(lsp.HoverParams(nowhere, far)) is None
        editor.open("services:\n  web: {image: x}\n")
        assert await editor.findings() == [], "other YAML is left alone"
        editor.type("workflow: x\nsteps: [\x01")
        assert [one.code for one in await editor.findings()] == ["E112"]
        editor.type(HELLO)
        assert await editor.findings() == []
        assert await client.text_document_hover_async(lsp.HoverParams(editor.document, far)) is None
        untitled = lsp.TextDocumentItem("untitled:Untitled-1", "yaml", 1, HELLO)
        client.text_document_did_open(lsp.DidOpenTextDocumentParams(untitled))
        while (found := await asyncio.wait_for(editor.told.get(), LIMIT_SECONDS)).uri != untitled.uri:
            pass
        assert found.diagnostics == (), "without a folder the Python is not asked for"
        client.text_document_did_close(lsp.DidCloseTextDocumentParams(editor.document))
        closed = await asyncio.wait_for(editor.told.get(), LIMIT_SECONDS)
        assert (closed.uri, list(closed.diagnostics)) == (editor.path.as_uri(), [])
        assert await client.text_document_hover_async(lsp.HoverParams(editor.document, far)) is None

    play(script)


def test_a_client_may_count_in_another_unit(tmp_path: Path) -> None:
    async def script(editor: Editor) -> None:
        editor.open(HELLO.replace("🎉🎉 ${written.text}", "🎉🎉 ${writen.text}"))
        found = next(one for one in await editor.findings() if one.code == "E203")
        assert found.range.start == lsp.Position(12, 17)

    _run(_session(tmp_path / "hello.yaml", script, [lsp.PositionEncodingKind.Utf32]))


def test_a_server_that_was_not_shut_down_says_so(tmp_path: Path) -> None:
    async def work() -> None:
        client = LanguageClient("test", "1")
        process = await _start(client, "--stdio")
        await client.initialize_async(lsp.InitializeParams(capabilities=lsp.ClientCapabilities()))
        client.exit(None)
        assert await asyncio.wait_for(process.wait(), LIMIT_SECONDS) == 1
        await client.stop()

    _run(work())
