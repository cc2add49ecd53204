"""Declared types: names with their sugar, the long form with JSON-Schema keywords, and maps of fields."""

from __future__ import annotations

import re
from collections.abc import Callable

from flowbridge.model.assignability import DEEPEST_TYPE, MOST_PARTS, describe, is_too_large
from flowbridge.model.literals import json_of, misfit
from flowbridge.model.types import (
    ABSENT,
    ArrayType,
    BooleanType,
    EnumType,
    Field,
    IntegerType,
    Json,
    MapType,
    NumberType,
    ObjectType,
    StringType,
    Type,
    UnknownType,
    type_format,
)
from flowbridge.read.binder import Binder
from flowbridge.read.nodes import Entry, ListNode, MapNode, Node, ScalarNode, shorten
from flowbridge.text.diagnostic import Related
from flowbridge.text.source import Span
from flowbridge.text.suggest import did_you_mean

FORMATS: tuple[type_format, ...] = ("date", "date-time", "duration", "email", "uri", "uuid")
_FORMAT_OF: dict[str, type_format] = {one: one for one in FORMATS}
_SIMPLE: dict[str, Type] = {
    "string": StringType(),
    "integer": IntegerType(),
    "number": NumberType(),
    "boolean": BooleanType(),
    **{one: StringType(one) for one in FORMATS},
}
_SHAPES = ("object", "array", "map")
_FIELD_KEYS = ("required", "default", "title", "description")
_KEYWORDS: dict[str, tuple[str, ...]] = {
    "string": ("format", "enum", "minLength", "maxLength", "pattern"),
    "integer": ("minimum", "maximum"),
    "number": ("minimum", "maximum"),
    "object": ("properties",),
    "array": ("items", "minItems", "maxItems"),
    "map": ("values",),
}
_OTHER_WORDS = {
    "str": "string", "text": "string", "int": "integer", "long": "integer", "float": "number", "double": "number",
    "decimal": "number", "bool": "boolean", "datetime": "date-time", "timestamp": "date-time", "time": "date-time",
    "list": "array", "dict": "map", "timespan": "duration", "guid": "uuid", "url": "uri", "mail": "email",
}  # fmt: skip


