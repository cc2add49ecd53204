"""The schemas of `spec/` as frozen values that `schema` walks: JSON Schema draft 2020-12, the part that they use.

Three keywords are our own, and other readers of the schema skip them: `x-rule` is the rule that a text which breaks
this schema breaks, `x-hint` its cure, and `x-none` and `x-many` are the rules of a `oneOf` of which no branch, or more
than one, is begun.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache
from typing import cast

from flowbridge.assets import schema_text, text

_Json = dict[str, object]

KEYWORDS = frozenset(
    [
        *("$schema", "$id", "$defs", "$ref", "title", "description", "type", "enum", "properties", "required"),
        *("additionalProperties", "propertyNames", "items", "oneOf", "minItems", "maxItems", "minLength", "maxLength"),
        *("pattern", "minimum", "maximum", "x-rule", "x-hint", "x-none", "x-many"),
    ]
)
"""What the schemas may be written with; a test holds them to that."""


@dataclass(eq=False)
class Shape:
    """One schema. `kinds` is empty where any kind is right; `more` is None where no further key is allowed."""

    title: str = ""
    kinds: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    properties: dict[str, Shape] = field(default_factory=dict[str, "Shape"])
    required: tuple[str, ...] = ()
    open: bool = True
    more: Shape | None = None
    names: Shape | None = None
    items: Shape | None = None
    branches: tuple[Shape, ...] = ()
    least: float | None = None
    most: float | None = None
    shortest: int | None = None
    longest: int | None = None
    fewest: int | None = None
    maximum_items: int | None = None
    pattern: re.Pattern[str] | None = None
    rule: str | None = None
    hint: str | None = None
    none_rule: str | None = None
    many_rule: str | None = None

    @property
    def verb(self) -> str | None:
        """The key that tells this branch of a `oneOf` from the others: the first of its required ones."""
        return self.required[0] if self.required else None


@cache
def workflow_shape() -> Shape:
    """The shape of a whole workflow file."""
    return _shape(schema_text())


@cache
def app_shape() -> Shape:
    """The shape of a whole `app.yaml`."""
    return _shape(text("spec", "app.schema.json"))


def _shape(written: str) -> Shape:
    schema = cast("_Json", json.loads(written))
    return _Reader(cast("dict[str, _Json]", schema["$defs"])).shape(schema)


class _Reader:
    """Schemas to shapes; a definition becomes one shape, however often it is referred to: steps hold steps."""

    def __init__(self, definitions: dict[str, _Json]) -> None:
        self._definitions = definitions
        self._known: dict[str, Shape] = {}

    def shape(self, schema: _Json) -> Shape:
        shape = Shape()
        self._fill(shape, schema)
        return shape

    def _of(self, value: object) -> Shape | None:
        """The shape of a subschema; None for `false` and for what is missing."""
        if not isinstance(value, dict):
            return None
        schema = cast("_Json", value)
        reference = schema.get("$ref")
        if not isinstance(reference, str):
            return self.shape(schema)
        name = reference.removeprefix("#/$defs/")
        if name not in self._known:
            self._known[name] = Shape()
            self._fill(self._known[name], self._definitions[name])
        return self._known[name]

    def _fill(self, shape: Shape, schema: _Json) -> None:
        kinds = schema.get("type", ())
        shape.kinds = (kinds,) if isinstance(kinds, str) else tuple(cast("list[str]", kinds))
        shape.title = cast("str", schema.get("title", ""))
        shape.choices = tuple(cast("list[str]", schema.get("enum", ())))
        shape.required = tuple(cast("list[str]", schema.get("required", ())))
        shape.rule, shape.hint = cast("str | None", schema.get("x-rule")), cast("str | None", schema.get("x-hint"))
        shape.none_rule = cast("str | None", schema.get("x-none"))
        shape.many_rule = cast("str | None", schema.get("x-many"))
        shape.least, shape.most = (
            cast("float | None", schema.get("minimum")),
            cast("float | None", schema.get("maximum")),
        )
        shape.shortest = cast("int | None", schema.get("minLength"))
        shape.longest = cast("int | None", schema.get("maxLength"))
        shape.fewest = cast("int | None", schema.get("minItems"))
        shape.maximum_items = cast("int | None", schema.get("maxItems"))
        pattern = cast("str | None", schema.get("pattern"))
        shape.pattern = re.compile(pattern) if pattern is not None else None
        properties = cast("_Json", schema.get("properties", {}))
        shape.properties = {key: one for key, value in properties.items() if (one := self._of(value)) is not None}
        shape.open = schema.get("additionalProperties") is not False
        shape.more = self._of(schema.get("additionalProperties"))
        shape.names = self._of(schema.get("propertyNames"))
        shape.items = self._of(schema.get("items"))
        branches = [self._of(one) for one in cast("list[object]", schema.get("oneOf", ()))]
        shape.branches = tuple(one for one in branches if one is not None)
