"""The server itself: the protocol's requests to the functions of this package, and their answers back.

Whatever goes wrong in a request is told to the client's log, and the request has an empty answer.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

from lsprotocol import types as lsp
from pygls.exceptions import FeatureRequestError, JsonRpcException, PyglsError
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from flowbridge.lsp.answers import to_completion, to_symbol
from flowbridge.lsp.complete import complete
from flowbridge.lsp.define import define
from flowbridge.lsp.document import Document
from flowbridge.lsp.hover import hover
from flowbridge.lsp.lines import Lines, Unit
from flowbridge.lsp.publish import Places, to_diagnostic, to_range, to_uri
from flowbridge.lsp.reading import Reading
from flowbridge.lsp.rename import RefusedError, find_renamed, rename
from flowbridge.lsp.session import Session, is_ours, may_become_ours
from flowbridge.lsp.symbols import symbols

_TRIGGERS = (".", "{", "$", " ", ":", "-", "(", "[", '"', "'")
_WATCHED = ("**/activities/**/*.py", "**/*.yaml", "**/*.yml")
_REQUEST_FAILED = -32803

_P = ParamSpec("_P")
_R = TypeVar("_R")


class FlowbridgeServer(LanguageServer):
    """Serves workflows over the Language Server Protocol."""

    def __init__(self) -> None:
        super().__init__(  # pyright: ignore[reportUnknownMemberType]
            "flowbridge", version("flowbridge"), lsp.TextDocumentSyncKind.Full
        )
        self.session = Session(self.publish, self.failed)
        self.was_shut_down = False

    @property
    def unit(self) -> Unit:
        """What the client counts columns in."""
        encoding = self.workspace.position_encoding
        return cast("Unit", encoding.value if isinstance(encoding, lsp.PositionEncodingKind) else str(encoding))

    def publish(self, document: Document, reading: Reading | None) -> None:
        """Sends the findings of a file, or that there are none."""
        found: list[lsp.Diagnostic] = []
        if reading is not None:
            places = Places(document.uri, document.now.lines, document.shown, self.unit)
            found = [to_diagnostic(one, places) for one in reading.findings]
        params = lsp.PublishDiagnosticsParams(document.uri, found, document.now.version)
        self.text_document_publish_diagnostics(params)

    def failed(self, problem: BaseException) -> None:
        """Tells a bug of ours to the client's log."""
        lines = "".join(traceback.format_exception(problem))
        words = f"This is a bug in flowbridge, please report it:\n{lines}"
        self.window_log_message(lsp.LogMessageParams(lsp.MessageType.Error, words))

    def report_server_error(self, error: Exception, source: type[PyglsError] | type[JsonRpcException]) -> None:
        """Tells what was wrong with a message to the client's log; a refused request has its answer already."""
        if source is not FeatureRequestError:
            self.window_log_message(lsp.LogMessageParams(lsp.MessageType.Error, f"{type(error).__name__}: {error}"))

    def at(self, uri: str, position: lsp.Position, *, whole: bool = False) -> tuple[Document, int] | None:
        """An open file and the offset of a position in it."""
        document = self.session.documents.get(uri)
        if document is None:
            return None
        offset = document.now.lines.offset(position.line, position.character)
        return self.session.fresh(document, offset, whole=whole), offset


def make_server() -> FlowbridgeServer:
    """A server with everything that it can do; `start_io` runs it."""
    server = FlowbridgeServer()
    _begin_and_end(server)
    _follow_files(server)
    _answer(server)
    _rename(server)
    return server


def serve() -> int:
    """Serves a client on standard input and output until it says to exit; gives the exit code."""
    # What pygls logs of refused requests would fill a terminal; the client is told of them.
    logging.getLogger("pygls").setLevel(logging.CRITICAL)
    server = make_server()
    server.start_io()
    server.session.stop()
    return 0 if server.was_shut_down else 1


def _guarded(server: FlowbridgeServer) -> Callable[[Callable[_P, _R]], Callable[_P, _R | None]]:
    """Logs what a function raises, and gives nothing for it; a refusal goes to whoever asked."""

    def guard(function: Callable[_P, _R]) -> Callable[_P, _R | None]:
        def guarded(*args: _P.args, **kwargs: _P.kwargs) -> _R | None:
            try:
                return function(*args, **kwargs)
            except JsonRpcException:
                raise
            except Exception as problem:
                server.failed(problem)
                return None

        return guarded

    return guard


# ---- files


def _begin_and_end(server: FlowbridgeServer) -> None:
    @server.feature(lsp.INITIALIZED)
    @_guarded(server)
    def _(params: lsp.InitializedParams) -> None:
        del params
        _watch(server)

    @server.feature(lsp.SHUTDOWN)
    def _(*_: object) -> None:
        server.was_shut_down = True


