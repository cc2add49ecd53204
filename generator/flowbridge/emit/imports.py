"""Import statements of generated modules, sorted as the linter wants them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

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


def _name_key(name: str) -> tuple[int, str]:
    """Constants first, then classes, then the rest, as isort orders them."""
    plain = name.split(" ")[0]
    kind = 0 if plain.isupper() and len(plain) > 1 else 1 if plain[:1].isupper() else 2
    return (kind, plain)


def used(text: str, names: Iterable[str]) -> list[str]:
    """Those of the names that stand in a code as words."""
    words = set(re.findall(r"[A-Za-z_][A-Za-z0-9_]*", text))
    return [name for name in names if name in words]
