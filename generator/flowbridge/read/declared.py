"""Declared types: names with their sugar, the long form with JSON-Schema keywords, and maps of fields."""

from __future__ import annotations

import re
from collections.abc import Callable

from flowbridge.model.assignability import DEEPEST_TYPE, MOST_PARTS, describe, is_too_large
from flowbridge.model.literals import json_of, misfit
from flowbridge.model.types import (
    ABSENT,
    ArrayType,
    Field,
    IntegerType,
    Json,
    MapType,
    NumberType,
    ObjectType,
    Type,
    UnknownType,
)
from flowbridge.read.binder import Binder
from flowbridge.read.bounds import bound_choices, bound_text, bounds, whole_number
from flowbridge.read.nodes import Entry, MapNode, Node, ScalarNode, node_value, shorten
from flowbridge.read.type_words import FIELD_KEYS, KEYWORDS, OTHER_WORDS, SHAPES, SIMPLE
from flowbridge.text.diagnostic import Related
from flowbridge.text.source import Span
from flowbridge.text.suggest import did_you_mean


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
        known = [*SIMPLE, *SHAPES, *self._entries]
        other = OTHER_WORDS.get(name.lower())
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
        if name in SHAPES and not lists:
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
        found = SIMPLE.get(name) or named(name)
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
            return bound_choices(self._binder, node)
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
                least, most = bounds(self._binder, node, "minItems", "maxItems")
                return ArrayType(inner, whole_number(least), whole_number(most))
            case "map":
                values = node.get("values")
                return MapType(self._inner(values) if values is not None else self._lacks(node, "values"))
            case "string":
                return bound_text(self._binder, node)
            case "integer":
                least, most = bounds(self._binder, node, "minimum", "maximum")
                return IntegerType(whole_number(least), whole_number(most))
            case "number":
                least, most = bounds(self._binder, node, "minimum", "maximum")
                return NumberType(least, most)
            case _:
                return self._listed(node, kind)

    def _listed(self, node: MapNode, kind: str) -> Type:
        """A type by its name; a list in sugar may have the bounds of a list."""
        place = node.get("type")
        assert place is not None
        found = self._by_text(kind, place.span, lambda one: self.named(one, place.span))
        least, most = bounds(self._binder, node, "minItems", "maxItems")
        if isinstance(found, ArrayType) and (least is not None or most is not None):
            return ArrayType(found.items, whole_number(least), whole_number(most))
        return found

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
        allowed = KEYWORDS.get(kind, ("minItems", "maxItems") if kind.endswith("[]") else ())
        for entry in node.entries:
            if entry.key in ("type", *FIELD_KEYS, *allowed) or id(entry.value) in self._binder.faulty:
                continue
            owners = [name for name, keys in KEYWORDS.items() if entry.key in keys]
            if owners:
                self._binder.report(
                    "E142",
                    entry.key_span,
                    f'"{entry.key}" means nothing for {kind}',
                    "not for this type",
                    f"it belongs to {' and '.join(owners)}",
                )
