"""The Python files of the activities: read as text and parsed, never imported.

`check.contracts` compares the functions with the workflow's contracts; the plan needs to know which module has which
function; the app gets a copy of the files.
"""

from __future__ import annotations

import ast
import re
import warnings
from pathlib import Path

from flowbridge.model.activities import ActivitySources, PythonFunction
from flowbridge.model.workflow import Ignored
from flowbridge.read.annotations import annotation
from flowbridge.read.ignoring import ignored_in
from flowbridge.text.diagnostic import CompileError, Diagnostic
from flowbridge.text.source import Source, Span

LARGEST = 2_000_000
_COMMENT = re.compile(r"#[ \t]*flowbridge:[ \t]*ignore\b[^\n]*")


def read_activities(folder: Path, shown: str | None = None) -> ActivitySources:
    """Reads a folder of activity files; a folder that is not there has none. `shown` is its name for people."""
    name = (shown or folder.as_posix()).rstrip("/")
    files: list[tuple[str, bytes]] = []
    functions: dict[str, list[PythonFunction]] = {}
    findings: list[Diagnostic] = []
    ignored: list[Ignored] = []
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        relative = path.relative_to(folder)
        if not path.is_file() or _is_noise(relative):
            continue
        content = path.read_bytes()
        files.append((relative.as_posix(), content))
        if path.suffix == ".py":
            ignored += _ignored(content, f"{name}/{relative.as_posix()}")
            try:
                for one in _functions(content, f"{name}/{relative.as_posix()}", _module(relative)):
                    functions.setdefault(one.name, []).append(one)
            except CompileError as error:
                findings += error.diagnostics
    found = {key: tuple(value) for key, value in functions.items()}
    return ActivitySources(name, tuple(files), found, tuple(findings), tuple(ignored))


def _ignored(content: bytes, shown: str) -> tuple[Ignored, ...]:
    """The comments of a Python file that silence warnings; a file that is no text has none."""
    if b"flowbridge:" not in content:
        return ()
    source = Source(shown, content.decode("utf-8-sig", "replace"))
    comments = ((found.start(), found.end()) for found in _COMMENT.finditer(source.text))
    return tuple(ignored_in(source, comments))


def _is_noise(relative: Path) -> bool:
    """What tools leave behind: caches, hidden files, compiled modules."""
    return any(part.startswith(".") or part == "__pycache__" for part in relative.parts) or relative.suffix == ".pyc"


def _module(relative: Path) -> str:
    parts = relative.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _functions(content: bytes, shown: str, module: str) -> list[PythonFunction]:
    source = _source(content, shown)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source.text)
    except SyntaxError as error:
        starts = source.line_starts
        start = min(starts[min(error.lineno or 1, len(starts)) - 1] + (error.offset or 1) - 1, len(source.text))
        words = f"this file is not Python: {error.msg}"
        raise CompileError(
            [Diagnostic("E454", Span(source, start, min(start + 1, len(source.text))), words, "here")]
        ) from None
    except (ValueError, RecursionError, MemoryError) as error:
        words = f"this file cannot be read as Python: {error}"
        raise CompileError([Diagnostic("E454", Span(source, 0, 0), words)]) from None
    found = [one for one in tree.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [_function(one, source, module) for one in found if not one.name.startswith("_")]


def _source(content: bytes, shown: str) -> Source:
    if len(content) > LARGEST:
        words = f"this file is larger than {LARGEST:,} bytes"
        raise CompileError([Diagnostic("E454", Span(Source(shown, ""), 0, 0), words)])
    try:
        return Source(shown, content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        text = content.decode("utf-8", "replace")
        raise CompileError([Diagnostic("E454", Span(Source(shown, text), 0, 0), "this file is not UTF-8")]) from None


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, source: Source, module: str) -> PythonFunction:
    given = node.args
    loose = None
    if given.vararg is not None:
        loose = f"*{given.vararg.arg}"
    elif given.kwarg is not None:
        loose = f"**{given.kwarg.arg}"
    elif given.posonlyargs:
        loose = "/"
    names = [one.arg for one in (*given.args, *given.kwonlyargs)]
    positional = [one.arg for one in given.args]
    with_default = set(positional[len(positional) - len(given.defaults) :]) if given.defaults else set[str]()
    with_default |= {
        one.arg for one, value in zip(given.kwonlyargs, given.kw_defaults, strict=True) if value is not None
    }
    start = _offset(source, node.lineno, node.col_offset)
    start = source.text.find(node.name, start)
    annotated = [(one.arg, one.annotation) for one in (*given.args, *given.kwonlyargs)] + [("return", node.returns)]

    def place(part: ast.expr) -> Span:
        end = _offset(source, part.end_lineno or part.lineno, part.end_col_offset or part.col_offset)
        return Span(source, _offset(source, part.lineno, part.col_offset), end)

    return PythonFunction(
        name=node.name,
        module=module,
        is_async=isinstance(node, ast.AsyncFunctionDef),
        parameters=tuple(names),
        optional=frozenset(with_default),
        loose=loose,
        span=Span(source, start, start + len(node.name)),
        annotations={name: annotation(one, place) for name, one in annotated if one is not None},
        is_stub=_is_stub(node.body),
    )


def _is_stub(body: list[ast.stmt]) -> bool:
    """Whether a body does nothing but raise NotImplementedError."""
    rest = body[1:] if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant) else body
    if len(rest) != 1 or not isinstance(rest[0], ast.Raise):
        return False
    raised = rest[0].exc.func if isinstance(rest[0].exc, ast.Call) else rest[0].exc
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


def _offset(source: Source, line: int, byte: int) -> int:
    """The offset of a line, and of a column counted in bytes of UTF-8."""
    text = source.line(line)
    before = len(text.encode("utf-8", "replace")[: max(0, byte)].decode("utf-8", "ignore"))
    starts = source.line_starts
    return starts[min(line, len(starts)) - 1] + before
