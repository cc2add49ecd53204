"""Where `templates/` and `spec/` are: inside an installed package, beside the package in a checkout (ground floor)."""

from __future__ import annotations

import re
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parents[1]


class AssetMissingError(RuntimeError):
    """A file that belongs to Flowbridge itself is not there: the installation is broken, never the author's input."""


def asset(folder: str, name: str) -> Path:
    """The path of a file of `templates/` or `spec/`, such as `asset("spec", "workflow.schema.json")`."""
    for root in (_PACKAGE, _CHECKOUT):
        path = root / folder / name
        if path.is_file():
            return path
    raise AssetMissingError(
        f"{folder}/{name} is neither in {_PACKAGE} nor in {_CHECKOUT}: "
        "the installation is incomplete, install flowbridge again"
    )


def asset_folder(folder: str) -> Path:
    """The folder `templates/` or `spec/` itself."""
    for root in (_PACKAGE, _CHECKOUT):
        path = root / folder
        if path.is_dir():
            return path
    raise AssetMissingError(f"{folder}/ is neither in {_PACKAGE} nor in {_CHECKOUT}: install flowbridge again")


def text(folder: str, name: str) -> str:
    """The text of a file of `templates/` or `spec/`."""
    return asset(folder, name).read_text(encoding="utf-8")


def schema_text() -> str:
    """The JSON Schema of a workflow file, as text."""
    return text("spec", "workflow.schema.json")


def error_page(code: str) -> str | None:
    """What ERRORS.md says about a code, as Markdown with its heading; None where there is no such code."""
    pages = re.split(r"(?m)^(?=## )", text("spec", "ERRORS.md"))
    wanted = code.strip().upper()
    for page in pages:
        if re.match(rf"## {re.escape(wanted)}\b", page):
            return page.strip() + "\n"
    return None


def runtime_files() -> tuple[tuple[str, bytes], ...]:
    """The modules that every generated app carries a copy of: (path below `runtime/`, bytes), in the order of names."""
    files = sorted((_PACKAGE / "runtime").glob("*.py"))
    return tuple((path.name, path.read_bytes()) for path in files)