def _follow_files(server: FlowbridgeServer) -> None:
    session = server.session

    def changed(uri: str, text: str, number: int | None) -> None:
        session.change(uri, _path(uri), text, number, server.unit)

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    @_guarded(server)
    def _(params: lsp.DidOpenTextDocumentParams) -> None:
        changed(params.text_document.uri, params.text_document.text, params.text_document.version)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    @_guarded(server)
    def _(params: lsp.DidChangeTextDocumentParams) -> None:
        if params.text_document.uri in session.documents and params.content_changes:
            changed(params.text_document.uri, params.content_changes[-1].text, params.text_document.version)

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    @_guarded(server)
    def _(params: lsp.DidSaveTextDocumentParams) -> None:
        del params
        session.again()

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    @_guarded(server)
    def _(params: lsp.DidChangeWatchedFilesParams) -> None:
        del params
        session.again()

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    @_guarded(server)
    def _(params: lsp.DidCloseTextDocumentParams) -> None:
        document = session.close(params.text_document.uri)
        if document is not None:
            server.publish(document, None)


def _watch(server: FlowbridgeServer) -> None:
    """Asks the client to tell when activities or workflows change on the disk."""
    workspace = server.client_capabilities.workspace
    watching = workspace.did_change_watched_files if workspace is not None else None
    if watching is None or not watching.dynamic_registration:
        return
    options = lsp.DidChangeWatchedFilesRegistrationOptions([lsp.FileSystemWatcher(one) for one in _WATCHED])
    registration = lsp.Registration("flowbridge-files", lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
    server.client_register_capability(lsp.RegistrationParams([registration]))


def _path(uri: str) -> Path | None:
    """The path of a file on a disk; None for what an editor keeps for itself."""
    found = to_fs_path(uri) if uri.startswith("file:") else None
    return Path(found) if found else None


# ---- questions


def _answer(server: FlowbridgeServer) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions(trigger_characters=_TRIGGERS))
    @_guarded(server)
    def _(params: lsp.CompletionParams) -> lsp.CompletionList:
        found = server.at(params.text_document.uri, params.position)
        items: list[lsp.CompletionItem] = []
        if found is not None and may_become_ours(found[0]):
            items = [to_completion(one, found[0].now.lines) for one in complete(*found)]
        return lsp.CompletionList(is_incomplete=False, items=items)

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    @_guarded(server)
    def _(params: lsp.HoverParams) -> lsp.Hover | None:
        found = server.at(params.text_document.uri, params.position)
        told = hover(*found) if found is not None and is_ours(found[0]) else None
        if found is None or told is None:
            return None
        words = lsp.MarkupContent(lsp.MarkupKind.Markdown, told.markdown)
        return lsp.Hover(words, to_range(found[0].now.lines, told.start, told.end))

    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    @_guarded(server)
    def _(params: lsp.DefinitionParams) -> lsp.Location | None:
        found = server.at(params.text_document.uri, params.position)
        home = define(*found) if found is not None and is_ours(found[0]) else None
        if found is None or home is None:
            return None
        uri = found[0].uri if home.path is None else to_uri(home.path)
        return lsp.Location(uri, to_range(Lines(home.text, server.unit), home.start, home.end))

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    @_guarded(server)
    def _(params: lsp.DocumentSymbolParams) -> list[lsp.DocumentSymbol] | None:
        document = server.session.documents.get(params.text_document.uri)
        good = server.session.fresh(document).good if document is not None and is_ours(document) else None
        if document is None or good is None:
            return None
        lines = Lines(good.source.text, server.unit)
        return [to_symbol(one, lines) for one in symbols(good)]


def _rename(server: FlowbridgeServer) -> None:
    def asked(uri: str, position: lsp.Position) -> tuple[Document, int]:
        found = server.at(uri, position, whole=True)
        if found is None or not is_ours(found[0]):
            raise _refusal("this file is not a workflow that is open")
        return found

    @server.feature(lsp.TEXT_DOCUMENT_PREPARE_RENAME)
    @_guarded(server)
    def _(params: lsp.PrepareRenameParams) -> lsp.PrepareRenamePlaceholder | None:
        document, offset = asked(params.text_document.uri, params.position)
        try:
            found = find_renamed(document, offset)
        except RefusedError as why:
            raise _refusal(str(why)) from None
        return lsp.PrepareRenamePlaceholder(to_range(document.now.lines, found.start, found.end), found.name)

    @server.feature(lsp.TEXT_DOCUMENT_RENAME, lsp.RenameOptions(prepare_provider=True))
    @_guarded(server)
    def _(params: lsp.RenameParams) -> lsp.WorkspaceEdit | None:
        document, offset = asked(params.text_document.uri, params.position)
        try:
            places = rename(document, offset, params.new_name)
        except RefusedError as why:
            raise _refusal(str(why)) from None
        lines = document.now.lines
        edits = [lsp.TextEdit(to_range(lines, start, end), params.new_name) for start, end in places]
        return lsp.WorkspaceEdit(changes={document.uri: edits})


def _refusal(words: str) -> JsonRpcException:
    return JsonRpcException(words, _REQUEST_FAILED)
