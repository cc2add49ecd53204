"""The house: what may import what, how long things may be, and what no module may be called."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import ROOT

PACKAGE = ROOT / "generator" / "flowbridge"

# From the ground up: a module imports only from the floors below its own, and from its own room (the same folder).
LAYERS: tuple[tuple[str, ...], ...] = (
    ("text", "assets", "runtime"),
    ("model", "host"),
    ("read", "check", "plan"),
    # The checker needs no emitter, and `flowbridge check` loads none: hence the same floor.
    ("emit", "checker"),
    ("compiler", "write"),
    ("cli", "lsp", "demo", "scaffold"),
    ("__init__", "__main__"),
)
# Beside the floors below, these imports within a floor are meant.
ALLOWED = {("cli", "lsp"), ("cli", "demo"), ("cli", "scaffold"), ("__main__", "cli")}
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "shared", "misc"}

# Longer than the house allows, each for its reason.
LONG_FILES = {
    "read/expressions.py": "one walk over Python's syntax tree, one short method a kind of node",
    "plan/nodes.py": "one closed union of frozen nodes, and what the nodes are made of",
    "host/management.py": "one handler an operation of the durable HTTP API",
    "host/shim.py": "the extension's shim as one state machine",
}
LONG_FUNCTIONS = {
    "emit/expressions.py:Writer._written": "one case a kind of expression, two lines each",
    "emit/statements.py:BodyWriter._plain": "one case a kind of node, two lines each",
    "plan/names_read.py:_in_step": "one case a kind of step",
    "read/expressions.py:_Walk.expression": "one case a kind of node",
    "runtime/orchestrate.py:run_workflow": "an instance from its start to its end, in the order of events",
    "runtime/ask.py:ask": "an approval from its first question to its outcome, in the order of events",
}
FILE_LINES = 300
FUNCTION_LINES = 40


def modules() -> list[Path]:
    """Every module of the package."""
    return sorted(path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts)


def name(path: Path) -> str:
    """A module's path within the package."""
    return path.relative_to(PACKAGE).as_posix()


def room(module: str) -> str:
    """The folder of the package that a module is in, or its own name at the top."""
    return Path(module).parts[0].removesuffix(".py")


def floor(of: str) -> int:
    """How high a room is; ValueError for a room that the tuple does not have."""
    for number, rooms in enumerate(LAYERS):
        if of in rooms:
            return number
    raise ValueError(f"{of} has no floor: give it one in LAYERS")


def imported(path: Path) -> Iterator[tuple[str, ast.stmt]]:
    """The rooms of the package that a module imports from, with the statement."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for one in node.names:
                if one.name.split(".")[0] == "flowbridge":
                    yield [*one.name.split("."), "__init__"][1], node
        elif isinstance(node, ast.ImportFrom):
            inside = path.relative_to(PACKAGE).parent.parts
            parts = (node.module or "").split(".") if node.module else []
            if node.level:
                kept = inside[: len(inside) - node.level + 1]
                parts = ["flowbridge", *kept, *parts]
            if parts[:1] == ["flowbridge"]:
                if parts[1:]:
                    yield parts[1], node
                    continue
                # What the package itself is asked for is a room of it, or something of its `__init__`.
                rooms = {room(name(one)) for one in modules()}
                for one in node.names:
                    yield one.name if one.name in rooms else "__init__", node


@pytest.mark.parametrize("path", modules(), ids=name)
def test_an_import_points_only_to_a_lower_floor(path: Path) -> None:
    own = room(name(path))
    for other, node in imported(path):
        if other == own or (own, other) in ALLOWED:
            continue
        assert floor(other) < floor(own), f"{name(path)}:{node.lineno} imports {other}"


def test_every_room_has_a_floor() -> None:
    rooms = {room(name(path)) for path in modules()}
    assert rooms == {one for layer in LAYERS for one in layer}


def test_the_runtime_and_the_host_know_no_compiler() -> None:
    for path in modules():
        if room(name(path)) in ("runtime", "host"):
            others = {other for other, _ in imported(path)} - {room(name(path))}
            assert others <= {"assets"}, f"{name(path)} imports {others}"


@pytest.mark.parametrize("path", modules(), ids=name)
def test_no_import_gets_around_the_floors(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {one.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for one in node.names}
    assert "TYPE_CHECKING" not in names
    if name(path) == "cli.py":
        return
    for function in functions(tree):
        inner = [node.lineno for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]
        assert not inner, f"{name(path)}:{inner[0]} imports inside of a function"


@pytest.mark.parametrize("path", modules(), ids=name)
def test_a_module_says_what_it_is_for(path: Path) -> None:
    told = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert told
    assert not (set(path.parts) | {path.stem}) & FORBIDDEN_NAMES


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a module, also those in classes and in functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def qualified(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """The functions and methods of a module by name."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield f"{node.name}.{inner.name}", inner


def test_files_are_short_but_for_those_with_a_reason() -> None:
    long = {name(path) for path in modules() if len(path.read_text(encoding="utf-8").splitlines()) > FILE_LINES}
    assert long - set(LONG_FILES) == set(), "split these"
    assert set(LONG_FILES) - long == set(), "these are short now"


def test_functions_are_short_but_for_those_with_a_reason() -> None:
    long: dict[str, int] = {}
    for path in modules():
        for title, node in qualified(ast.parse(path.read_text(encoding="utf-8"))):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES:
                long[f"{name(path)}:{title}"] = lines
    assert {key: lines for key, lines in long.items() if key not in LONG_FUNCTIONS} == {}, "split these"
    assert set(LONG_FUNCTIONS) - set(long) == set(), "these are short now"
