"""All rules over one definition, in the order of their places."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from flowbridge.lint import dynamic, operations, parameters, paths, revisions, root, schemas, webhooks
from flowbridge.lint.definition import Definition, Node, as_node
from flowbridge.lint.finding import Finding

Rule = Callable[[Definition], Iterator[Finding]]
_FAMILIES: tuple[Rule, ...] = (
    root.check,
    paths.check,
    operations.check,
    revisions.check,
    parameters.check,
    schemas.check,
    webhooks.check,
    dynamic.check,
)
SIZE_LIMIT = 1 << 20


def lint_text(content: bytes) -> tuple[Finding, ...]:
    """The findings of a file's content; one finding if it is no JSON object, or too large to be taken at all."""
    try:
        value = as_node(json.loads(content.decode("utf-8-sig"), object_pairs_hook=_distinct))
    except (ValueError, RecursionError) as failure:
        return (Finding("NotJson", "", f"the file is not JSON: {failure}"),)
    if value is None:
        return (Finding("NotJson", "", "the file is not a JSON object"),)
    compact = len(json.dumps(value, separators=(",", ":")).encode())
    too_large = [Finding("DefinitionTooLarge", "", f"the definition has {compact:,} bytes; 1 MB is the limit")]
    return (*(too_large if compact >= SIZE_LIMIT else []), *lint_definition(value))


def lint_definition(value: Node) -> tuple[Finding, ...]:
    """The findings of a definition, each once."""
    definition = Definition(value)
    found = [one for family in _FAMILIES for one in family(definition)]
    return tuple(sorted(set(found), key=lambda one: (one.pointer, one.rule, one.message)))


def _distinct(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"the key {next(one for one in names if names.count(one) > 1)!r} stands twice")
    return made
