"""What narrows a type: bounds of numbers, texts and lists, formats, patterns and choices."""

from __future__ import annotations

import re

from flowbridge.model.types import EnumType, StringType, Type, UnknownType
from flowbridge.read.binder import Binder
from flowbridge.read.nodes import MapNode, shorten
from flowbridge.read.type_words import FORMAT_OF
from flowbridge.text.diagnostic import Related
from flowbridge.text.source import Span


def bound_text(binder: Binder, node: MapNode) -> Type:
    """The type of a text in the long form."""
    if "enum" in node:
        return bound_choices(binder, node)
    form = binder.string(node.get("format"))
    least, most = bounds(binder, node, "minLength", "maxLength")
    pattern_node = node.get("pattern")
    pattern = binder.string(pattern_node)
    if pattern is not None and pattern_node is not None:
        try:
            re.compile(pattern)
        except (re.error, RecursionError, OverflowError) as error:
            binder.report("E142", pattern_node.span, f"the pattern is no regular expression: {error}", "here")
            pattern = None
    return StringType(FORMAT_OF.get(form or ""), whole_number(least), whole_number(most), pattern)


def bound_choices(binder: Binder, node: MapNode) -> Type:
    """A closed set of texts."""
    entries = binder.strings(node.get("enum"))
    seen: dict[str, Span] = {}
    for text, span in entries:
        if text in seen:
            binder.report(
                "E204",
                span,
                f'the choice "{shorten(text)}" is written twice',
                "again",
                None,
                (Related(seen[text], "first here"),),
            )
        seen.setdefault(text, span)
    return EnumType(tuple(seen)) if seen else UnknownType()


def bounds(binder: Binder, node: MapNode, least: str, most: str) -> tuple[float | None, float | None]:
    """The least and the most of something; reported where nothing fits between."""
    low, high = binder.number(node.get(least)), binder.number(node.get(most))
    if low is not None and high is not None and low > high:
        entry = node.entry(most)
        assert entry is not None
        binder.report("E142", entry.value.span, f'"{most}" is less than "{least}"', "nothing fits")
    return low, high


def whole_number(number: float | None) -> int | None:
    """A bound as a whole number."""
    return int(number) if number is not None else None
