"""Rules on paths: what they are made of, and that no request can mean two operations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flowbridge.lint.definition import METHODS, Definition, node, step
from flowbridge.lint.finding import Finding

_ITEM_KEYS = frozenset({*METHODS, "parameters", "x-ms-notification-content", "$ref"})


def check(definition: Definition) -> Iterator[Finding]:
    """All rules of this family."""
    paths = node(definition.value.get("paths"))
    for path, item in paths.items():
        pointer = step("/paths", path)
        yield from _form(path, pointer)
        if "$ref" in node(item):
            yield Finding("PathItemRefNotSuppored", pointer, "a reference in a path is not supported")
        for name in node(item):
            if name not in _ITEM_KEYS:
                rule = "ExtensionMisplaced" if name.startswith("x-ms-") else "AdditionalPropertyNotAllowed"
                if not name.startswith("x-") or name.startswith("x-ms-"):
                    yield Finding(rule, step(pointer, name), f"{name} may not stand on a path")
    yield from _clashes(list(paths))


def _form(path: str, pointer: str) -> Iterator[Finding]:
    if not path.startswith("/"):
        yield Finding("OperationPathMustStartWithSlash", pointer, "a path starts with a slash")
    if "?" in path or "#" in path:
        yield Finding("OperationPathMayNotContainQueryOrFragment", pointer, "a path has no query and no fragment")
    if "*" in path:
        yield Finding("OperationPathContainsUnsupportedCharacters", pointer, "a path has no wildcard")
    for segment in path.split("/"):
        if re.sub(r"\{[^{}]*\}", "", segment).strip("{}") != re.sub(r"\{[^{}]*\}", "", segment) or "{}" in segment:
            yield Finding("OperationPathTemplateNotValid", pointer, f"the braces of {segment!r} do not fit")
        if re.search(r"\{[^{}]*=[^{}]*\}", segment):
            yield Finding("OperationPathVariablesContainDefaults", pointer, "a variable has no default")
    names = re.findall(r"\{([^{}]*)\}", path)
    if len(names) > len(set(names)):
        yield Finding("OperationParametersAreNotUnique", pointer, "a variable stands twice in the path")


def _clashes(paths: list[str]) -> Iterator[Finding]:
    for at, path in enumerate(paths):
        for other in paths[:at]:
            pointer = step("/paths", path)
            bare, bare_other = re.sub(r"\{[^{}]*\}", "{}", path), re.sub(r"\{[^{}]*\}", "{}", other)
            if path.casefold() == other.casefold():
                yield Finding("PathRedefined", pointer, f"{other} is the same in other capitals")
            elif bare.casefold() == bare_other.casefold():
                yield Finding("DuplicateOperationPath", pointer, f"{other} differs in the names of variables only")
            elif _overlap(path, other):
                words = f"a request for {other} could be taken for this path, or the other way round"
                yield Finding("PartialDuplicateOperationPath", pointer, words)


def _overlap(path: str, other: str) -> bool:
    one, two = path.casefold().split("/"), other.casefold().split("/")
    pairs = list(zip(one, two, strict=False))
    return len(one) == len(two) and all(a == b or "{" in a or "{" in b for a, b in pairs)
