"""The server itself: the protocol's requests to the functions of this package, and their answers back.

Texts are read and checked in a thread of their own, a moment after the last change; requests are answered from what
was read last, so that none waits for a long file. Whatever goes wrong in a request is told to the client's log, and
the request has an empty answer.
"""

from __future__ import annotations

import asyncio
import re
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from flowbridge.lsp.answers import to_completion, to_symbol
from flowbridge.lsp.complete import complete
from flowbridge.lsp.define import define
from flowbridge.lsp.document import Document, Text
from flowbridge.lsp.folder import Folders
from flowbridge.lsp.hover import hover
from flowbridge.lsp.lines import Lines, Unit
from flowbridge.lsp.publish import Places, to_diagnostic, to_range, to_uri
from flowbridge.lsp.reading import ALONE, Reading, read
from flowbridge.lsp.rename import RefusedError, find_renamed, rename
from flowbridge.lsp.symbols import symbols