class Declarations:
    """The entries of `types`, bound when they are first asked for, so that their order means nothing."""

    def __init__(self, binder: Binder, node: Node | None) -> None:
        self._binder = binder
        self._entries = {one.key: one for one in node.entries} if isinstance(node, MapNode) else {}
        self._open: list[str] = []

    def all(self) -> None:
        """Binds every declared type."""
        for name in self._entries:
            self.named(name, self._entries[name].key_span)

    def named(self, name: str, span: Span) -> Type:
        """The type declared under a name; reports one that is missing or contains itself."""
        if name in self._binder.types:
            return self._binder.types[name]
        entry = self._entries.get(name)
        if entry is None:
            self._unknown(name, span)
            return UnknownType()
        if name in self._open:
            self._recursive(name, entry, span)
            return UnknownType()
        if len(self._open) >= DEEPEST_TYPE:
            self._too_large(f'the type "{name}"', span)
            return UnknownType()
        self._open.append(name)
        bound = self.type(entry.value)
        self._open.pop()
        if is_too_large(bound):
            self._too_large(f'the type "{name}"', entry.key_span)
            bound = UnknownType()
        if isinstance(bound, ObjectType) and bound.name is None:
            bound = ObjectType(bound.fields, name)
        self._binder.types[name] = bound
        return bound

    def _too_large(self, what: str, span: Span) -> None:
        words = f"{what} has more than {MOST_PARTS:,} fields, or is nested more than {DEEPEST_TYPE} deep"
        self._binder.report("E123", span, words, "too large", "pass a file, and its path or URL in the workflow")

    def _unknown(self, name: str, span: Span) -> None:
        known = [*_SIMPLE, *_SHAPES, *self._entries]
        other = _OTHER_WORDS.get(name.lower())
        hint = f'did you mean "{other}"?' if other is not None else did_you_mean(name, known)
        self._binder.report(
            "E208",
            span,
            f'the type "{shorten(name)}" is not declared',
            "no such type",
            hint or "declare it under `types`",
        )

    def _recursive(self, name: str, entry: Entry, span: Span) -> None:
        around = " in ".join(f'"{one}"' for one in reversed(self._open[self._open.index(name) :]))
        self._binder.report(
            "E143",
            span,
            f'the type "{name}" contains itself, within {around}',
            "here again",
            "pass the inner values as a list beside it, with the id of what they belong to",
            (Related(entry.key_span, "declared here"),),
        )

    def contract(self, node: Node, span: Span) -> Type:
        """The type of an activity's input or output; `span` is the place of its key."""
        return self._whole(self.type(node), span)

    def object(self, node: MapNode, span: Span) -> ObjectType:
        """The type of the workflow's own input or output: always a map of fields."""
        bound = self._whole(self.fields(node), span)
        return bound if isinstance(bound, ObjectType) else ObjectType(())

    def _whole(self, bound: Type, span: Span) -> Type:
        if not is_too_large(bound):
            return bound
        self._too_large("this type", span)
        return UnknownType()

    # ---- forms

    def type(self, node: Node) -> Type:
        """The type of a declaration in any of its forms."""
        match node:
            case ScalarNode():
                return self._sugar(node)
            case MapNode() if "type" in node or "enum" in node:
                return self._long(node)
            case MapNode() if id(node) not in self._binder.faulty:
                return self.fields(node)
            case _:
                return UnknownType()

    def _sugar(self, node: ScalarNode) -> Type:
        text = self._binder.string(node)
        if text is None:
            return UnknownType()
        return self._by_text(text, node.span, lambda name: self.named(name, node.span))

    def _by_text(self, text: str, span: Span, named: Callable[[str], Type]) -> Type:
        match = re.fullmatch(r"\s*([A-Za-z][A-Za-z0-9_-]*)\s*((?:\[\]){0,4})\s*", text)
        if match is None:
            self._binder.report(
                "E141",
                span,
                f'"{shorten(text)}" is not the name of a type',
                "not a type",
                "write a name such as string or Invoice, with [] behind it for a list",
            )
            return UnknownType()
        name, lists = match.groups()
        if name in _SHAPES and not lists:
            self._binder.report(
                "E141",
                span,
                f'"{name}" alone does not tell what is in it',
                "of what?",
                {
                    "object": "write its fields: {id: string}",
                    "array": "write the type of an item and []",
                    "map": "write {type: map, values: string}",
                }[name],
            )
            return UnknownType()
        found = _SIMPLE.get(name) or named(name)
        for _ in range(len(lists) // 2):
            found = ArrayType(found)
        return found

    def fields(self, node: MapNode) -> ObjectType:
        """An object type from a map of fields."""
        return ObjectType(tuple(self._field(one) for one in node.entries))

    def _field(self, entry: Entry) -> Field:
        bound = self.type(entry.value)
        long = (
            entry.value
            if isinstance(entry.value, MapNode) and ("type" in entry.value or "enum" in entry.value)
            else None
        )
        if long is None:
            return Field(entry.key, bound, span=entry.key_span)
        default_node = long.get("default")
        default: Json = None
        if default_node is not None:
            default = self._default(default_node, bound)
        return Field(
            entry.key,
            bound,
            required=default_node is None and self._binder.boolean(long.get("required")) is not False,
            default=ABSENT if default_node is None else default,
            title=self._binder.string(long.get("title")),
            description=self._binder.string(long.get("description")),
            span=entry.key_span,
        )

    def _default(self, node: Node, wanted: Type) -> Json:
        value = json_of(node_value(node))
        if (problem := misfit(value, wanted)) is not None:
            self._binder.report(
                "E144", node.span, f"the default does not fit {describe(wanted)}: {problem}", "not this type"
            )
        return value

    # ---- the long form

    def _long(self, node: MapNode) -> Type:
        if "type" not in node:
            return self._choices(node)
        name = self._binder.string(node.get("type"))
        if name is None:
            return UnknownType()
        kind = name.strip()
        self._keywords(node, kind)
        match kind:
            case "object":
                properties = node.get("properties")
                return self.fields(properties) if isinstance(properties, MapNode) else self._lacks(node, "properties")
            case "array":
                items = node.get("items")
                inner = self._inner(items) if items is not None else self._lacks(node, "items")
                least, most = self._bounds(node, "minItems", "maxItems")
                return ArrayType(inner, _whole(least), _whole(most))
            case "map":
                values = node.get("values")
                return MapType(self._inner(values) if values is not None else self._lacks(node, "values"))
            case "string":
                return self._string(node)
            case "integer":
                least, most = self._bounds(node, "minimum", "maximum")
                return IntegerType(_whole(least), _whole(most))
            case "number":
                least, most = self._bounds(node, "minimum", "maximum")
                return NumberType(least, most)
            case _:
                span = node.get("type")
                assert span is not None
                return self._by_text(kind, span.span, lambda one: self.named(one, span.span))

    def _inner(self, node: Node) -> Type:
        """The type of items or values, which are always there."""
        if isinstance(node, MapNode) and "type" in node:
            for entry in node.entries:
                if entry.key in ("required", "default"):
                    self._binder.report(
                        "E142",
                        entry.key_span,
                        f'"{entry.key}" belongs to a field, and this is an item',
                        "means nothing here",
                    )
        return self.type(node)

    def _lacks(self, node: MapNode, key: str) -> UnknownType:
        span = node.entries[0].key_span
        kind = node.get("type")
        word = kind.text if isinstance(kind, ScalarNode) else "type"
        self._binder.report("E142", span, f'a type of the kind {word} needs "{key}"', f'"{key}" is missing')
        return UnknownType()

    def _keywords(self, node: MapNode, kind: str) -> None:
        allowed = _KEYWORDS.get(kind, ())
        for entry in node.entries:
            if entry.key in ("type", *_FIELD_KEYS, *allowed) or id(entry.value) in self._binder.faulty:
                continue
            owners = [name for name, keys in _KEYWORDS.items() if entry.key in keys]
            if owners:
                self._binder.report(
                    "E142",
                    entry.key_span,
                    f'"{entry.key}" means nothing for {kind}',
                    "not for this type",
                    f"it belongs to {' and '.join(owners)}",
                )

    def _string(self, node: MapNode) -> Type:
        if "enum" in node:
            return self._choices(node)
        form = self._binder.string(node.get("format"))
        least, most = self._bounds(node, "minLength", "maxLength")
        pattern_node = node.get("pattern")
        pattern = self._binder.string(pattern_node)
        if pattern is not None and pattern_node is not None:
            try:
                re.compile(pattern)
            except (re.error, RecursionError, OverflowError) as error:
                self._binder.report("E142", pattern_node.span, f"the pattern is no regular expression: {error}", "here")
                pattern = None
        return StringType(_FORMAT_OF.get(form or ""), _whole(least), _whole(most), pattern)

    def _choices(self, node: MapNode) -> Type:
        entries = self._binder.strings(node.get("enum"))
        seen: dict[str, Span] = {}
        for text, span in entries:
            if text in seen:
                self._binder.report(
                    "E204",
                    span,
                    f'the choice "{shorten(text)}" is written twice',
                    "again",
                    None,
                    (Related(seen[text], "first here"),),
                )
            seen.setdefault(text, span)
        return EnumType(tuple(seen)) if seen else UnknownType()

    def _bounds(self, node: MapNode, least: str, most: str) -> tuple[float | None, float | None]:
        low, high = self._binder.number(node.get(least)), self._binder.number(node.get(most))
        if low is not None and high is not None and low > high:
            entry = node.entry(most)
            assert entry is not None
            self._binder.report("E142", entry.value.span, f'"{most}" is less than "{least}"', "nothing fits")
        return low, high


def _whole(number: float | None) -> int | None:
    return int(number) if number is not None else None


def node_value(node: Node) -> object:
    """The plain value of a node."""
    match node:
        case ScalarNode():
            return node.value
        case ListNode():
            return [node_value(one) for one in node.items]
        case MapNode():
            return {one.key: node_value(one.value) for one in node.entries}
