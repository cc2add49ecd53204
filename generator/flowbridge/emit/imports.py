"""Import statements of generated modules, sorted as the linter wants them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from flowbridge.emit.code import Code
from flowbridge.emit.layout import Bracket, lines


def imports(*groups: Mapping[str, Iterable[str]]) -> Code:
    """Groups of `from module import names`, an empty line between them; a module without names is left out."""
    written = [_group(group) for group in groups]
    return Code("\n\n".join(group for group in written if group))


def _group(group: Mapping[str, Iterable[str]]) -> str:
    out: list[str] = []
    for module in sorted(group, key=_module_key):
        names = sorted(set(group[module]), key=_name_key)
        if names:
            out += _statement(module, names)
    return "\n".join(out)


def _statement(module: str, names: list[str]) -> list[str]:
    if not module:
        return [f"import {name}" for name in names]
    line = f"from {module} import {', '.join(names)}"
    return [line] if len(line) <= 120 else lines(Bracket("(", tuple(names), ")"), 0, f"from {module} import ")


def _module_key(module: str) -> tuple[int, str]:
    return (1 if module.startswith(".") else 0, module)


def _name_key(name: str) -> tuple[int, list[tuple[int, int]], str]:
    """Constants first, then classes, then the rest; within each without regard to case, numbers by their value."""
    plain = name.split(" ")[0]
    kind = 0 if plain.isupper() and len(plain) > 1 else 1 if plain[:1].isupper() else 2
    runs = re.findall(r"\d+|\D", plain.lower())
    return (kind, [(ord("0"), int(run)) if run.isdecimal() else (ord(run), 0) for run in runs], plain)


def used(code: str, names: Iterable[str]) -> list[str]:
    """Those of the names that a code reads; what only stands in its texts and comments does not count."""
    read = _read(code)
    return [name for name in names if name in read]


@lru_cache(maxsize=4)
def _read(code: str) -> frozenset[str]:
    return frozenset(node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name))
